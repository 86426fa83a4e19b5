/**
 * What is talked about in the busy room, the café at the harbour: days that have been, and scenes for today.
 * A line begins with who speaks. See `script-text.ts`.
 */

/** The regulars, by nickname. */
export const HARBOUR_REGULARS = ['Ines', 'Kofi', 'Maren', 'Yuki', 'Bo'] as const;

/** As told to the one who listens: each line with its speaker before it. */
export const harbourHistory = `
= 5 09:10
< Maren: Kettle is on. Who is at the harbour already?
< Bo: Me. The ferry is late, so I have time to look at ropes.
< Kofi: You always have time to look at ropes.
< Bo: They are very good ropes.
< Ines: Is it windy down there?
< Bo: My hat has left for Sweden.
< Yuki: I can see it from the window. It flies well.
< Maren: I will put a cup aside for the hat.
> Save one for me as well, I am ten minutes away.
< Maren: Done!
< Kofi: Does anybody have a pump that fits a small dinghy? Asking for a small dinghy.
< Yuki: I have one. It whistles, but it pumps.
< Kofi: What does it whistle?
< Yuki: Mostly the first two notes of a march.
< Ines: I would come only to hear that.

= 5 18:30
< Kofi: The dinghy floats. Thank you, Yuki, and thank you, pump.
< Yuki: Did it whistle?
< Kofi: The whole pier marched.
< Bo: And my hat has been found! A fisherwoman brought it back. She says it was on its way home by itself.
< Maren: Cup for the hat, as promised.

= 4 07:45
< Ines: Morning, all. The swans are on the slipway again and will not let the rowers pass.
< Bo: What do they want?
< Ines: Recognition, I think.
< Kofi: Has anybody tried to say good morning to them?
< Ines: One moment.
< Ines: That was it. They have moved over.
< Yuki: I shall remember this for meetings.
< Maren: Cinnamon buns at ten. First come, first bun.
> On my way before the swans hear of it.
< Maren: I keep one on the top shelf for you.

= 4 12:15
< Yuki: Lost and found: one glove, grey, left hand, with a hole shaped like a heart.
< Kofi: I have the right one! I thought it had run away with Bo's hat.
< Bo: Leave my hat out of this. It is a changed hat.
< Yuki: It is on the radiator, warm and waiting.

= 4 20:50
< Ines: Quiz evening, the score at half time: Table Ropes 14, Table Swans 14, Table Buns 15.
< Kofi: What was the name of the third lighthouse?
< Ines: I am not going to tell you that, Kofi, you are in the quiz.
< Kofi: It was worth a try.
< Maren: Table Buns wins by a crumb. There is applause. There are also more buns.

= 3 10:05
< Bo: Does somebody know how to get paint off a dog?
< Ines: What colour?
< Bo: The paint or the dog?
< Yuki: Warm water, a little oil, a lot of praise.
< Bo: The dog enjoyed the praise so much that she went to look for more paint.
< Maren: Is the boat at least finished?
< Bo: The boat has paw prints on it. We have decided that they belong there.
< Kofi: Then it needs a name with a paw in it.
< Ines: The Paw Paw?
< Yuki: Four Prints.
< Bo: Four Prints! She wags. It is settled.

= 3 17:22
< Maren: The sun has come out and the whole café has moved onto the steps. Bring your cups back before Thursday.
< Kofi: It looks like a postcard.
< Ines: We are in it, so it must be one.
> I can hear you laughing from the bridge.
< Yuki: That is Ines. She has told the one with the anchor.
< Ines: It is a good one!
< Kofi: It is a very long one.
< Ines: So is the chain.

= 2 08:20
< Kofi: Fog. I cannot see my own shoes.
< Bo: I cannot see the pier, and I am on it.
< Maren: Follow the smell of coffee. I have opened all the windows.
< Yuki: This is how ships came home in the old days.
< Ines: With coffee?
< Yuki: In my version of the old days.
< Bo: I am in! I walked straight into the door, but politely.
< Kofi: Six people have arrived by nose so far.
< Maren: Seven. Good morning to the lady with the telescope.

= 2 16:40
< Ines: The choir needs one more low voice for the evening on the boat. Anybody?
< Bo: I have a low voice in the mornings.
< Ines: Until what time?
< Bo: About ten.
< Kofi: I can do low if somebody does the tall notes for me.
< Ines: That is how a choir works, Kofi. Welcome!
< Yuki: And I turn the pages.
< Ines: Then we are complete.

= 1 09:30
< Maren: Today's soup is leek and potato. Today's question is: what is the kindest thing you saw this week?
< Yuki: A bus driver who waited for somebody running with a tuba.
< Bo: The child who gave the swan half of her bun and then explained to it about sharing.
< Ines: The lock keeper who waves to every boat, and then once more in case they missed it.
< Kofi: Somebody left a pair of mittens on the bench with a note: take us, we are warm.
> My neighbour learned my door's squeak by heart so that she can tell when I am home and bring soup.
< Maren: Soup on the house for all of these.
< Bo: What a week!

= 1 18:05
< Kofi: The choir on the boat was lovely. I sang low, nobody fell in.
< Ines: You were a rock. A humming rock.
< Yuki: I turned two pages at once, and the song became shorter and rather better.
< Maren: The lanterns are still on. It looks as if the water had a birthday.
< Bo: Four Prints came along as well. She sat in the bow the whole way and looked like a figurehead.
< Ines: Same time next month?
< Kofi: Same time next month.
`;

/** What they talk about today, scene by scene. */
export const harbourScenes = `
= first
Maren: Good day, everybody! The window table is free and the sun is on it.
Bo: Coming! I only have to tell Four Prints that it is not her table.
Kofi: It has been her table since Tuesday, Bo.
Yuki: Somebody has left a very small boat in the sugar bowl.
Ines: That is mine! It is waiting for the tide.
Maren: I have poured a little milk around it. It floats.
Kofi: Ahoy!
= ferry
Ines: The ferry has a new horn. Did you hear it?
Yuki: I thought that was a cow with a good education.
Bo: Four Prints answered it. They have been in conversation for ten minutes.
Kofi: What are they saying?
Bo: As far as I can tell: I am here. Are you there? I am here.
Ines: So, the same as all of us.
= kite
Kofi: Who is flying the kite with the long tail?
Maren: Two schoolchildren and one grandfather. The grandfather will not give the string back.
Yuki: It says something on the tail.
Ines: It says: if you can read this, you have good eyes. Have a bun.
Maren: I had nothing to do with it. But buns are ready.
= evening
Bo: The tide is turning. You can hear the stones.
Yuki: I like that it does it twice a day and still sounds surprised.
Maren: Closing in half an hour. Whoever dries the cups may choose the music.
Kofi: I dry!
Ines: Not the march, Kofi.
Kofi: A waltz, then.
Maren: A waltz it is. Good night, all of you, come home safely.
`;

/** When somebody says something, one of these comes first. */
export const harbourReplies = `
Maren: Well said! There is a cup here with your name on it.
Kofi: I was just going to say that, only less well.
Ines: Ha! Tell us more.
Yuki: I am writing that down.
Bo: Four Prints agrees, she has put her paw on it.
Maren: Hello there! Sit with us, there is room.
Ines: That reminds me of the one with the anchor. But go on.
Kofi: Quite right.
`;

/** Three weeks of messages with Nadia, a friend: a walk is planned, an accordion is mended. See `script-text.ts`. */
export const nadiaHistory = `
= 24 18:05
< Found the accordion at last! It was behind the suitcases the whole time.
> The red one of your aunt's?
< The very one. It wheezes like a tired walrus, but all the keys are there.
> I would like to meet the walrus.
< You will. I am not playing it to anybody until the bellows are patched.
> Is that something one can do at a kitchen table?
< The library has a book about it, so I am going to find out.
> Of course the library has a book about it.
< Three books. One is from 1931 and smells wonderful.

= 23 08:12
< Good morning! Question before coffee: are you free on the long weekend?
> Before coffee I am never sure. I think so, yes.
< Four of us were thinking of the path along the reservoir, two nights in the hut.
> The hut with the stove that only you can light?
< It likes to be spoken to kindly, that is all.
> Then I am in. Who else?
< Tomek, and his sister if she gets the Friday off.
> Lovely. I have not seen Tomek since the pancake evening.
< He still talks about it. Mostly about the ceiling.

= 23 21:40
> Coffee had. I checked: I am free from Thursday evening.
< Then I will ring the hut keeper tomorrow.
> Shall I bring the big pot?
< Yes please. And that green lamp, if it still works.
> It works if you tap it twice.
< Like most of us.

= 21 12:30
< The hut is ours! Two nights, six beds, one stove.
> Well done!
< The keeper says that the spring is running again, so we need not carry water.
> My shoulders say thank you to the keeper.
< She also says that there is a fox who steals shoes. Boots go inside at night.
> I would rather like to see a fox in my boots.
< Not at seven in the morning, in the wet, you would not.

= 21 19:02
> I looked at the map. If we start at the lower dam it is eleven kilometres, from the station it is sixteen.
< How much up and down?
> From the station four hundred metres up, most of it in the first hour.
< First hour is when Tomek is at his most cheerful. Station it is.
> And the bus back?
< Every two hours on Sundays. I wrote the times on the fridge, which is where I keep everything.
> Then please bring the fridge.

= 20 17:15
< Update from the workshop that used to be my kitchen: two of the folds are patched.
> And the walrus?
< Less walrus. More sleepy goose.
> Progress!
< The book says to let the glue dry for a day, then to be patient, then to be patient again.
> Is that a chapter?
< It is three chapters.

= 19 09:33
> I have a small favour to ask.
< Ask!
> My neighbour is moving her shelves on Wednesday and has nobody to hold the other end.
< I am good at other ends. When?
> Half past five. It is two shelves and one very heavy cat.
< The cat is also moving?
> Only from one shelf to the other.
< I will be there at a quarter past.

= 17 22:10
> Thank you again for today. She was so happy with the shelves.
< She gave me a jar of quinces! I have never owned quinces before.
> What will you do with them?
< Look at them for a week, I think. They glow.
> The cat has chosen the upper shelf, by the way.
< Naturally.

= 16 07:58
< It is raining sideways here. Is it raining sideways there?
> Upwards, I believe. The gutter is a fountain.
< My tram has stopped and everybody has started talking to each other.
> About what?
< A man with a cello is explaining knots. It is the best tram of the year.
> Stay on it!
< I have already missed my stop on purpose.

= 16 13:20
< I can now tie a bowline. I owe it to the weather.
> That will come in useful with the food bag and the fox.
< My thought exactly.

= 14 18:44
> Shopping list for the hut. Tell me what is missing:
> oats, lentils, onions, garlic, the good bread, cheese that travels well, apples, tea, coffee, chocolate
< Salt!
> How could I forget salt.
< Also matches, something green, and a lemon.
> What is the lemon for?
< Morale.
> Two lemons, then.
< And I bring the quinces, if they ever turn into anything.

= 14 20:15
< Tomek's sister got the Friday off. So we are four: you, me, Tomek and Ola.
> Perfect number for cards.
< Ola says she only plays games in which nobody loses.
> Then we build a tower out of the cards and see how high it gets.
< She has said yes to the tower.

= 13 12:05
< Do you remember the name of the small bakery next to the observatory?
> It has no name, it only has a drawing of a loaf on the door.
< That explains why I cannot find it on any map.
> Second street after the bridge, then follow the smell.
< Instructions received. I am following my nose.
< Found it. I bought two loaves because the first one was for the way home.
> As it should be.

= 12 19:50
> How is the goose?
< The goose can play a scale! Up. Down is still a mystery.
> Up is the important direction.
< My downstairs neighbour knocked, and I thought: oh dear. She wanted to know whether I know any waltzes.
> And do you?
< By spring I shall know one. We have a deal: I learn it, she brings cake.
> You have the best neighbours in town.
< I know. I try to deserve them.

= 10 08:30
< Weather for the weekend: dry on Friday, showers on Saturday, sun on Sunday.
> So we do the ridge on Sunday.
< And on Saturday we sit in the hut and build Ola's tower.
> Could not be better.
< Bring dry socks. I say this as somebody who once did not.
> The story with the oven gloves?
< We do not speak of the oven gloves.

= 9 21:18
> I oiled my boots and they look at me quite differently now.
< Mine look at me with reproach. Tomorrow!
> There is still oil in the tin, come by if you like.
< After work? I will bring the last of the soup.
> Deal. Boots and soup.

= 8 22:47
< Home. Boots shine, soup is gone, I laughed so much that my cheeks hurt.
> Mine too. Sleep well!
< You too. Tell your plant that I believe in it.
> It has straightened up a little. I think it heard you.

= 6 06:55
< Good morning! Is everybody awake? The train goes at 7:40 from platform 3.
> Awake, packed, and the pot is on my back like a snail's house.
< I have the bread, the lemon and a fox-proof rope.
> Tomek writes that he is already on the platform. Has he slept there?
< He is simply that cheerful.
> See you in the second carriage.

= 3 19:30
< Back on the sofa. My legs are made of porridge.
> Mine are made of wet wool. What a weekend!
< My favourite part was the ridge in the morning. Everything below was fog, and then the church tower came up like a pencil.
> Mine was Ola's tower. Seven floors!
< And nobody lost.
> And the fox looked in through the window at exactly the wrong moment for the tower.
< Exactly the right moment, I would say.
> Thank you for lighting the stove. And for talking to it.
< It told me to greet you.

= 3 20:02
> I have forty pictures, of which thirty are of Tomek pointing at things.
< He is a born pointer. Send me the one with the rainbow when you have the time.
> Will do. And the map with the shortcut that was not one.
< Ah yes. The scenic shortcut.
> Two hours of scenery.
< And worth every blackberry.

= 2 12:41
< My downstairs neighbour heard about the hut and asks whether there is room for six next time.
> There are six beds!
< She would bring the cake.
> Then the question has answered itself.
< I will tell her. She will pretend not to be delighted.

= 2 18:20
> My plant has a new leaf.
< I KNEW it.
> It is very small and very proud.
< Like the goose. Today it played the first eight bars downwards.
> Downwards! The mystery is solved?
< One screw, the size of a poppy seed. I found it with my elbow.

= 1 08:05
< Good morning from the tram. No cello today, but somebody is carrying a ladder and a birthday cake.
> At the same time?
< With great dignity.
> Please report if the cake gets off before the ladder.
< They got off together. Everybody clapped a little.

= 1 17:52
< Do you have the waltz book I lent you, the thin blue one?
> It is on my desk. I was going to learn it on the spoons.
< Keep it until Sunday, then we practise together. Spoons and goose.
> The neighbours will be so pleased.
< Mine will bring cake. Three o'clock?
> Three o'clock. I bring the two good spoons.
< You are a treasure. See you on Sunday!
`;

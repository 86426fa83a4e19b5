/** Messages with Uncle Teo, who cooks, tells long stories and has a garden. See `script-text.ts`. */
export const teoHistory = `
= 30 16:20
> Uncle Teo, how long do you leave the beans in the water?
< Overnight, and a little longer if the beans are as old as I am.
> And salt right away or at the end?
< Ask three cooks and you get four answers. I put it in at the start, and the beans have never complained.
> Thank you! I am cooking for six on Saturday.
< Then take beans for eight. Somebody always brings somebody.

= 29 20:05
< How did the beans come out?
> Not cooked yet, it is only Friday :)
< I am an old man, I am allowed to be early.

= 27 11:15
> The beans were a triumph. You were right, we were eight.
< I am very glad. Did you keep the water they cooked in?
> Was I supposed to?
< For the soup of the next day! But never mind. One learns the soup of the next day by forgetting it once.
> Noted in large letters.

= 22 09:40
< I have been asked for the recipe of the lemon rice so often that I have written it down once and for all. Keep it safe:
< LEMON RICE, AS MY MOTHER MADE IT¶¶One cup of rice, washed until the water is clear. Let it rest in a sieve while you do something else.¶¶Warm three spoons of oil in a pot that has a lid. Put in a spoon of mustard seeds and wait for them to dance. When they dance, add a handful of peanuts, a few curry leaves, one green chili cut along its length, and half a spoon of turmeric. Stir, and enjoy the colour for a moment, since that is half of the dish.¶¶Now the rice, two cups of water, and salt. Lid on, small flame, no peeking. Twelve minutes.¶¶Take it off the fire. Squeeze one lemon over it, lid on again, five minutes more. This is when you set the table.¶¶Loosen it with a fork. If somebody is sad, more lemon. If somebody is very sad, more peanuts.
> I will frame this.
< Cook it first, frame it later.

= 22 21:12
> Cooked. Nobody was sad, and there was nothing left.
< Those two things go together.

= 18 15:33
< News from the garden: the pumpkin has reached the fence and is looking over it.
> Does it like what it sees?
< It sees the neighbour's compost. It is in love.
> You will have to build it a ladder.
< I have tied it to the fence with your aunt's blue ribbon. It looks like a present.

= 15 18:48
> Uncle, may I borrow the long saw?
< Of course! What are we building?
> A bird table for the courtyard. The children of the house have drawn the plan.
< Is there a tower on it?
> There are four towers and a slide.
< Then you need the long saw AND me. Saturday?
> Saturday would be wonderful.
< I will bring screws, glue and biscuits.

= 11 19:25
< I have been thinking of the slide all afternoon. Birds of that size will not slide by themselves. But snow will! In winter the snow comes down the slide and the table sweeps itself.
> The children say that this was the plan all along.
< I believe them entirely.

= 7 10:02
< The pumpkin weighed 31 kilos. Three people and a wheelbarrow.
> Thirty-one! Soup for the whole street.
< That is exactly what I thought. Sunday from noon, everybody brings a bowl.
> I will bring two bowls and a friend.
< Bring the friend who laughs so nicely.

= 5 20:30
> I am still full of pumpkin, and of the stories of your neighbour with the compost.
< He told me he has never had so many visitors. He wants to grow a larger one next year.
> A contest?
< A friendship with measurements.

= 1 15:10
< The birds have found the towers. A robin lives in the second from the left, rent free.
> The children will be over the moon!
< One of them has already written him a letter of welcome.
> Did he answer?
< He sang. We count it as an answer.
`;

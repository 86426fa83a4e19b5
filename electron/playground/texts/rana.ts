/** Messages with Rana, who writes in Arabic and in English, often in one sentence. See `script-text.ts`. */
export const ranaHistory = `
= 13 10:20
< صباح الخير! كيف حالك اليوم؟
> صباح النور يا رنا! All well here. And with you?
< الحمد لله. The exam is over and I slept for ten hours.
> عشر ساعات! You earned every one of them.
< شكراً على المراجعة معي، I could not have done it without you.
> You knew it all already, I only held the cards.

= 12 17:45
< هل تعرف مقهى جديداً بجانب المكتبة؟
> Yes! The one with the blue chairs. القهوة هناك ممتازة.
< إذن نلتقي هناك يوم الخميس، الساعة 4:30؟
> Thursday, 4:30, blue chairs. I am looking forward to it.
< وأنا أيضاً 🙂

= 9 18:02
> It was so good to see you today.
< وأنا سعيدة جداً. I have already started the book, and the second chapter is even better than the first.
> Do not tell me what happens with the clockmaker!
< لن أقول شيئاً. But you will like the ending.
> You have just told me that there is an ending.
< كل كتاب له نهاية، يا صديقي. Except the dictionary.

= 4 09:15
< جدتي ترسل لك السلام. She asks whether you eat enough.
> سلّمي عليها كثيراً. Tell her that I ate pumpkin for three days.
< تقول إن القرع لا يكفي. She is sending maamoul.
> Your grandmother is the kindest person in this city.
< أعرف. She says the same of you, but only after the maamoul.

= 1 19:36
< النتيجة وصلت: نجحت! I passed!
> مبروووك! I knew it, and so did the cards.
< سأحتفل يوم السبت، وأنت أول المدعوين.
> With pleasure. What may I bring?
< فقط نفسك. And the story of the pumpkin, my grandmother wants to hear it from you.
`;

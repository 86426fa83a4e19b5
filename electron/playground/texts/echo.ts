/** What has been said to Echo so far. See `script-text.ts`. */
export const echoHistory = `
= 1 12:10
> Hello?
< Hello?
> Is somebody there?
< Is somebody there?
> You are a good listener.
< You are a good listener.
> 🙂
< 🙂
`;

/** The browser shell's one-time link: its token becomes a cookie, then leaves the address bar. */

/** Where the token is read from and what it is redeemed with; the page's own globals. */
export interface TokenPlace {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly fetch: typeof fetch;
}

/**
 * Redeems `#token=…` where the address has one. A refused token is no error here: the cookie of an earlier
 * visit may still be good, and the bridge finds out.
 */
export async function redeemToken({ location, history, fetch }: TokenPlace): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  await fetch('/session', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined);
  history.replaceState(null, '', location.pathname + location.search);
}

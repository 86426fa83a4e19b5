import { describe, expect, it, vi } from 'vitest';
import { redeemToken } from './redeem-token.ts';

function place(hash: string, fetch: typeof globalThis.fetch) {
  const replaceState = vi.fn();
  return {
    replaceState,
    at: { location: { hash, pathname: '/', search: '?x=1' }, history: { replaceState }, fetch },
  };
}

describe('the one-time link', () => {
  it('becomes a session, and the token leaves the address', async () => {
    const fetch = vi.fn(async () => new Response(null, { status: 204 }));
    const { at, replaceState } = place('#token=s3cret%2F1', fetch);
    await redeemToken(at);
    expect(fetch).toHaveBeenCalledExactlyOnceWith('/session', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: '{"token":"s3cret/1"}',
    });
    expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/?x=1');
  });

  it('leaves the address even where the host is out of reach', async () => {
    const { at, replaceState } = place('#token=abc', async () => {
      throw new TypeError('failed to fetch');
    });
    await redeemToken(at);
    expect(replaceState).toHaveBeenCalledOnce();
  });

  it('is nothing where the address has no token', async () => {
    const fetch = vi.fn();
    const { at, replaceState } = place('#/chats/a/b%40c', fetch);
    await redeemToken(at);
    expect(fetch).not.toHaveBeenCalled();
    expect(replaceState).not.toHaveBeenCalled();
  });
});

import { describe, expect, it } from 'vitest';
import { chatHref, formatRoute, parseRoute } from './route.ts';

describe('a route', () => {
  it('comes back from its fragment', () => {
    const chat = { accountId: 'a/b c', jid: 'ann+1@example.org/#?%' };
    expect(parseRoute(chatHref(chat))).toEqual({ place: 'chats', chat });
    for (const place of ['chats', 'contacts', 'accounts'] as const) {
      expect(parseRoute(formatRoute({ place }))).toEqual({ place });
    }
  });

  it('is the chats where the fragment says nothing that is known', () => {
    for (const hash of ['', '#', '#/', '#token=abc', '#/nowhere', '#/chats/a', '#/%E0%A4%A']) {
      expect(parseRoute(hash)).toEqual({ place: 'chats' });
    }
  });
});

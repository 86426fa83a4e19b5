import { describe, expect, it } from 'vitest';
import { decodeBody } from './body.ts';
import { isEcho } from './echoed-request.ts';

const REQUEST = `<body rid='7' sid='s' xmlns='http://jabber.org/protocol/httpbind'><message type="chat" to="b@c" id="1" xmlns="jabber:client"><body>a &lt; b</body><active xmlns="http://jabber.org/protocol/chatstates"/></message><r xmlns="urn:xmpp:sm:3"/></body>`;
const ANSWER = (payload: string, attributes = " sid='s' rid='7'") =>
  decodeBody(`<body xmlns='http://jabber.org/protocol/httpbind'${attributes}>${payload}</body>`);
/** As ejabberd writes it. */
const ECHO = `<message xmlns='jabber:client' id='1' to='b@c' type='chat'><body>a &lt; b</body><active xmlns='http://jabber.org/protocol/chatstates'/></message><r xmlns='urn:xmpp:sm:3'/>`;

describe('an answer', () => {
  it('is the request come back where it has its rid and its payload, however written', () => {
    expect(isEcho(ANSWER(ECHO), REQUEST)).toBe(true);
  });

  it('is the empty request come back too', () => {
    const empty = `<body rid='7' sid='s' xmlns='http://jabber.org/protocol/httpbind'/>`;
    expect(isEcho(ANSWER(''), empty)).toBe(true);
  });

  it.each([
    ['another text', ECHO.replace('a &lt; b', 'b')],
    ['another attribute', ECHO.replace("id='1'", "id='2'")],
    ['one attribute more', ECHO.replace("id='1'", "id='1' from='x@y'")],
    ['one stanza less', ECHO.replace(/<r .*/u, '')],
    ['one stanza more', `${ECHO}<a/>`],
    ['other stanzas', '<presence from="a@b" xmlns="jabber:client"/><a/>'],
  ])('is the manager’s own where its payload has %s', (_what, payload) => {
    expect(isEcho(ANSWER(payload), REQUEST)).toBe(false);
  });

  it('is the manager’s own where it has no rid', () => {
    expect(isEcho(ANSWER(ECHO, ''), REQUEST)).toBe(false);
  });
});

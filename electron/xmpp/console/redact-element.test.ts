import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../bosh/protocol/xml-reader.ts';
import { redactElement } from './redact-element.ts';

const SECRET = 'hunter2secret';
const redacted = (xml: string, discreet = false) =>
  redactElement(readXml(xml).root, discreet).toString();

const SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
const SASL2 = "xmlns='urn:xmpp:sasl:2'";

describe('what is shown of an element', () => {
  it.each([
    ['SASL', `<auth ${SASL} mechanism='PLAIN'>${SECRET}</auth>`],
    ['a challenge', `<challenge ${SASL}>${SECRET}</challenge>`],
    ['a response', `<response ${SASL}>${SECRET}</response>`],
    ['a success', `<success ${SASL}>${SECRET}</success>`],
    [
      'SASL2',
      `<authenticate ${SASL2} mechanism='X'><initial-response>${SECRET}</initial-response></authenticate>`,
    ],
    [
      'a token',
      `<success ${SASL2}><additional-data>${SECRET}</additional-data><token xmlns='urn:xmpp:fast:0' token='${SECRET}' expiry='2026'/></success>`,
    ],
    ['a session', `<body xmlns='http://jabber.org/protocol/httpbind' sid='${SECRET}' rid='1'/>`],
    [
      'its keys and streams',
      `<body xmlns='http://jabber.org/protocol/httpbind' key='${SECRET}' newkey='${SECRET}' authid='${SECRET}' stream='${SECRET}'/>`,
    ],
    [
      'a stream that can be resumed',
      `<enabled xmlns='urn:xmpp:sm:3' id='${SECRET}' resume='true'/>`,
    ],
    ['a resumption', `<resume xmlns='urn:xmpp:sm:3' previd='${SECRET}' h='1'/>`],
    [
      'a password that is changed',
      `<iq><query xmlns='jabber:iq:register'><password>${SECRET}</password></query></iq>`,
    ],
    [
      'the old way to sign in',
      `<iq><query xmlns='jabber:iq:auth'><digest>${SECRET}</digest></query></iq>`,
    ],
    [
      'a form',
      `<x xmlns='jabber:x:data'><field type='text-private' var='a'><value>${SECRET}</value></field><field var='muc#roomconfig_roomsecret'><value>${SECRET}</value></field></x>`,
    ],
    [
      'an upload',
      `<slot xmlns='urn:xmpp:http:upload:0'><put url='https://a/'><header name='Authorization'>${SECRET}</header></put></slot>`,
    ],
  ])('leaves out the secret of %s', (_name, xml) => {
    expect(redacted(xml)).not.toContain(SECRET);
    expect(redacted(xml, true)).not.toContain(SECRET);
  });

  it('never has a text of SASL in it, whatever is around it', () => {
    const name = fc.constantFrom('auth', 'response', 'challenge', 'success', 'any-thing');
    fc.assert(
      fc.property(
        name,
        fc.array(name, { maxLength: 4 }),
        fc.boolean(),
        (inner, outer, discreet) => {
          const [open, close] = [
            outer.map((each) => `<${each}>`).join(''),
            outer.toReversed().map((each) => `</${each}>`),
          ];
          const xml = `<wrap ${SASL}>${open}<${inner}>${SECRET}</${inner}>${close.join('')}</wrap>`;
          expect(redacted(xml, discreet)).not.toContain(SECRET);
        },
      ),
    );
  });

  it('is otherwise what it is', () => {
    const xml =
      '<message xmlns="jabber:client" from="ann@example.org/a" id="1"><body>Hello &amp; welcome</body><active xmlns="http://jabber.org/protocol/chatstates"/></message>';
    expect(redacted(xml)).toBe(xml);
    const features = `<mechanisms ${SASL}><mechanism>SCRAM-SHA-1</mechanism></mechanisms>`;
    expect(redacted(features)).toContain('SCRAM-SHA-1');
  });

  it('is discreet where that is wanted: who, and what they say', () => {
    const shown = redacted(
      "<message xmlns='jabber:client' from='ann@example.org/a' to='bob@example.org'><body>Hello</body><subject>Tea?</subject></message>",
      true,
    );
    expect(shown).not.toMatch(/Hello|Tea|ann|bob/);
    expect(shown).toContain('a…@example.org');
    expect(shown).toContain('<body>[5 characters]</body>');
  });

  it('keeps the words of servers about errors', () => {
    const xml =
      "<error xmlns='http://etherx.jabber.org/streams'><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></error>";
    expect(redacted(xml, true)).toContain('Replaced');
  });
});

import { describe, expect, it } from 'vitest';
import { wireElements } from './wire-elements.ts';

const body = (attributes: string, payload = '') =>
  `<body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='s'${attributes}>${payload}</body>`;
const kinds = (text: string) => wireElements(text).map(({ kind }) => kind);

describe('what a request or an answer holds', () => {
  it('is its stanzas one by one', () => {
    expect(kinds(body('', '<message/><iq/><presence/><r xmlns="urn:xmpp:sm:3"/>'))).toEqual([
      'message',
      'iq',
      'presence',
      'stream',
    ]);
  });

  it('is nothing, or what the body itself says', () => {
    expect(kinds(body(''))).toEqual(['empty']);
    expect(kinds(body(" type='terminate'"))).toEqual(['stream']);
    expect(kinds(body(" pause='60'", '<presence/>'))).toEqual(['stream', 'presence']);
  });

  it('is the beginning of a stranger’s page, in one line and without secrets', () => {
    const page = `<html>${'password=hunter2 '.repeat(200)}</html>`;
    const [shown] = wireElements(page, 502);
    expect(shown).toMatchObject({
      kind: 'stream',
      text: expect.stringMatching(/^HTTP 502, and no/),
    });
    expect(shown?.text).not.toContain('hunter2');
    expect(shown?.text?.length).toBeLessThan(1_000);
    expect(wireElements('', 200)[0]?.text).toBe('HTTP 200, and no <body/>');
  });
});

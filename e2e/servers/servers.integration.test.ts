/** The harness itself: servers come up, answer, survive a kill with their data, and leave nothing behind. */
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startEjabberd } from './ejabberd.ts';
import { startProsody } from './prosody.ts';
import type { XmppServer } from './xmpp-server.ts';

const creation = (domain: string) =>
  `<body xmlns="http://jabber.org/protocol/httpbind" rid="1000" wait="5" hold="1" ver="1.6" to="${domain}" xml:lang="en" xmpp:version="1.0" xmlns:xmpp="urn:xmpp:xbosh"/>`;

async function createSession(server: XmppServer): Promise<string> {
  const answer = await fetch(server.boshUrl, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: creation(server.domain),
  });
  return answer.text();
}

describe.each([
  ['prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('%s', (_kind, start) => {
  const running: XmppServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });

  it('creates BOSH sessions with the inactivity that was asked for, two servers side by side', async () => {
    running.push(...(await Promise.all([start({ inactivity: 7 }), start({ inactivity: 9 })])));
    const answers = await Promise.all(running.map(createSession));
    expect(answers[0]).toMatch(/inactivity=['"]7['"]/);
    expect(answers[1]).toMatch(/inactivity=['"]9['"]/);
    expect(answers[0]).toContain('SCRAM-SHA-1');
  });

  it('answers again at the same address after a kill and a restart', async () => {
    const server = await start();
    running.push(server);
    await server.kill();
    await expect(fetch(server.boshUrl)).rejects.toThrow();
    await server.restart();
    expect(await createSession(server)).toContain('sid=');
  });

  it('leaves no folder behind when it is stopped', async () => {
    const server = await start({ users: ['dave'] });
    expect(server.user('dave')).toEqual({ jid: 'dave@localhost', password: 'pw-dave' });
    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
  });
});

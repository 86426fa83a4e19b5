import xml from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../testing/signed-in.ts';
import { TestClient } from '../testing/test-client.ts';

const romeo = { username: 'romeo', password: 'romeo' };

describe('sign-in', () => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const)('takes %s and proves itself', async (name) => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    expect((await client.authenticate(romeo, name)).name).toBe('success');
    await client.bind('balcony');
    expect(client.jid).toBe('romeo@playground.alt/balcony');
    expect(client.headers).toHaveLength(2);
    expect(client.headers[0]).toMatchObject({ from: 'playground.alt', version: '1.0' });
  });

  it('offers no mechanism that shows the password', async () => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    const features = await client.next((element) => element.getName() === 'features');
    expect(features.getChild('mechanisms')?.getChildElements().map(String)).toEqual([
      '<mechanism>SCRAM-SHA-256</mechanism>',
      '<mechanism>SCRAM-SHA-1</mechanism>',
    ]);
  });

  it.each([
    ['a wrong password', { ...romeo, password: 'tybalt' }],
    ['a name nobody has', { username: 'paris', password: 'romeo' }],
  ])('refuses %s, and takes the right one after it', async (_what, wrong) => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    const failure = await client.authenticate(wrong, 'SCRAM-SHA-256');
    expect(failure.getChild('not-authorized')).toBeDefined();
    expect((await client.authenticate(romeo, 'SCRAM-SHA-256')).name).toBe('success');
  });

  it('ends the stream after five refusals', async () => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await client.authenticate({ ...romeo, password: 'wrong' }, 'SCRAM-SHA-256');
    }
    await client.until(() => client.end !== undefined);
    expect(client.end).toMatchObject({ error: expect.stringContaining('policy-violation') });
  });

  it('refuses a mechanism it did not offer, and a message out of turn', async () => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    const sasl = { xmlns: 'urn:ietf:params:xml:ns:xmpp-sasl' };
    client.send(xml('auth', { ...sasl, mechanism: 'PLAIN' }, 'AHJvbWVvAHJvbWVv'));
    const failures = () => client.received.filter(({ name }) => name === 'failure');
    await client.until(() => failures().length === 1);
    client.send(xml('response', sasl, 'biws'));
    await client.until(() => failures().length === 2);
    client.send(xml('auth', { ...sasl, mechanism: 'SCRAM-SHA-256' }, btoa('p=x,,n=romeo,r=1')));
    await client.until(() => failures().length === 3);
    expect(failures().map((failure) => failure.getChildElements()[0]?.name)).toEqual([
      'invalid-mechanism',
      'malformed-request',
      'malformed-request',
    ]);
  });
});

describe('a stream', () => {
  it('is not opened for another domain', async () => {
    const { server } = startTestServer([]);
    const client = new TestClient(server, 'example.org');
    await client.until(() => client.end !== undefined);
    expect(client.end).toEqual({ kind: 'host-unknown' });
  });

  it.each([
    ['a stanza before sign-in', '<message xmlns="jabber:client"/>', 'not-authorized'],
    ['something that is no stanza', '<poke xmlns="urn:example"/>', 'unsupported-stanza-type'],
    ['what is not well-formed', '<message>', 'not-well-formed'],
  ])('ends at %s', async (_what, text, condition) => {
    const { server } = startTestServer(['romeo']);
    const client = new TestClient(server);
    client.stream.write(text);
    await client.until(() => client.end !== undefined);
    expect(client.end).toMatchObject({ kind: 'closed', error: expect.stringContaining(condition) });
  });

  it('is replaced by a newer one with the same resource', async () => {
    const { client } = startTestServer(['romeo']);
    const older = await client('romeo', { resource: 'balcony' });
    const newer = await client('romeo', { resource: 'balcony' });
    expect(older.end).toMatchObject({ error: expect.stringContaining('conflict') });
    expect(newer.jid).toBe(older.jid);
    expect(newer.end).toBeUndefined();
  });

  it('keeps what the client does not fetch, in order, until it fetches again', async () => {
    const { client } = startTestServer(['romeo']);
    const reader = await client('romeo', { resource: 'reader' });
    const writer = await client('romeo', { resource: 'writer' });
    reader.stream.setReading(false);
    const mark = reader.received.length;
    const texts = ['one', 'two', 'three'];
    for (const text of texts) {
      writer.send(xml('message', { to: reader.jid, type: 'chat' }, xml('body', {}, text)));
    }
    await writer.request(xml('iq', { type: 'get' }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
    expect(reader.received.slice(mark)).toEqual([]);
    reader.stream.setReading(true);
    expect(reader.received.slice(mark).map((each) => each.getChildText('body'))).toEqual(texts);
  });
});

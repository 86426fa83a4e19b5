import { describe, expect, it } from 'vitest';
import { chooseMechanism, createMechanism, type MechanismName } from './sasl-mechanisms.ts';

const CREDENTIALS = { username: 'user', password: 'pencil' };

/** The examples of RFC 5802 §5 and RFC 7677 §3. */
const EXAMPLES = [
  {
    name: 'SCRAM-SHA-1',
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    clientFinal:
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    name: 'SCRAM-SHA-256',
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    serverFirst:
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    clientFinal:
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
] as const;

describe.each(EXAMPLES)('$name', ({ name, nonce, serverFirst, clientFinal, serverFinal }) => {
  it('answers as the specification’s example', async () => {
    const mechanism = createMechanism(name, nonce);
    expect(await mechanism.response(CREDENTIALS)).toBe(`n,,n=user,r=${nonce}`);
    mechanism.challenge(serverFirst);
    expect(await mechanism.response(CREDENTIALS)).toBe(clientFinal);
    expect(mechanism.verify(serverFinal)).toBe(true);
  });

  it('does not believe a server that cannot prove that it knows the password', async () => {
    const mechanism = createMechanism(name, nonce);
    await mechanism.response(CREDENTIALS);
    mechanism.challenge(serverFirst);
    expect(mechanism.verify(serverFinal)).toBe(false);
    await mechanism.response(CREDENTIALS);
    expect(mechanism.verify('')).toBe(false);
    expect(mechanism.verify('v=AAAA')).toBe(false);
    expect(() => mechanism.challenge('v=AAAA')).toThrow('signature');
  });

  it.each([
    ['r=someone-else,s=QSXCR+Q6sek8bf92,i=4096', 'nonce'],
    [`r=${nonce},s=QSXCR+Q6sek8bf92,i=4096`, 'nonce'],
    [`r=${nonce}x,s=,i=4096`, 'salt'],
    [`r=${nonce}x,s=QSXCR+Q6sek8bf92,i=999999999`, 'iteration'],
    [`r=${nonce}x,s=QSXCR+Q6sek8bf92,i=no`, 'iteration'],
    [`m=ext,r=${nonce}x,s=QSXCR+Q6sek8bf92,i=4096`, 'extension'],
  ])('refuses the challenge %s', async (challenge, reason) => {
    const mechanism = createMechanism(name, nonce);
    await mechanism.response(CREDENTIALS);
    mechanism.challenge(challenge);
    await expect(async () => mechanism.response(CREDENTIALS)).rejects.toThrow(reason);
  });
});

describe('PLAIN', () => {
  it('gives bytes of UTF-8', () => {
    const text = createMechanism('PLAIN').response({ username: 'jü', password: 'pä' }) as string;
    expect(Buffer.from(text, 'latin1').toString('utf8')).toBe('\0jü\0pä');
  });
});

describe('chooseMechanism', () => {
  const all: MechanismName[] = ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-512', 'SCRAM-SHA-256'];

  it('takes the strongest', () => {
    expect(chooseMechanism(all, true)).toBe('SCRAM-SHA-512');
    expect(chooseMechanism(['PLAIN', 'X', 'SCRAM-SHA-1'], true)).toBe('SCRAM-SHA-1');
  });

  it('keeps PLAIN for a private way', () => {
    expect(chooseMechanism(['PLAIN'], true)).toBe('PLAIN');
    expect(chooseMechanism(['PLAIN'], false)).toBeUndefined();
  });
});

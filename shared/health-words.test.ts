import { describe, expect, it } from 'vitest';
import type { ExchangeReading } from './health.ts';
import { describeExchange, grantedRows, shorten, trustWords } from './health-words.ts';

describe('grantedRows', () => {
  it('names what was granted, in the order of the specification, and nothing else', () => {
    expect(
      grantedRows({ inactivity: 60, wait: 60, restartlogic: 'true' }).map((r) => [r.name, r.value]),
    ).toEqual([
      ['wait', '60 s'],
      ['inactivity', '60 s'],
      ['xmpp:restartlogic', 'true'],
    ]);
  });

  it('shortens what identifies the stream', () => {
    const values = grantedRows({
      authid: '9b1d0c4e-77aa-4cde',
      stream: 'opaque-and-unpredictable',
    });
    expect(values.map((row) => row.value)).toEqual(['opaq…', '9b1d…']);
  });
});

describe('shorten', () => {
  it.each([
    ['a1f3…', 'a1f3…'],
    ['a1f3…9c', 'a1f3…9c'],
    ['9b1d0c4e-77aa-4cde-8f21', '9b1d…'],
    ['9b1d0c4e-77…aa-4cde-8f21', '9b1…'],
    ['abcdef', 'ab…'],
    ['', '…'],
  ])('writes %j as %j', (identifier, text) => {
    expect(shorten(identifier)).toBe(text);
  });
});

describe('describeExchange', () => {
  const exchange: ExchangeReading = {
    rid: 1005,
    lane: 0,
    attempt: 1,
    startedAt: 1_000,
    endedAt: 33_000,
    outcome: 'payload',
    stanzasSent: 0,
    stanzasReceived: 1,
    bytesSent: 1,
    bytesReceived: 1,
  };
  const { endedAt: _, ...open } = exchange;

  it.each<[ExchangeReading, boolean, string]>([
    [exchange, false, 'rid 1005 on connection 1: answered after 32 s with 1 stanza'],
    [
      { ...exchange, outcome: 'empty', stanzasSent: 2 },
      false,
      'rid 1005 on connection 1, carried 2 stanzas: answered empty after 32 s',
    ],
    [
      { ...exchange, outcome: 'failed', attempt: 2, problemCode: 'network.reset' },
      false,
      'rid 1005 on connection 1, attempt 2: failed after 32 s (network.reset)',
    ],
    [{ ...exchange, outcome: 'aborted' }, false, 'rid 1005 on connection 1: aborted after 32 s'],
    [
      { ...exchange, outcome: 'terminated' },
      false,
      'rid 1005 on connection 1: the session ended with its answer after 32 s',
    ],
    [
      { ...open, outcome: 'in-flight' },
      true,
      'rid 1005 on connection 1: held by the server for 40 s',
    ],
    [{ ...open, outcome: 'in-flight' }, false, 'rid 1005 on connection 1: in flight for 40 s'],
  ])('tells an exchange in a sentence (%#)', (reading, held, sentence) => {
    expect(describeExchange(reading, held, 41_000)).toBe(sentence);
  });
});

describe('why a certificate is trusted', () => {
  const tls = { protocol: 'TLSv1.3', root: 'Company CA' };

  it('is not worth a word where everybody trusts it', () => {
    expect(trustWords({ ...tls, trust: 'public' })).toBeUndefined();
    expect(trustWords({ protocol: 'TLSv1.3' })).toBeUndefined();
  });

  it('says who may be reading along', () => {
    expect(trustWords({ ...tls, trust: 'system' })).toContain('“Company CA”');
    expect(trustWords({ ...tls, trust: 'system' })).toContain('installed on this computer');
    expect(trustWords({ protocol: 'TLSv1.3', trust: 'added' })).toContain('added under Accounts');
    expect(trustWords({ ...tls, trust: 'exception' })).toContain('exception');
  });
});

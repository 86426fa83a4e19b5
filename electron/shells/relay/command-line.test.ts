import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import type { RelaySettings } from './relay-settings.ts';

function parse(...parameters: string[]): RelaySettings {
  const settings = parseCommandLine(parameters);
  if (settings === 'help') throw new Error('help was asked for');
  return settings;
}

describe('the command line of the relay', () => {
  it('needs a domain and nothing else', () => {
    expect(parse('--domain', 'example.org')).toMatchObject({
      domains: new Map([['example.org', undefined]]),
      listen: { host: '127.0.0.1', port: 5280 },
      monitor: { host: '127.0.0.1', port: 5281 },
      path: '/http-bind',
      trustedProxies: [],
      allowPlainHttp: false,
      encryptLoopback: false,
      logLevel: 'info',
      terms: { wait: 60, inactivity: 60, maxpause: 300 },
      drain: 10,
    });
  });

  it('takes domains in any spelling, each with its server where that is not looked up', () => {
    const { domains } = parse(
      ...['--domain', 'Bücher.example', '--domain', 'a.example=xmpp://10.0.0.1'],
      ...['--domain', 'b.example=xmpps://[::1]:443', '--domain=c.example=xmpp://host:1/'],
    );
    expect([...domains]).toEqual([
      ['xn--bcher-kva.example', undefined],
      ['a.example', { host: '10.0.0.1', port: 5222, directTls: false }],
      ['b.example', { host: '::1', port: 443, directTls: true }],
      ['c.example', { host: 'host', port: 1, directTls: false }],
    ]);
  });

  it('takes all else', () => {
    expect(
      parse(
        ...['--domain', 'example.org', '--listen', '[::]:443', '--cert', 'c.pem', '--key', 'k.pem'],
        ...['--path', '/bosh', '--public-url', 'https://example.org/bosh', '--ca', 'ca.pem'],
        ...['--origin', 'https://chat.example.org/', '--dns', '192.0.2.53', '--dns', '[::1]:5353'],
        ...['--trust-proxy', 'loopback', '--trust-proxy', '10.0.0.0/8', '--monitor', 'off'],
        ...['--encrypt-loopback', '--allow-plain-http', '--log-level', 'debug'],
        ...['--sessions', '7', '--sessions-per-address', '6', '--creations-per-minute', '5'],
        ...['--requests-per-second', '4', '--body', '2048', '--buffer', '4096', '--drain', '0'],
        ...['--wait', '30', '--inactivity', '20', '--maxpause', '10', '--stanza', '20000'],
        ...['--connect', '3', '--probe', '2', '--keepalive', '1'],
        ...['--refusals-per-minute', '8', '--unread', '1024'],
      ),
    ).toEqual({
      domains: new Map([['example.org', undefined]]),
      listen: { host: '::', port: 443 },
      tls: { cert: 'c.pem', key: 'k.pem' },
      path: '/bosh',
      publicUrl: 'https://example.org/bosh',
      ca: 'ca.pem',
      origins: ['https://chat.example.org'],
      nameServers: ['192.0.2.53', '[::1]:5353'],
      trustedProxies: ['loopback', '10.0.0.0/8'],
      encryptLoopback: true,
      allowPlainHttp: true,
      logLevel: 'debug',
      limits: {
        ...{ sessions: 7, sessionsPerAddress: 6, creationsPerMinute: 5, requestsPerSecond: 4 },
        ...{ bodyBytes: 2048, bufferedLength: 4096, refusalsPerMinute: 8, unsentBytes: 1_024 },
      },
      terms: { wait: 30, inactivity: 20, maxpause: 10 },
      servers: { connect: 3, probe: 2, keepalive: 1, stanza: 20_000 },
      drain: 0,
    });
  });

  it('says what there is', () => {
    expect(parseCommandLine(['--help'])).toBe('help');
  });

  it('starts no open relay', () => {
    expect(() => parse()).toThrow(/No domain is named/u);
    for (const name of [
      '*',
      '',
      '.',
      'exa mple',
      '127.0.0.1',
      '[::1]',
      'a/b',
      'a@b',
      'a:b',
      '*.example.org',
    ])
      expect(() => parse('--domain', name)).toThrow(/--domain takes the name of a domain/u);
  });

  it.each([
    ['0.0.0.0:80', []],
    ['[::]:80', []],
    ['192.0.2.1:80', []],
  ])('lets nobody send passwords readably to %s', (listen) => {
    const at = ['--domain', 'example.org', '--listen', listen];
    expect(() => parse(...at)).toThrow(/unencrypted/u);
    for (const remedy of [
      ['--cert', 'c', '--key', 'k'],
      ['--trust-proxy', '10.0.0.1'],
      ['--allow-plain-http'],
    ]) {
      expect(parse(...at, ...remedy).listen.port).toBe(80);
    }
  });

  it.each([
    [['--domain', 'a=b:1'], /like xmpp:\/\/host:5222 or xmpps:\/\/host:5223, not “b:1”/u],
    [['--domain', 'a=https://b'], /not “https:\/\/b”/u],
    [['--domain', 'a=xmpp://'], /not “xmpp:\/\/”/u],
    [['--domain', 'a=xmpp://b/c'], /not “xmpp:\/\/b\/c”/u],
    [['--listen', '5280'], /--listen takes an address and a port, not “5280”/u],
    [['--listen', '127.0.0.1:99999'], /--listen/u],
    [['--listen', '::1:80'], /--listen/u],
    [['--monitor', 'on'], /--monitor takes an address and a port/u],
    [['--path', 'http-bind'], /--path takes a path/u],
    [['--path', '/a b'], /--path/u],
    [['--public-url', 'example.org'], /--public-url takes a web address/u],
    [['--origin', 'example.org'], /--origin takes the address of a site/u],
    [['--cert', 'c'], /--key is missing/u],
    [['--key', 'k'], /--cert is missing/u],
    [['--trust-proxy', 'nginx'], /--trust-proxy takes an address or a subnet, not “nginx”/u],
    [['--trust-proxy', '10.0.0.0/33'], /--trust-proxy/u],
    [['--dns', 'dns.example'], /--dns takes the address of a name server/u],
    [['--log-level', 'loud'], /--log-level does not take “loud”/u],
    [['--wait', '0'], /--wait takes a whole number from 1 to 3600, not “0”/u],
    [['--wait', '1.5'], /--wait/u],
    [['--sessions', '-1'], /--sessions/u],
    [['--sessions', '1e3'], /--sessions/u],
    [['--verbose'], /--verbose/u],
    [['extra'], /extra/u],
  ])('refuses %j in words', (parameters, words) => {
    const refused = () => parse(...parameters, '--domain', 'example.org');
    expect(refused).toThrow(words);
    expect(refused).toThrow(/^app\.usage/u);
    expect(refused).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ advice: expect.stringMatching(/./u) }),
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { parseProxySetting } from './proxy-setting.ts';

const manual = (host: string) =>
  ({ mode: 'manual', proxy: { scheme: 'http', host, port: 3128 } }) as const;

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return problemOf(error).code;
  }
}

it.each([{ mode: 'system' }, { mode: 'none' }] as const)('takes %j as it is', (setting) => {
  expect(parseProxySetting(setting)).toEqual(setting);
});

it.each([
  [' proxy.example.org ', 'proxy.example.org'],
  ['PROXY', 'proxy'],
  ['my_proxy', 'my_proxy'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['127.0.0.1', '127.0.0.1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
])('takes the proxy %j', (typed, host) => {
  expect(parseProxySetting(manual(typed))).toEqual(manual(host));
});

it.each(['', ' ', 'http://proxy', 'proxy:3128', 'me@proxy', 'a b', '-', 'a/b'])(
  'takes no proxy %j',
  (typed) => {
    expect(codeOf(() => parseProxySetting(manual(typed)))).toBe('input.proxy-host');
  },
);

it.each([
  [' http://proxy.example/proxy.pac', 'http://proxy.example/proxy.pac'],
  ['https://proxy.example', 'https://proxy.example/'],
  ['file:///etc/proxy.pac', 'file:///etc/proxy.pac'],
])('takes the script %j', (typed, url) => {
  expect(parseProxySetting({ mode: 'pac', url: typed })).toEqual({ mode: 'pac', url });
});

it.each(['proxy.pac', 'ftp://proxy.example/', 'javascript:1'])('takes no script %j', (url) => {
  expect(codeOf(() => parseProxySetting({ mode: 'pac', url }))).toBe('input.pac-address');
});

import { expect, it } from 'vitest';
import { proxyFromUrl } from './route.ts';

it.each([
  ['http://a.example:3128', { scheme: 'http', host: 'a.example', port: 3128 }],
  ['http://a.example:3128/', { scheme: 'http', host: 'a.example', port: 3128 }],
  ['http://a.example', { scheme: 'http', host: 'a.example', port: 80 }],
  ['https://a.example', { scheme: 'https', host: 'a.example', port: 443 }],
  ['https://a.example:80', { scheme: 'https', host: 'a.example', port: 80 }],
  ['SOCKS5H://a.example', { scheme: 'socks5', host: 'a.example', port: 1080 }],
  ['socks://[2001:db8::1]:9', { scheme: 'socks5', host: '2001:db8::1', port: 9 }],
  [
    'http://me:it%27s%3A@a.example:1',
    {
      scheme: 'http',
      host: 'a.example',
      port: 1,
      credentials: { username: 'me', password: "it's:" },
    },
  ],
  [
    'http://me:100%@a.example:1',
    {
      scheme: 'http',
      host: 'a.example',
      port: 1,
      credentials: { username: 'me', password: '100%' },
    },
  ],
  ['ftp://a.example', undefined],
  ['a.example:3128', undefined],
  ['http://', undefined],
  ['', undefined],
])('reads %j', (text, route) => {
  expect(proxyFromUrl(text)).toEqual(route);
});

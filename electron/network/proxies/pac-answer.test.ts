import { expect, it } from 'vitest';
import { pacRoutes } from './pac-answer.ts';

it.each([
  ['DIRECT', ['direct']],
  ['', ['direct']],
  ['nonsense; SOCKS4 a:1', ['direct']],
  ['PROXY a.example:3128', [{ scheme: 'http', host: 'a.example', port: 3128 }]],
  ['PROXY a.example', [{ scheme: 'http', host: 'a.example', port: 80 }]],
  ['HTTPS a.example', [{ scheme: 'https', host: 'a.example', port: 443 }]],
  ['PROXY [::1]:80', [{ scheme: 'http', host: '::1', port: 80 }]],
  [
    'proxy a:1;  SOCKS5 b:2 ; SOCKS c;direct;',
    [
      { scheme: 'http', host: 'a', port: 1 },
      { scheme: 'socks5', host: 'b', port: 2 },
      { scheme: 'socks5', host: 'c', port: 1080 },
      'direct',
    ],
  ],
])('reads %j', (answer, routes) => {
  expect(pacRoutes(answer)).toEqual(routes);
});

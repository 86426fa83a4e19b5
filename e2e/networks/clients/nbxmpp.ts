/** Gajim's library in the matrix: XMPP over TCP, through the proxies it knows. Debian's python3-nbxmpp. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Access } from '../network.ts';
import type { ClientKind } from './network-client.ts';
import { ProcessClient } from './process-client.ts';

/** Debian's own: another Python would not have its packages. */
const PYTHON = '/usr/bin/python3';

const program = {
  name: 'nbxmpp',
  program: PYTHON,
  arguments: [fileURLToPath(new URL('nbxmpp-process.py', import.meta.url))],
  host: ({ tcp }: Access) => tcp,
};

export const nbxmpp: ClientKind = {
  name: program.name,
  about: 'XMPP over TCP, through HTTP proxies (CONNECT) and SOCKS5; knows no BOSH',
  missing: () =>
    existsSync('/usr/lib/python3/dist-packages/nbxmpp') ? undefined : 'python3-nbxmpp',
  create: async (options) => new ProcessClient(program, options),
};

/** profanity in the matrix: a client for terminals, XMPP over TCP. Debian's profanity, as it comes. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Access } from '../network.ts';
import type { ClientKind } from './network-client.ts';
import { ProcessClient } from './process-client.ts';

const program = {
  name: 'profanity',
  program: '/usr/bin/python3',
  arguments: [fileURLToPath(new URL('profanity-process.py', import.meta.url))],
  // It knows no proxies.
  host: ({ tcp }: Access) => tcp,
};

export const profanity: ClientKind = {
  name: program.name,
  about: 'XMPP over TCP; knows no proxies and no BOSH',
  missing: () => (existsSync('/usr/bin/profanity') ? undefined : program.name),
  create: async (options) => new ProcessClient(program, options),
};

/** Strophe.js in the matrix: BOSH, as chat pages use it, on Node. */
import { fileURLToPath } from 'node:url';
import type { ClientKind } from './network-client.ts';
import { ProcessClient } from './process-client.ts';

const program = {
  name: 'Strophe.js',
  program: process.execPath,
  arguments: [fileURLToPath(new URL('strophe-process.ts', import.meta.url))],
  host: ({ endpoint }: { endpoint: string }) => endpoint,
};

export const strophe: ClientKind = {
  name: program.name,
  about: 'BOSH as chat pages use it, on Node; proxies as xmlhttprequest-ssl knows them',
  create: async (options) => new ProcessClient(program, options),
};

/** microsocks as the tests run it: a SOCKS5 proxy (RFC 1928), with a name and password where given (RFC 1929). */
import { join } from 'node:path';
import { HOSTS, withHosts } from './names.ts';
import { HOST, type Program, startProgram } from './program.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export function startMicrosocks(credentials?: Credentials): Promise<Program> {
  return startProgram('microsocks', ({ port, folder }) => ({
    program: 'microsocks',
    arguments: [
      ...['-i', HOST, '-p', String(port)],
      ...(credentials ? ['-u', credentials.name, '-P', credentials.password] : []),
    ],
    environment: withHosts(join(folder, 'hosts')),
    files: { hosts: HOSTS },
  }));
}

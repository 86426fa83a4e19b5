/** tinyproxy as the tests run it: the forward proxy of small networks. */
import { join } from 'node:path';
import { HOSTS, withHosts } from './names.ts';
import { type Program, startProgram } from './program.ts';

/** Starts it; `rules` are lines of tinyproxy.conf. */
export function startTinyproxy(rules = ''): Promise<Program> {
  return startProgram('tinyproxy', ({ port, folder }) => ({
    program: 'tinyproxy',
    arguments: ['-d', '-c', join(folder, 'tinyproxy.conf')],
    environment: withHosts(join(folder, 'hosts')),
    files: {
      hosts: HOSTS,
      'tinyproxy.conf': `Port ${port}
Listen 127.0.0.1
Timeout 600
MaxClients 100
LogLevel Info
${rules}
`,
    },
  }));
}

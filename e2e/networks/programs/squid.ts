/** Squid as the tests run it: a forward proxy without a cache. A network brings the rules. */
import { join } from 'node:path';
import { HOSTS } from './names.ts';
import { type Place, type Program, startProgram } from './program.ts';

/**
 * Starts it; `rules` are lines of squid.conf, among them what is allowed.
 * @param files are written beside it, such as passwords.
 * @param listen the line that opens its port.
 */
export function startSquid(
  rules: (place: Place) => string,
  files: Readonly<Record<string, string>> = {},
  listen: (place: Place) => string = ({ port }) => `http_port 127.0.0.1:${port}`,
): Promise<Program> {
  return startProgram('squid', (place) => ({
    program: 'squid',
    arguments: ['-N', '-n', `holdfast${place.port}`, '-f', join(place.folder, 'squid.conf')],
    files: {
      ...files,
      hosts: HOSTS,
      'squid.conf': `${listen(place)}\n${configuration(place, rules(place))}`,
    },
  }));
}

function configuration({ folder }: Place, rules: string): string {
  return `pid_filename none
cache deny all
cache_log ${folder}/cache.log
access_log stdio:${folder}/access.log
coredump_dir ${folder}
hosts_file ${folder}/hosts
visible_hostname proxy.company.test
shutdown_lifetime 0 seconds
max_filedescriptors 1024
pinger_enable off
${rules}
`;
}

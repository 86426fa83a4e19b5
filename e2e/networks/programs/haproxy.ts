/** HAProxy as the tests run it: a load balancer in front of a connection manager. */
import { join } from 'node:path';
import { type Program, startProgram } from './program.ts';

export interface HaproxyRules {
  /** Lines of the frontend. */
  readonly frontend?: string;
  /** Lines of the backend, timeouts among them. */
  readonly backend?: string;
  /** Added to the server line. */
  readonly server?: string;
}

/** Starts it in front of `manager`, a BOSH address on plain HTTP. */
export function startHaproxy(manager: string, rules: HaproxyRules): Promise<Program> {
  return startProgram('haproxy', ({ port, folder }) => ({
    program: 'haproxy',
    arguments: ['-db', '-f', join(folder, 'haproxy.cfg')],
    files: {
      'haproxy.cfg': `global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 90s
  timeout server 90s
frontend web
  bind 127.0.0.1:${port}
  ${rules.frontend ?? ''}
  default_backend manager
backend manager
  ${rules.backend ?? ''}
  server manager ${new URL(manager).host} ${rules.server ?? ''}
`,
    },
  }));
}

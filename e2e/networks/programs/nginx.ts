/** nginx as the tests run it: a reverse proxy in front of a connection manager. */
import { join } from 'node:path';
import { type Program, startProgram } from './program.ts';

export interface NginxRules {
  /** Added to the line that opens its port, such as `ssl`. */
  readonly listen?: string;
  /** Written beside its configuration, such as certificates. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of the `http` block, such as zones. */
  readonly http?: string;
  /** Lines of the `server` block; a location that passes to `upstream` among them. */
  readonly server: string;
}

/** Starts it with `upstream` for `manager`, a BOSH address on plain HTTP. */
export function startNginx(manager: string, rules: NginxRules): Promise<Program> {
  return startProgram('nginx', ({ port, folder }) => ({
    program: 'nginx',
    arguments: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
    files: {
      ...rules.files,
      'nginx.conf': `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream manager { server ${new URL(manager).host}; }
  ${rules.http ?? ''}
  server {
    listen 127.0.0.1:${port} ${rules.listen ?? ''};
    ${rules.server}
  }
}
`,
    },
  }));
}

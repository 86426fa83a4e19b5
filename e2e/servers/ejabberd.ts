/** ejabberd for tests: one Erlang process without epmd or node name, its archive in SQLite. */

import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  ANONYMOUS_DOMAIN,
  DOMAIN,
  READY_LINE,
  ROOMS,
  type ServerOptions,
  type ServerPlan,
  type ServerRecipe,
  startServer,
  type XmppServer,
} from './xmpp-server.ts';

/** Starts ejabberd in a fresh folder. */
export function startEjabberd(options: ServerOptions = {}): Promise<XmppServer> {
  return startServer(recipe, options);
}

const recipe: ServerRecipe = {
  kind: 'ejabberd',

  async prepare({ folder, ...plan }) {
    await mkdir(join(folder, 'spool'), { recursive: true });
    await writeFile(join(folder, 'inetrc'), '');
    await writeFile(join(folder, 'ejabberd.yml'), configuration({ folder, ...plan }));
  },

  command: ({ folder, users }) => ({
    program: 'erl',
    arguments: [
      ...['-noinput', '+K', 'true', '+sbwt', 'none'],
      ...['-mnesia', 'dir', `"${folder}/spool"`],
      ...['-s', 'ejabberd'],
      // Registering an account that is there already changes nothing, so a restart may do it again.
      ...['-eval', `${users.map(registration).join(', ')}, io:format("${READY_LINE}~n").`],
    ],
    environment: {
      ERL_LIBS: libraries(),
      EJABBERD_CONFIG_PATH: join(folder, 'ejabberd.yml'),
      EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      ERL_CRASH_DUMP: '/dev/null',
      ERL_INETRC: join(folder, 'inetrc'),
      HOME: folder,
    },
  }),
};

function registration({ jid, password }: { jid: string; password: string }): string {
  return `ejabberd_auth:try_register(<<"${jid.split('@')[0]}">>, <<"${DOMAIN}">>, <<"${password}">>)`;
}

/** Debian keeps Erlang libraries under the machine's own triplet. */
function libraries(): string {
  const [found] = globSync('/usr/lib/*/ejabberd-*');
  if (found === undefined) throw new Error('ejabberd is not installed under /usr/lib');
  return dirname(found);
}

const ANONYMOUS_HOST = `host_config:
  ${ANONYMOUS_DOMAIN}:
    auth_method: [anonymous]
    anonymous_protocol: sasl_anon
    allow_multiple_connections: true
`;

function configuration({ folder, ports, certificate, options }: ServerPlan): string {
  const { inactivity = 30 } = options;
  return `loglevel: info
hosts: [${[DOMAIN, ...(options.anonymous ? [ANONYMOUS_DOMAIN] : [])].join(', ')}]
${options.anonymous ? ANONYMOUS_HOST : ''}
certfiles: ["${certificate.certificate}", "${certificate.key}"]
auth_method: internal
auth_password_format: scram
sql_type: sqlite
sql_database: "${folder}/archive.db"
registration_timeout: infinity
listen:
  - port: ${ports.c2s}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls: ${options.tls !== false}
    starttls_required: ${options.tls === 'required'}
    access: all
  - port: ${ports.c2sTls}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    tls: true
    access: all
  - port: ${ports.http}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /http-bind: mod_bosh
      /ws: ejabberd_http_ws
  - port: ${ports.https}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: true
    request_handlers:
      /http-bind: mod_bosh
      /ws: ejabberd_http_ws
acl:
  local: {user_regexp: ""}
  loopback: {ip: [127.0.0.0/8]}
access_rules:
  local: {allow: local}
  loopback: {allow: loopback}
modules:
  mod_adhoc: {}
  mod_avatar: {}
  mod_blocking: {}
  mod_bosh: {max_inactivity: ${inactivity}, max_pause: ${options.pause ?? inactivity}, ram_db_type: mnesia}
  mod_caps: {}
  mod_carboncopy: {}
  mod_client_state: {}
  mod_disco: {}
  mod_last: {}
  mod_mam: {default: always, assume_mam_usage: false, db_type: sql}
  mod_muc: {host: ${ROOMS}}
  mod_offline: {}
  mod_ping: {}
  mod_privacy: {}
  mod_private: {}
  mod_pubsub: {plugins: [flat, pep]}
  mod_register: {access: all, ip_access: loopback}
  mod_roster: {versioning: true}
  mod_stream_mgmt: {resend_on_timeout: if_offline, resume_timeout: ${options.resumption ?? 2}}
  mod_vcard: {search: false}
  mod_vcard_xupdate: {}
  mod_version: {}
`;
}

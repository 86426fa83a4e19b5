/** Prosody for tests: configuration, accounts and how it is run. Used by specs, integration tests and benchmarks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTSIDE_NAME } from '../networks/programs/names.ts';
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

/** Starts Prosody in a fresh folder. */
export function startProsody(options: ServerOptions = {}): Promise<XmppServer> {
  return startServer(recipe, options);
}

const recipe: ServerRecipe = {
  kind: 'prosody',

  async prepare(plan) {
    const accounts = join(plan.folder, 'data', DOMAIN, 'accounts');
    const plugins = join(plan.folder, 'plugins');
    await mkdir(accounts, { recursive: true });
    await mkdir(plugins, { recursive: true });
    // internal_hashed turns the plain password into a SCRAM one at the first sign-in.
    for (const { jid, password } of plan.users) {
      const file = join(accounts, `${jid.split('@')[0]}.dat`);
      await writeFile(file, `return { ["password"] = "${password}" };\n`);
    }
    await writeFile(join(plugins, 'mod_announce_ready.lua'), announceReady);
    await writeFile(join(plan.folder, 'prosody.cfg.lua'), configuration(plan));
  },

  command: (plan) => ({
    program: 'prosody',
    arguments: ['-F', '--config', join(plan.folder, 'prosody.cfg.lua')],
    environment: {},
  }),
};

const announceReady = `module:set_global();
module:hook_global("server-started", function()
  io.stdout:write("${READY_LINE}\\n"); io.stdout:flush();
end);
`;

function configuration({ folder, ports, certificate, options }: ServerPlan): string {
  return `-- Containers run the tests as root.
run_as_root = true
daemonize = false
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
plugin_paths = { "${folder}/plugins" }
log = { { levels = { min = "info" }, to = "file", filename = "${folder}/prosody.log" } }
modules_enabled = {
  "announce_ready", "disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "pep",
  "private", "smacks", "vcard4", "vcard_legacy", "csi_simple", "ping", "register", "time", "version",
  "mam", "bosh", "websocket", "offline",${(options.modules ?? []).map((name) => ` "${name}",`).join('')}
}
modules_disabled = { "s2s"${options.tls === false ? ', "tls"' : ''} }
authentication = "internal_hashed"
storage = "internal"
allow_registration = true
c2s_require_encryption = ${options.tls === 'required'}
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
consider_websocket_secure = true
bosh_max_wait = ${options.wait ?? 120}
bosh_max_inactivity = ${options.inactivity ?? 60}
c2s_ports = { ${ports.c2s} }; c2s_interfaces = { "127.0.0.1" }
c2s_direct_tls_ports = { ${ports.c2sTls} }; c2s_direct_tls_interfaces = { "127.0.0.1" }
http_ports = { ${ports.http} }; http_interfaces = { "127.0.0.1" }
https_ports = { ${ports.https} }; https_interfaces = { "127.0.0.1" }
ssl = { certificate = "${certificate.certificate}"; key = "${certificate.key}" }
https_ssl = ssl
-- So that http://127.0.0.1:port is answered like http://localhost:port.
http_default_host = "${DOMAIN}"
http_paths = { bosh = "/http-bind"; websocket = "/ws" }
VirtualHost "${DOMAIN}"
-- Under any other name than a host's it refuses TLS.
VirtualHost "${OUTSIDE_NAME}"
${options.anonymous ? `VirtualHost "${ANONYMOUS_DOMAIN}"\n  authentication = "anonymous"\n` : ''}Component "${ROOMS}" "muc"
  -- A room is open to others at once, as with ejabberd.
  muc_room_locking = false
`;
}

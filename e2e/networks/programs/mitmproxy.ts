/** mitmproxy as the tests run it: the forward proxy of a company that inspects TLS with a CA of its own. */
import { join } from 'node:path';
import { HOSTS, withHosts } from './names.ts';
import { type Program, startProgram } from './program.ts';

export interface InspectingProxy extends Program {
  /** PEM file of the company's CA. */
  readonly ca: string;
}

/** @param trusted PEM file of what it trusts on the other side. */
export async function startMitmproxy(trusted: string): Promise<InspectingProxy> {
  const program = await startProgram('mitmproxy', ({ port, folder }) => ({
    program: 'mitmdump',
    arguments: [
      ...['--listen-host', '127.0.0.1', '--listen-port', String(port)],
      ...['--set', `confdir=${folder}`, '--set', 'flow_detail=1'],
      ...['--set', `ssl_verify_upstream_trusted_ca=${trusted}`],
    ],
    environment: withHosts(join(folder, 'hosts')),
    files: { hosts: HOSTS },
  }));
  return { ...program, ca: join(program.folder, 'mitmproxy-ca-cert.pem') };
}

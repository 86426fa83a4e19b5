/** Squid that asks for a name and a password: the rules and the password files of each scheme. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Credentials } from './microsocks.ts';
import type { Program } from './program.ts';
import { startSquid } from './squid.ts';

/** `ntlm`: Debian's fake helper, which speaks the protocol and believes every name. */
export type ProxyScheme = 'basic' | 'digest' | 'ntlm';

export const PROXY_REALM = 'Company proxy';

/** Where Debian keeps what squid asks about credentials. */
const HELPERS = '/usr/lib/squid';
const PASSWORDS = 'passwords';

export function startSquidWith(scheme: ProxyScheme, credentials: Credentials): Promise<Program> {
  return startSquid(
    ({ folder }) => `${authentication(scheme, join(folder, PASSWORDS))}
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all`,
    { [PASSWORDS]: passwords(scheme, credentials) },
  );
}

function authentication(scheme: ProxyScheme, file: string): string {
  switch (scheme) {
    case 'basic':
      return `auth_param basic program ${HELPERS}/basic_ncsa_auth ${file}
auth_param basic realm ${PROXY_REALM}`;
    case 'digest':
      return `auth_param digest program ${HELPERS}/digest_file_auth -c ${file}
auth_param digest realm ${PROXY_REALM}`;
    case 'ntlm':
      return `auth_param ntlm program ${HELPERS}/ntlm_fake_auth`;
  }
}

/** In the form the scheme's helper reads: the MD5 of a password for Basic, HA1 (RFC 7616 §3.4.2) for Digest. */
function passwords(scheme: ProxyScheme, { name, password }: Credentials): string {
  if (scheme === 'basic') return `${name}:${md5(password)}\n`;
  return `${name}:${PROXY_REALM}:${md5(`${name}:${PROXY_REALM}:${password}`)}\n`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

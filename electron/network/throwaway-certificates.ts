/**
 * Certificates for tests that need real TLS on loopback: a fresh authority and certificates it signs,
 * made by the `openssl` command in a folder that is gone afterwards.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface ThrowawayAuthority {
  /** PEM of the authority, to be trusted by the client under test. */
  readonly ca: string;
  /** Signed by the authority, in the order of the names asked for; each also good for nothing else. */
  readonly certificates: readonly Certificate[];
}

/** The `O` of every throwaway authority. */
export const authorityName = 'Holdfast Throwaway Authority';

/** An authority and one certificate for each list of subject alternative names (`DNS:…`, `IP:…`). */
export async function createAuthority(
  ...subjects: readonly (readonly string[])[]
): Promise<ThrowawayAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-certificates-'));
  const file = (name: string) => join(folder, name);
  const request = (name: string, ...options: string[]) =>
    run('openssl', [
      ...['req', '-x509', '-nodes', '-days', '2'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)],
      // A configuration of our own: the machine's may add or lack extensions.
      ...['-config', file('empty.conf'), ...options],
    ]);
  try {
    await writeFile(file('empty.conf'), '[req]\ndistinguished_name = name\n[name]\n');
    await request(
      'authority',
      ...['-subj', `/O=${authorityName}/CN=authority`],
      ...['-addext', 'basicConstraints=critical,CA:TRUE'],
      ...['-addext', 'keyUsage=critical,keyCertSign'],
    );
    const certificates: Certificate[] = [];
    for (const [index, names] of subjects.entries()) {
      await request(
        `leaf${index}`,
        ...['-CA', file('authority.pem'), '-CAkey', file('authority.key'), '-subj', '/CN=leaf'],
        ...['-addext', `subjectAltName=${names.join(',')}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      );
      certificates.push({
        key: await readFile(file(`leaf${index}.key`), 'utf8'),
        cert: await readFile(file(`leaf${index}.pem`), 'utf8'),
      });
    }
    return { ca: await readFile(file('authority.pem'), 'utf8'), certificates };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

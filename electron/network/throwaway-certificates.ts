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

/** What a certificate is for: its subject alternative names (`DNS:…`, `IP:…`), and when it is good where not now. */
export type Subject =
  | readonly string[]
  | { readonly names: readonly string[]; readonly from: Date; readonly to: Date };

/** An authority and one certificate for each subject. */
export async function createAuthority(
  ...subjects: readonly Subject[]
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
    for (const [index, subject] of subjects.entries()) {
      const names = 'names' in subject ? subject.names : subject;
      const extensions = [
        ...['-addext', `subjectAltName=${names.join(',')}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ];
      if ('names' in subject) {
        await signDated(file, `leaf${index}`, subject, extensions);
      } else {
        await request(
          `leaf${index}`,
          ...['-CA', file('authority.pem'), '-CAkey', file('authority.key'), '-subj', '/CN=leaf'],
          ...extensions,
        );
      }
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

/** Only `openssl ca` lets dates be chosen, and it wants a place to keep books. */
async function signDated(
  file: (name: string) => string,
  name: string,
  { from, to }: { readonly from: Date; readonly to: Date },
  extensions: readonly string[],
): Promise<void> {
  const [key, csr, pem] = ['key', 'csr', 'pem'].map((ending) => file(`${name}.${ending}`));
  await writeFile(file('index.txt'), '');
  await writeFile(
    file('ca.conf'),
    `[ca]
default_ca = books
[books]
database = ${file('index.txt')}
new_certs_dir = ${file('')}
rand_serial = yes
default_md = sha256
copy_extensions = copy
policy = anything
[anything]
commonName = supplied
`,
  );
  await run('openssl', [
    ...['req', '-new', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-keyout', key ?? '', '-out', csr ?? '', '-subj', '/CN=leaf'],
    ...['-config', file('empty.conf'), ...extensions],
  ]);
  await run('openssl', [
    ...['ca', '-batch', '-notext', '-config', file('ca.conf'), '-in', csr ?? '', '-out', pem ?? ''],
    ...['-cert', file('authority.pem'), '-keyfile', file('authority.key')],
    ...['-startdate', asn1Time(from), '-enddate', asn1Time(to)],
  ]);
}

/** `20301231235959Z` */
function asn1Time(date: Date): string {
  return `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}

/** A self-signed certificate for loopback, made with openssl where the tests need TLS. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/** Writes `<name>.crt` and `<name>.key` for localhost, its subdomains here and 127.0.0.1. */
export async function makeCertificate(folder: string, name = 'localhost'): Promise<Certificate> {
  const files = { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '30',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,DNS:conference.localhost,DNS:upload.localhost,DNS:chat.outside.test,IP:127.0.0.1',
    '-keyout',
    files.key,
    '-out',
    files.certificate,
  ]);
  return files;
}

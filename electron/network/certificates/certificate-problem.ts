/** A certificate that is not trusted, in plain words, for every adapter and the doctor. */
import type {
  Certificate,
  CertificateFailure,
  CertificateFault,
} from '../../../shared/certificate.ts';
import type { Problem } from '../../../shared/problem.ts';

/** Which faults a person may overlook: each leaves the connection with the server it is for, if at all. */
const exceptable: readonly CertificateFault[] = ['expired', 'not-yet-valid', 'unknown-issuer'];

/** What is wrong with a certificate shown by `host`. @param chain the server's own first; at least one. */
export function certificateFailure(
  host: string,
  fault: CertificateFault,
  chain: readonly Certificate[],
): CertificateFailure {
  return { host, fault, chain: [...chain], mayBeExcepted: exceptable.includes(fault) };
}

/** @param names the host names it is good for, where they are known */
export function certificateProblem(
  failure: CertificateFailure,
  names: readonly string[] = [],
): Problem {
  const { host, fault, chain } = failure;
  const [own] = chain;
  const issuer = chain.at(-1)?.issuer ?? 'nobody';
  const subject = names.slice(0, 3).join(', ') || (own?.subject ?? 'nobody');
  const words: Record<CertificateFault, readonly [message: string, advice: string]> = {
    expired: [
      `The server’s certificate ran out on ${day(own?.validTo)}.`,
      'Check the date of this computer. If it is right, tell whoever runs the server.',
    ],
    'not-yet-valid': [
      `The server’s certificate begins to be good on ${day(own?.validFrom)}.`,
      'Check the date of this computer: it may be slow. If it is right, tell whoever runs the server.',
    ],
    'other-name': [
      `The certificate is for ${subject}, not for ${host}.`,
      'Check the address. If it is right, this network may be answering in the server’s place: look whether it wants you to sign in.',
    ],
    'unknown-issuer': [
      `The certificate was issued by “${issuer}”, which this computer does not trust.`,
      'If your organisation inspects traffic, ask for its certificate and add it under Accounts. If not, do not go on: somebody may be listening.',
    ],
    other: [
      'The server’s certificate is not good.',
      'Tell whoever runs the server, and do not go on: somebody may be listening.',
    ],
  };
  const [message, advice] = words[fault];
  return {
    code: `network.certificate-${fault}`,
    source: 'network',
    message,
    advice,
    retry: 'later',
    detail: `${host}: ${[...chain.map((one) => one.subject), issuer].join(' ← ')}`.slice(0, 300),
    certificate: failure,
  };
}

function day(iso = ''): string {
  return iso.slice(0, 10);
}

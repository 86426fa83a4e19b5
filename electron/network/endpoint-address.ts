/**
 * Which addresses may be a BOSH endpoint, typed or discovered: https, or plain http to this computer.
 * The host calls `parseEndpoint` for what a person typed; discovery checks links by the same rules.
 */
import { ProblemError } from '../../shared/problem.ts';
import { isLoopback } from './loopback.ts';

const example = 'It looks like https://chat.example.org/http-bind.';

const faults = {
  'input.endpoint-empty': ['No BOSH address was typed.', example],
  'input.endpoint-invalid': ['This is not a web address.', example],
  'input.endpoint-scheme': ['A BOSH address begins with https://.', example],
  'input.endpoint-insecure': [
    'This address is not secure: it begins with http://.',
    'Use the address that begins with https://.',
  ],
  'input.endpoint-credentials': [
    'The address contains a name or password.',
    'Leave out everything before the @ sign: your address and password go into their own fields.',
  ],
  'input.endpoint-fragment': [
    'The address contains a # sign.',
    'Leave out the # and what follows.',
  ],
} as const;

/** Longer than any endpoint, shorter than what any server refuses. */
const longestAddress = 2000;

/**
 * The endpoint a person typed, as an absolute URL. A host without a scheme is taken to speak https.
 * @throws ProblemError `input.endpoint-empty`, `-invalid`, `-scheme` (neither https nor http),
 *   `-insecure` (http to another computer), `-credentials` or `-fragment`. What was typed is not repeated.
 */
export function parseEndpoint(text: string): string {
  const typed = text.trim();
  if (typed === '') throw fault('input.endpoint-empty');
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(typed);
  // `URL` quietly drops line breaks and turns backslashes; `https:host` it would take for a host `https`.
  const repaired = /[\s\p{Cc}\\]/u.test(typed) || (!hasScheme && /^[^/?#@[]*:(?!\d)/.test(typed));
  const address = hasScheme ? typed : `https://${typed}`;
  if (repaired || typed.length > longestAddress || !URL.canParse(address)) {
    throw fault('input.endpoint-invalid');
  }
  const url = new URL(address);
  const code = endpointFault(url);
  if (code !== undefined) throw fault(code);
  return url.href;
}

/** What is wrong with an address as an endpoint; undefined where nothing is. */
export function endpointFault(url: URL): keyof typeof faults | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'input.endpoint-scheme';
  if (url.username !== '' || url.password !== '') return 'input.endpoint-credentials';
  if (url.hash !== '' || url.href.endsWith('#')) return 'input.endpoint-fragment';
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return 'input.endpoint-insecure';
  return undefined;
}

function fault(code: keyof typeof faults): ProblemError {
  const [message, advice] = faults[code];
  return new ProblemError({ code, source: 'input', message, advice, retry: 'never' });
}

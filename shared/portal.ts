/** Captive portals: which problems may be one's doing, and where a browser meets it. Pure. */
import type { Problem } from './problem.ts';

/** A page, a redirect, a demand to sign in, or a certificate that is not the server's. */
const PORTAL_CODES: ReadonlySet<string> = new Set([
  'network.html-answer',
  'network.redirected',
  'network.sign-in-required',
  'network.certificate-unknown-issuer',
  'network.certificate-other-name',
]);

/**
 * The address a browser is sent to so that a portal can show itself; undefined where the problem is no portal's.
 * It is the server's own name over plain HTTP: portals answer that in its place, and the person goes nowhere else.
 * @param endpoint the BOSH URL, where it is known
 */
export function portalAddress(
  problem: Pick<Problem, 'code'> | undefined,
  { jid, endpoint }: { readonly jid: string; readonly endpoint?: string | undefined },
): string | undefined {
  if (problem === undefined || !PORTAL_CODES.has(problem.code)) return undefined;
  const known = URL.canParse(endpoint ?? '') ? new URL(endpoint ?? '') : undefined;
  if (known?.protocol === 'http:') return `${known.origin}/`;
  const host = known?.hostname ?? jid.slice(jid.indexOf('@') + 1);
  return URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).href : undefined;
}

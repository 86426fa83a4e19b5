/**
 * Where the XMPP server of a domain is: its SRV records, those for direct TLS among them, in the order in
 * which they are to be tried (RFC 6120 §3.2, RFC 2782, XEP-0368). Used by `tcp-upstream.ts`.
 */

/** One place to try. */
export interface ServerAddress {
  /** A host name or an IP address. */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368); otherwise STARTTLS. */
  readonly directTls: boolean;
}

export interface ServiceRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** The part of `node:dns` that is asked. */
export interface ServiceResolver {
  /** Rejects where there are none, or where nobody answers. */
  resolveSrv(name: string): Promise<readonly ServiceRecord[]>;
}

/** RFC 6120 §14.7 */
const DEFAULT_PORT = 5222;

/**
 * Asks for both kinds of record at once and puts what is found in one order.
 * @param domain in its ASCII form.
 * @param random from 0 to 1.
 * @returns none where the domain says that it has no such service.
 */
export async function findServers(
  domain: string,
  resolver: ServiceResolver,
  random: () => number = Math.random,
): Promise<ServerAddress[]> {
  const look = async (service: string, directTls: boolean): Promise<Candidate[]> => {
    const records = await resolver.resolveSrv(`${service}._tcp.${domain}`).catch(() => []);
    return records.map((record) => ({ ...record, directTls }));
  };
  const found = await Promise.all([look('_xmpps-client', true), look('_xmpp-client', false)]);
  const candidates = found.flat();
  // What has no records is tried under its own name, and so is what nobody could tell about (RFC 6120 §3.2.1).
  if (candidates.length === 0) return [{ host: domain, port: DEFAULT_PORT, directTls: false }];
  return inOrder(candidates.filter(isThere), random).map(({ name, port, directTls }) => ({
    host: name,
    port,
    directTls,
  }));
}

interface Candidate extends ServiceRecord {
  readonly directTls: boolean;
}

/** The root as a target says that there is no such service (RFC 2782). */
function isThere({ name }: Candidate): boolean {
  return name !== '' && name !== '.';
}

/** By priority, and where that is the same at random, in proportion to the weights (RFC 2782). */
function inOrder(candidates: readonly Candidate[], random: () => number): Candidate[] {
  const priorities = [...new Set(candidates.map(({ priority }) => priority))];
  return priorities
    .sort((one, other) => one - other)
    .flatMap((priority) =>
      shuffled(
        candidates.filter((candidate) => candidate.priority === priority),
        random,
      ),
    );
}

function shuffled(candidates: readonly Candidate[], random: () => number): Candidate[] {
  // Those without a weight first, so that they have the small chance that they are meant to have.
  const left = candidates.toSorted((one, other) => one.weight - other.weight);
  const ordered: Candidate[] = [];
  while (left.length > 0) {
    const drawn = random() * left.reduce((sum, { weight }) => sum + weight, 0);
    let passed = 0;
    const index = left.findIndex(({ weight }) => {
      passed += weight;
      return passed >= drawn;
    });
    ordered.push(...left.splice(Math.max(0, index), 1));
  }
  return ordered;
}

/**
 * Answers one proxy's challenges: Digest before Basic, and again without being asked while the proxy takes
 * it. NTLM and Negotiate are beyond Node; the problem says so.
 */
import type { ProxyAddress } from '../../../shared/proxy.ts';
import { networkProblem } from '../network-problem.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { DigestAnswers, isDigestAnswerable } from './digest.ts';
import type { ProxyKeys } from './proxy-keys.ts';
import { proxyDetail } from './proxy-problem.ts';
import type { ProxyCredentials, ProxyRoute } from './route.ts';

/** One way to answer the proxy. */
export interface ProxyAnswer {
  readonly credentials: ProxyCredentials;
  /** The value of `Proxy-Authorization` for a CONNECT to this authority; another one each time. */
  readonly header: (authority: string) => string;
}

export class ProxyAuthorization {
  readonly #proxy: ProxyAddress;
  readonly #own: ProxyCredentials | undefined;
  readonly #keys: ProxyKeys;
  /** Never given twice: some proxies lock people out after a few wrong tries. */
  readonly #refused = new WeakSet<ProxyCredentials>();
  #answer: ProxyAnswer | undefined;

  constructor({ credentials, ...proxy }: ProxyRoute, keys: ProxyKeys) {
    this.#proxy = proxy;
    this.#own = credentials;
    this.#keys = keys;
  }

  /** What the proxy took last; undefined while it has not asked. */
  get answer(): ProxyAnswer | undefined {
    return this.#answer;
  }

  /**
   * The proxy answered 407 (RFC 9110 §15.5.8): what to answer next, here and from now on.
   * @param header `Proxy-Authenticate`, repeated ones joined.
   * @param given what it was answered with.
   * @throws ProblemError `network.proxy-auth` where somebody has to say who they are, and
   *   `network.proxy-auth-unsupported`
   */
  async challenged(header: string, given: ProxyAnswer | undefined): Promise<ProxyAnswer> {
    const challenges = parseChallenges(header);
    const challenge =
      challenges.find(isDigestAnswerable) ?? challenges.find(({ scheme }) => scheme === 'basic');
    this.#answer = undefined;
    if (challenge === undefined) {
      const schemes = challenges.map(({ scheme }) => scheme).join(', ') || 'nothing known';
      throw networkProblem('network.proxy-auth-unsupported', {
        detail: proxyDetail(this.#proxy, `asks for ${schemes}`),
      });
    }
    const isStale = challenge.parameters.stale?.toLowerCase() === 'true';
    const refused = isStale ? undefined : given?.credentials;
    if (refused !== undefined) this.#refused.add(refused);
    const credentials = await this.#credentials();
    if (credentials === undefined) {
      const { realm } = challenge.parameters;
      this.#keys.ask(
        {
          proxy: this.#proxy,
          scheme: challenge.scheme,
          ...(realm === undefined ? {} : { realm }),
        },
        refused,
      );
      throw networkProblem('network.proxy-auth', {
        detail: proxyDetail(this.#proxy, `asks for ${challenge.scheme}`),
      });
    }
    const answer = { credentials, header: answerTo(challenge, credentials) };
    this.#answer = answer;
    return answer;
  }

  /** What somebody typed comes before what stands in the address. */
  async #credentials(): Promise<ProxyCredentials | undefined> {
    const known = (await this.#keys.find(this.#proxy)) ?? this.#own;
    return known === undefined || this.#refused.has(known) ? undefined : known;
  }
}

function answerTo(challenge: Challenge, credentials: ProxyCredentials): ProxyAnswer['header'] {
  if (challenge.scheme === 'basic') {
    const { username, password } = credentials;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return () => basic;
  }
  const answers = new DigestAnswers(challenge);
  return (authority) => answers.answer('CONNECT', authority, credentials);
}

/** What a proxy that wants to know who asks says in `Proxy-Authenticate` (RFC 9110 §11.7.1), in short. Pure. */
import { parseChallenges } from '../proxies/challenge.ts';

/** The schemes it would take, lower-case, and what it calls the place it guards, if anything. */
export function challengeOf(headers: Readonly<Record<string, string>>): {
  readonly schemes: readonly string[];
  readonly realm?: string;
} {
  const challenges = parseChallenges(headers['proxy-authenticate'] ?? '');
  const realm = challenges.map(({ parameters }) => parameters.realm).find(Boolean);
  return {
    schemes: challenges.map(({ scheme }) => scheme),
    ...(realm === undefined ? {} : { realm: realm.slice(0, 200) }),
  };
}

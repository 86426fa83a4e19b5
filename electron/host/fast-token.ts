/** The token to sign in with instead of the password (XEP-0484), as it lies sealed in the account's record. */
import type { FastToken } from '../xmpp/xmpp-client.ts';
import type { Secrets } from './secrets.ts';

/** The token, or undefined where it has expired or cannot be read (any more): the password serves then. */
export async function unsealToken(
  sealed: string,
  secrets: Secrets,
  now: number,
): Promise<FastToken | undefined> {
  try {
    const token: FastToken = JSON.parse(await secrets.unseal(sealed));
    // Also where the time cannot be read: no comparison with it holds.
    return Date.parse(token.expiry) > now ? token : undefined;
  } catch {
    return undefined;
  }
}

export function sealToken(token: FastToken, secrets: Secrets): Promise<string> {
  return secrets.seal(JSON.stringify(token));
}

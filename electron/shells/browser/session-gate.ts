/**
 * Who may use the browser shell: whoever presents the link of this process once gets a cookie, and the
 * cookie opens everything. Used by the server for each request; nothing here outlives the process.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SessionGate {
  /** A new one-time token (256 bits); the one before it, if not used yet, stops working. */
  issueToken(): string;
  /** Whether this `Cookie` header carries the session. */
  admits(cookieHeader: string | undefined): boolean;
  /** The `Set-Cookie` value for this token, or undefined where it is wrong or used up. */
  redeem(token: string): string | undefined;
}

/** @param port names the cookie, so that two instances on 127.0.0.1 keep theirs apart (cookies ignore ports). */
export function createSessionGate(port: number): SessionGate {
  const cookieName = `holdfast-${port}`;
  const session = randomBytes(32).toString('base64url');
  let token: string | undefined;
  return {
    issueToken() {
      token = randomBytes(32).toString('base64url');
      return token;
    },
    admits(cookieHeader) {
      const value = cookieHeader
        ?.split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${cookieName}=`))
        ?.slice(cookieName.length + 1);
      return value !== undefined && sameSecret(value, session);
    },
    redeem(candidate) {
      if (token === undefined || !sameSecret(candidate, token)) return undefined;
      token = undefined;
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
  };
}

/** Compares in a time that tells nothing: hashing makes the lengths equal. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Jabber identifiers as both sides of the contract use them: parsing what a person types and
 * comparing what a server sends. Follows RFC 7622 (without PRECIS profiles: the server has the last word).
 */

/** A JID taken apart; `local` and `resource` are absent where the address has none (RFC 7622 §3). */
export interface JidParts {
  readonly local?: string;
  readonly domain: string;
  readonly resource?: string;
}

const FORBIDDEN_IN_LOCAL = /["&'/:<>@\s]/u;
const FORBIDDEN_IN_DOMAIN = /["&'/<>@\s]/u;

/**
 * Takes a JID apart, lower-casing the parts that compare without case.
 * @returns `undefined` where the text is not a JID (RFC 7622 §3.1: each part at most 1023 bytes).
 */
export function parseJid(text: string): JidParts | undefined {
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const resource = slash < 0 ? undefined : text.slice(slash + 1);
  const at = bare.indexOf('@');
  const local = at < 0 ? undefined : bare.slice(0, at).toLowerCase();
  const domain = bare
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/u, '');
  if (!fits(domain) || FORBIDDEN_IN_DOMAIN.test(domain)) return undefined;
  if (local !== undefined && (!fits(local) || FORBIDDEN_IN_LOCAL.test(local))) return undefined;
  if (resource !== undefined && !fits(resource)) return undefined;
  return {
    ...(local === undefined ? {} : { local }),
    domain,
    ...(resource === undefined ? {} : { resource }),
  };
}

/** The address without its resource: the person, not the device (RFC 6120 §1.4). */
export function bareJid(jid: string): string {
  const parts = parseJid(jid);
  if (!parts) return jid;
  return parts.local === undefined ? parts.domain : `${parts.local}@${parts.domain}`;
}

/** True for an address of a person: a local part, a domain and no resource. */
export function isBareUserJid(text: string): boolean {
  const parts = parseJid(text);
  return parts?.local !== undefined && parts.resource === undefined;
}

function fits(part: string): boolean {
  return part.length > 0 && new TextEncoder().encode(part).length <= 1023;
}

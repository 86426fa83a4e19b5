/** What a proxy that wants to know who asks says in `Proxy-Authenticate` (RFC 9110 §11.7.1). Pure. */

const known = ['negotiate', 'kerberos', 'ntlm', 'digest', 'basic'] as const;

/** The schemes, lower-case and in this order of strength, and the first realm, if any. */
export function proxyChallenge(headers: Readonly<Record<string, string>>): {
  readonly schemes: readonly string[];
  readonly realm?: string;
} {
  const challenge = headers['proxy-authenticate'] ?? '';
  // A scheme stands at the beginning or after a comma, and no `=` follows it.
  const named = new Set(
    [...challenge.matchAll(/(?:^|,)\s*([a-z][\w-]*)(?=\s+[^=\s]|\s*(?:,|$))/gi)].map(
      ([, scheme = '']) => scheme.toLowerCase(),
    ),
  );
  const realm = /\brealm\s*=\s*"([^"]{1,200})"/i.exec(challenge)?.[1];
  return {
    schemes: known.filter((scheme) => named.has(scheme)),
    ...(realm === undefined ? {} : { realm }),
  };
}

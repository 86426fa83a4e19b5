/** What the manager says of itself at `/.well-known/host-meta` (XEP-0156, RFC 6415), for clients that look for it. */

const REL = 'urn:xmpp:alt-connections:xbosh';

/** The XRD document. @param url of the BOSH endpoint, `https:` (XEP-0156 §2.2). */
export function xrd(url: string): string {
  const href = url.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<?xml version="1.0" encoding="utf-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="${REL}" href="${href}"/>
</XRD>
`;
}

/** The JRD document. */
export function jrd(url: string): string {
  return `${JSON.stringify({ links: [{ rel: REL, href: url }] })}\n`;
}

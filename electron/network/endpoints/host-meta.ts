/**
 * Reads host-meta documents (RFC 6415): XRD and its JSON form JRD. Pure; endpoint discovery calls it.
 * Documents come from strangers: no DTD, nothing deep, nothing taken that is not asked for.
 */
import { SaxesParser } from 'saxes';
import { z } from 'zod';

const xrdNamespace = 'http://docs.oasis-open.org/ns/xri/xrd-1.0';
/** XRD needs three levels; extensions a few more. */
const deepest = 20;
const mostLinks = 200;

const jrdSchema = z.object({ links: z.array(z.unknown()).optional() });
const rank = z.number().int().min(0).max(65_535).optional().catch(undefined);
const jrdLinkSchema = z.object({ rel: z.string(), href: z.string(), priority: rank, weight: rank });

/** A link of the relation that was asked for. */
export interface HostMetaLink {
  readonly href: string;
  /** Of RFC 2782, where the domain says (XEP-0487 §2.1). */
  readonly priority?: number | undefined;
  readonly weight?: number | undefined;
}

/**
 * All links with this relation in an XRD document, in document order.
 * @throws Error where the text is not well-formed XML, has a document type, is too deep or is not XRD.
 */
export function xrdLinks(text: string, rel: string): HostMetaLink[] {
  const found: HostMetaLink[] = [];
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type is not accepted');
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    depth += 1;
    if (depth > deepest) throw new Error(`more than ${deepest} levels`);
    const isXrd = uri === xrdNamespace;
    if (depth === 1 && !(isXrd && local === 'XRD')) throw new Error('the root is not an XRD');
    const href = attributes.href?.value;
    if (depth === 2 && isXrd && local === 'Link' && attributes.rel?.value === rel && href) {
      if (found.length === mostLinks) throw new Error(`more than ${mostLinks} links`);
      found.push({ href });
    }
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  parser.write(text).close();
  return found;
}

/**
 * The same of a JRD document, with the priorities and weights of XEP-0487 where it has them.
 * @throws Error where the text is not JSON or not a JRD.
 */
export function jrdLinks(text: string, rel: string): HostMetaLink[] {
  const { links = [] } = jrdSchema.parse(JSON.parse(text));
  if (links.length > mostLinks) throw new Error(`more than ${mostLinks} links`);
  return links.flatMap((link) => {
    const read = jrdLinkSchema.safeParse(link);
    if (!read.success || read.data.rel !== rel) return [];
    const { href, priority, weight } = read.data;
    return [priority === undefined ? { href } : { href, priority, weight }];
  });
}

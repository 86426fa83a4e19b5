/**
 * XEP-0115 Entity Capabilities: a hash of what `disco.ts` answers, carried in every presence so that
 * nobody has to ask, and by which PEP knows what to send us (XEP-0163 §4).
 */
import { createHash } from 'node:crypto';
import xml, { type Element } from '@xmpp/xml';

const NAMESPACE = 'http://jabber.org/protocol/caps';
/** Disco features this brings. */
export const capsFeatures: readonly string[] = [NAMESPACE];

/** The URI that stands for this software (§4). */
export const CAPS_NODE = 'urn:x-holdfast:client';

/** XEP-0030 §3.1: what kind of thing an entity is. */
export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name?: string;
  readonly language?: string;
}

/** XEP-0128: a form in an answer to disco#info. */
export interface ExtendedInformation {
  readonly formType: string;
  readonly fields: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** What an entity is and can do: what the verification string stands for. */
export interface Capabilities {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
  readonly forms?: readonly ExtendedInformation[];
}

/** The verification string: SHA-1 in Base64 (§5.1). */
export function verificationString({ identities, features, forms = [] }: Capabilities): string {
  const parts = [
    ...identities
      .map(
        ({ category, type, language = '', name = '' }) => `${category}/${type}/${language}/${name}`,
      )
      .sort(byOctets),
    ...[...features].sort(byOctets),
    ...[...forms]
      .sort((a, b) => byOctets(a.formType, b.formType))
      .flatMap(({ formType, fields }) => [
        formType,
        ...[...fields]
          .sort((a, b) => byOctets(a.name, b.name))
          .flatMap(({ name, values }) => [name, ...[...values].sort(byOctets)]),
      ]),
  ];
  return createHash('sha1')
    .update(parts.map((part) => `${part}<`).join(''))
    .digest('base64');
}

/** The `<c/>` for presence (§6.1). */
export function capabilitiesElement(capabilities: Capabilities): Element {
  return xml('c', {
    xmlns: NAMESPACE,
    hash: 'sha-1',
    node: CAPS_NODE,
    ver: verificationString(capabilities),
  });
}

/** The "i;octet" collation (RFC 4790 §9.3). */
function byOctets(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

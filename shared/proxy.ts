/** How an account's traffic leaves this computer: the person's choice, as both sides speak of it. */
import { z } from 'zod';

export const proxySchemeSchema = z.enum([
  /** CONNECT over plain TCP (RFC 9110 §9.3.6); what is tunnelled is TLS all the same. */
  'http',
  /** CONNECT over TLS. */
  'https',
  /** RFC 1928. */
  'socks5',
]);
/** See {@link proxySchemeSchema}. */
export type ProxyScheme = z.infer<typeof proxySchemeSchema>;

export const proxyAddressSchema = z.object({
  scheme: proxySchemeSchema,
  /** A name or an IP address, IPv6 without brackets. */
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
});
/** Tells one proxy from another. */
export type ProxyAddress = z.infer<typeof proxyAddressSchema>;

export const proxySettingSchema = z.discriminatedUnion('mode', [
  /** As this computer is set up: the environment, the desktop, a PAC script it names. */
  z.object({ mode: z.literal('system') }),
  /** A proxy auto-configuration script at this address. */
  z.object({ mode: z.literal('pac'), url: z.string().min(1).max(2048) }),
  z.object({ mode: z.literal('manual'), proxy: proxyAddressSchema }),
  z.object({ mode: z.literal('none') }),
]);
/** See {@link proxySettingSchema}. */
export type ProxySetting = z.infer<typeof proxySettingSchema>;

/** What an account has until somebody says otherwise. */
export const defaultProxySetting: ProxySetting = { mode: 'system' };

export const proxyQuestionSchema = z.object({
  id: z.string(),
  proxy: proxyAddressSchema,
  /** What the proxy calls the place it guards. */
  realm: z.string().optional(),
  /** How it wants to be told: `basic`, `digest`, … */
  scheme: z.string(),
  /** The name that it refused together with its password; absent where it has not been told any. */
  refused: z.string().optional(),
});
/** A proxy wants to know who is there. */
export type ProxyQuestion = z.infer<typeof proxyQuestionSchema>;

/** `proxy.example:3128`, with the brackets an IPv6 address needs. */
export function proxyHostPort({ host, port }: Pick<ProxyAddress, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `http://proxy.example:3128`: names a proxy in logs, reports and keys. */
export function proxyUrl(proxy: ProxyAddress): string {
  return `${proxy.scheme}://${proxyHostPort(proxy)}`;
}

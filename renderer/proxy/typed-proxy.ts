/** A choice of proxy while it is being typed, and what is wrong with it. Pure. */
import type { ProxyScheme, ProxySetting } from '../../shared/proxy.ts';

/** The fields as they stand; those of other choices are kept while one is tried. */
export interface TypedProxy {
  readonly mode: ProxySetting['mode'];
  readonly pac: string;
  readonly scheme: ProxyScheme;
  readonly host: string;
  readonly port: string;
}

export type ProxyErrors = { readonly [K in 'pac' | 'host' | 'port']?: string };

/** The fields of a choice. */
export function typedProxy(setting: ProxySetting | undefined): TypedProxy {
  const empty: TypedProxy = { mode: 'system', pac: '', scheme: 'http', host: '', port: '' };
  if (setting?.mode === 'pac') return { ...empty, mode: 'pac', pac: setting.url };
  if (setting?.mode === 'manual') {
    const { scheme, host, port } = setting.proxy;
    return { ...empty, mode: 'manual', scheme, host, port: String(port) };
  }
  return { ...empty, mode: setting?.mode ?? 'system' };
}

/** The choice, or what is wrong. */
export function checkProxy(typed: TypedProxy): {
  readonly setting?: ProxySetting;
  readonly errors: ProxyErrors;
} {
  const { mode } = typed;
  if (mode === 'system' || mode === 'none') return { setting: { mode }, errors: {} };
  if (mode === 'pac') {
    const url = typed.pac.trim();
    const isAddress = URL.canParse(url) && /^(https?|file):$/u.test(new URL(url).protocol);
    return isAddress
      ? { setting: { mode, url }, errors: {} }
      : { errors: { pac: 'Write the whole address, like http://proxy.example.org/proxy.pac.' } };
  }
  const host = typed.host.trim();
  const port = /^\d{1,5}$/u.test(typed.port.trim()) ? Number(typed.port) : 0;
  const errors: ProxyErrors = {
    ...(/^[^\s/@?#]+$/u.test(host) && !/^[^[:]+:\d+$/u.test(host)
      ? {}
      : { host: 'Write a name like proxy.example.org, and the port in its own field.' }),
    ...(port >= 1 && port <= 65_535 ? {} : { port: 'Write a number from 1 to 65535.' }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return { setting: { mode, proxy: { scheme: typed.scheme, host, port } }, errors };
}

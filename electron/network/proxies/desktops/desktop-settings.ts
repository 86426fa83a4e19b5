/** What any desktop environment may say about proxies; the files beside this one read it from theirs. */
import type { ProxyRoute } from '../route.ts';

/** Undefined: it says nothing. */
export type DesktopProxy =
  | { readonly pac: string }
  /** `bypass`: see `isBypassed`. */
  | { readonly proxy: ProxyRoute; readonly bypass: readonly string[] }
  | undefined;

/** Where no address is given, PAC scripts are looked for under this name (WPAD by DNS). */
export const wellKnownPac = 'http://wpad/wpad.dat';

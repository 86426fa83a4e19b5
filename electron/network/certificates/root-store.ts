/**
 * The roots that a certificate's chain may end in: Node's own, those installed on this computer, those a person
 * added. One for all exchanges of a process: reading the system's takes its time, so it is done when first needed.
 */
import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** `usual`: Node's own; `wide`: the system's too. */
export type Reach = 'usual' | 'wide';

export class RootStore {
  readonly #contexts = new Map<Reach, { readonly key: string; readonly context: SecureContext }>();
  #bundled: ReadonlySet<string> | undefined;
  #installed: ReadonlySet<string> | undefined;

  /** @param added PEM. Undefined: Node's defaults serve. */
  context(reach: Reach, added: readonly string[]): SecureContext | undefined {
    if (reach === 'usual' && added.length === 0) return undefined;
    const key = createHash('sha256').update(added.join('\n')).digest('hex');
    const known = this.#contexts.get(reach);
    if (known?.key === key) return known.context;
    const system = reach === 'wide' ? getCACertificates('system') : [];
    const context = createSecureContext({
      ca: [...getCACertificates('default'), ...system, ...added],
      // Companies hand out intermediate authorities too: what was added is trusted as it is.
      allowPartialTrustChain: added.length > 0,
    });
    this.#contexts.set(reach, { key, context });
    return context;
  }

  /** Whether a certificate is one of those Node brings along, which are Mozilla's. @param der of the root */
  isBundled(der: Buffer): boolean {
    this.#bundled ??= new Set(getCACertificates('bundled').map(base64Of));
    return this.#bundled.has(der.toString('base64'));
  }

  /** Whether a certificate is among those of this computer. @param der of the root */
  isInstalled(der: Buffer): boolean {
    this.#installed ??= new Set([
      ...getCACertificates('system').map(base64Of),
      ...getCACertificates('extra').map(base64Of),
    ]);
    return this.#installed.has(der.toString('base64'));
  }
}

/** A PEM certificate without its frame. */
export function base64Of(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}

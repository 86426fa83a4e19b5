/** GNOME's proxy settings, which Cinnamon, Unity and others share: `gsettings list-recursively org.gnome.system.proxy`. */
import { type DesktopProxy, wellKnownPac } from './desktop-settings.ts';

export function gnomeProxy(output: string): DesktopProxy {
  const values = new Map(
    [...output.matchAll(/^org\.gnome\.system\.proxy(\.\w+)? ([\w-]+) (.*)$/gm)].map(
      ([, group = '', key = '', value = '']) => [`${group.slice(1)}${group && '.'}${key}`, value],
    ),
  );
  const text = (key: string): string => values.get(key)?.replace(/^'(.*)'$/, '$1') ?? '';
  const mode = text('mode');
  if (mode === 'auto') return { pac: text('autoconfig-url') || wellKnownPac };
  if (mode !== 'manual') return undefined;
  const bypass = [...text('ignore-hosts').matchAll(/'([^']*)'/g)].map(([, host = '']) => host);
  for (const [group, scheme] of [
    ['https', 'http'],
    ['socks', 'socks5'],
  ] as const) {
    const host = text(`${group}.host`);
    const port = Number(text(`${group}.port`));
    if (host !== '' && port > 0) return { proxy: { scheme, host, port }, bypass };
  }
  return undefined;
}

/**
 * What the desktop environment is told about proxies, for programs that are not made by it: GNOME and its kin,
 * KDE, macOS, Windows. Route finding reads it where the environment variables say nothing.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DesktopProxy } from './desktops/desktop-settings.ts';
import { gnomeProxy } from './desktops/gnome.ts';
import { kdeProxy } from './desktops/kde.ts';
import { macosProxy } from './desktops/macos.ts';
import { windowsProxy } from './desktops/windows.ts';

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The output of a program; undefined where it is not there or fails. */
  readonly read: (program: string, parameters: readonly string[]) => Promise<string | undefined>;
}

export async function readDesktopProxy(desktop: Desktop = thisDesktop()): Promise<DesktopProxy> {
  const { platform, environment, read } = desktop;
  const parse = async (
    program: string,
    parameters: readonly string[],
    meaning: (output: string) => DesktopProxy,
  ): Promise<DesktopProxy> => {
    const output = await read(program, parameters);
    return output === undefined ? undefined : meaning(output);
  };
  if (platform === 'darwin') return parse('scutil', ['--proxy'], macosProxy);
  if (platform === 'win32') return parse('reg', ['query', internetSettings], windowsProxy);
  // Without a desktop there is nobody to ask, and no reason to start a program.
  const names = environment.XDG_CURRENT_DESKTOP?.split(':') ?? [];
  if (names.length === 0) return undefined;
  return names.includes('KDE')
    ? parse('cat', [`${configuration(environment)}/kioslaverc`], kdeProxy)
    : parse('gsettings', ['list-recursively', 'org.gnome.system.proxy'], gnomeProxy);
}

const internetSettings = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

function configuration({ XDG_CONFIG_HOME, HOME = '' }: Desktop['environment']): string {
  return XDG_CONFIG_HOME || `${HOME}/.config`;
}

const readMs = 3_000;

function thisDesktop(): Desktop {
  return {
    platform: process.platform,
    environment: process.env,
    async read(program, parameters) {
      try {
        const options = { timeout: readMs, windowsHide: true };
        return (await promisify(execFile)(program, [...parameters], options)).stdout;
      } catch {
        return undefined;
      }
    },
  };
}

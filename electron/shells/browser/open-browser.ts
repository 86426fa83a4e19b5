/** Opens a link in the default browser of this desktop. */
import { spawn } from 'node:child_process';

/** The program that opens a link, and what to pass it. */
export function browserCommand(platform: NodeJS.Platform, url: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // Not `start`: cmd.exe would read the link as a command line.
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}

/** Resolves once the program runs, or rejects where there is none; does not wait for the browser. */
export function openBrowser(url: string): Promise<void> {
  const [program, parameters] = browserCommand(process.platform, url);
  const child = spawn(program, parameters, { stdio: 'ignore', detached: true });
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

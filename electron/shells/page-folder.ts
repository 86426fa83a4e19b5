/**
 * Where the built page lies, seen from a shell's main file: beside the bundle it belongs to, or in the
 * build's output where the shell runs from its source.
 */
import { fileURLToPath } from 'node:url';

/** @param mainUrl `import.meta.url` of a shell's main file, in its source folder or bundled. */
export function pageFolder(mainUrl: string): string {
  const isSource = mainUrl.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../../../build/out/page' : '../page', mainUrl));
}

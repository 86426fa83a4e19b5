/**
 * Builds what runs: the page, the browser shell and the desktop shell, each into build/out/<name>.
 * `npm run build` and `npm start` come here; what is up to date is left alone.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const output = join(root, 'build/out');

/** One thing to build: what it is made of, and the Vite builds that make it. */
interface Bundle {
  readonly sources: readonly string[];
  readonly builds: readonly (() => InlineConfig | Promise<InlineConfig>)[];
}

export type BundleName = 'page' | 'browser' | 'desktop';

const bundles: Readonly<Record<BundleName, Bundle>> = {
  page: { sources: ['renderer/**/*', 'shared/**/*'], builds: [page] },
  browser: {
    sources: ['electron/**/*', 'shared/**/*'],
    builds: [
      () =>
        node('browser', {
          main: 'electron/shells/browser/main.ts',
          'database-worker': 'electron/store/database-worker.ts',
        }),
    ],
  },
  desktop: {
    sources: ['electron/**/*', 'shared/**/*'],
    builds: [
      () =>
        node('desktop', {
          main: 'electron/shells/desktop/main.ts',
          'database-worker': 'electron/store/database-worker.ts',
        }),
      preload,
    ],
  },
};

/** All of them, in the order they are built. */
const bundleNames = Object.keys(bundles) as BundleName[];

/** Those of `names` whose output is missing or older than what it is made of. */
export function staleBundles(names: readonly BundleName[]): BundleName[] {
  return names.filter((name) => readStamp(name) !== digestOf(name));
}

/** Builds these, whether they are up to date or not; `say` hears how it goes. */
export async function buildBundles(
  names: readonly BundleName[],
  say: (line: string) => void,
): Promise<void> {
  const { build } = await import('vite');
  for (const name of names) {
    const began = performance.now();
    say(`Building ${name} …`);
    const digest = digestOf(name);
    for (const configure of bundles[name].builds) await build(await configure());
    // Put in place as a whole: something may be running from there.
    rmSync(stampFile(name), { force: true });
    rmSync(join(output, name), { recursive: true, force: true });
    renameSync(unfinished(name), join(output, name));
    writeFileSync(stampFile(name), digest);
    say(`Built ${name} in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  }
}

async function page(): Promise<InlineConfig> {
  const { default: react } = await import('@vitejs/plugin-react');
  return {
    ...common('page'),
    root: join(root, 'renderer'),
    plugins: [react()],
    build: {
      ...common('page').build,
      // Files, because the Content-Security-Policy takes no scripts, styles or fonts from anywhere else.
      assetsInlineLimit: 0,
      // The first with light-dark(): what they understand too, such as :dir(), is not written around.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      modulePreload: { polyfill: false },
    },
  };
}

/** A bundle for Node or Electron's main process: modules, with every package inside but the runtime's own. */
function node(name: BundleName, input: Record<string, string>): InlineConfig {
  const config = common(name);
  return {
    ...config,
    ssr: { noExternal: true, external: ['electron'], target: 'node' },
    plugins: [webAssemblyOfQuickjs()],
    build: {
      ...config.build,
      ssr: true,
      ssrEmitAssets: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input,
        // Side by side, so that what one file finds beside its source it finds beside its bundle.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared.js' },
      },
    },
  };
}

/** Puts the sandbox of PAC scripts beside the bundle that looks for it, which looks beside its own folder. */
function webAssemblyOfQuickjs(): Plugin {
  const [name, place] = ['quickjs.wasm', "new URL('../quickjs.wasm', import.meta.url)"];
  return {
    name: 'quickjs-wasi',
    transform(code, id) {
      if (!id.includes('/quickjs-wasi/dist/index.js')) return undefined;
      if (!code.includes(place)) throw new Error(`quickjs-wasi no longer says ${place}`);
      const source = readFileSync(join(dirname(id), '..', name));
      this.emitFile({ type: 'asset', fileName: name, source });
      return code.replace(place, `new URL('./${name}', import.meta.url)`);
    },
  };
}

/** One CommonJS file: a sandboxed preload can load no other. */
function preload(): InlineConfig {
  const config = node('desktop', { preload: 'electron/shells/desktop/preload.ts' });
  return {
    ...config,
    build: {
      ...config.build,
      emptyOutDir: false,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  };
}

function common(name: BundleName): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    build: {
      outDir: unfinished(name),
      emptyOutDir: true,
      reportCompressedSize: false,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    },
  };
}

/** Where a bundle is built before it is put in place; of this process, as two may build at once. */
function unfinished(name: BundleName): string {
  return join(output, `${name}-${process.pid}`);
}

function stampFile(name: BundleName): string {
  return join(output, `${name}.stamp`);
}

function readStamp(name: BundleName): string | undefined {
  return existsSync(join(output, name)) && existsSync(stampFile(name))
    ? readFileSync(stampFile(name), 'utf8')
    : undefined;
}

/** Says by its value whether anything that goes into a bundle changed. */
function digestOf(name: BundleName): string {
  const files = globSync([...bundles[name].sources], { cwd: root, exclude: ['**/*.test.*'] })
    .concat('build/bundle.ts', 'package.json', 'package-lock.json', 'tsconfig.json')
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(root, file);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    hash.update(`${file}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

if (import.meta.main) {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const asked = bundleNames.filter((name) => process.argv.includes(name));
  const names = asked.length > 0 ? asked : bundleNames;
  const stale = staleBundles(names);
  if (stale.length === 0) say(`Up to date: ${names.join(', ')}.`);
  else await buildBundles(stale, say);
}

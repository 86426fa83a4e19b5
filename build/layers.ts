/**
 * Checks the arrows between the rooms: `npm run layers`, or `node build/layers.ts FOLDER` for another tree.
 * Fails on a broken rule, and where it saw no module at all.
 */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { layeringRules } from './layering-rules.ts';

// dependency-cruiser reads TypeScript through the compiler's interface, which TypeScript 7 no longer has;
// without one it would see no import and pass everything. So it gets TypeScript 6.
registerHooks({
  resolve(specifier, context, next) {
    const replaced = specifier.replace(/^typescript(?=$|\/)/u, 'typescript6');
    return next(
      context.parentURL?.includes('/dependency-cruiser/') ? replaced : specifier,
      context,
    );
  },
});

const folder = resolve(process.argv[2] ?? new URL('..', import.meta.url).pathname);
process.chdir(folder);

const { cruise } = await import('dependency-cruiser');
const { output } = await cruise(['shared', 'electron', 'renderer'], {
  ruleSet: { forbidden: layeringRules },
  validate: true,
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '\\.(css|svg|png)$' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'require', 'node', 'default', 'types'],
    mainFields: ['module', 'main', 'types'],
  },
});
if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.');

const own = output.modules.filter(({ source }) => /^(shared|electron|renderer)\//u.test(source));
const imports = own.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle?.map(({ name }) => name).join(' → ') ?? to;
  process.stderr.write(`${rule.name}: ${from} → ${way}\n`);
}
process.stdout.write(
  `Layers: ${own.length} files, ${imports} imports, ${output.summary.violations.length} wrong.\n`,
);
if (imports === 0) process.stderr.write('No import was seen, so nothing was checked.\n');
process.exitCode = imports === 0 || output.summary.violations.length > 0 ? 1 : 0;

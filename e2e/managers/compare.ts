/**
 * `npm run compare:managers [-- --json]`: the same requests, by hand, to Holdfast's connection manager (the relay in
 * front of Prosody) and to Prosody's and ejabberd's own. Prints what each does, and `*` where it is not what
 * XEP-0124 and XEP-0206 ask for.
 */
import { parseArgs } from 'node:util';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { behindRelay } from '../servers/relay.ts';
import { table } from '../table.ts';
import { type CaseResult, runCases } from './run-cases.ts';

const { values: given } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const managers = [
  ['Holdfast', async () => behindRelay(await startProsody())],
  ['Prosody', () => startProsody()],
  ['ejabberd', () => startEjabberd()],
] as const;

const results: CaseResult[][] = [];
for (const [, start] of managers) {
  const server = await start();
  try {
    results.push(await runCases(server));
  } finally {
    await server.stop();
  }
}

const marked = ({ seen, wanted }: CaseResult) => (seen === wanted ? seen : `* ${seen}`);
const rows = (results[0] ?? []).map(({ section, asks, wanted }, index) => [
  `§${section} ${asks}`,
  wanted,
  ...results.map((one) => marked(one[index] as CaseResult)),
]);
console.log(table([['', 'asked for', ...managers.map(([name]) => name)], ...rows]));
for (const [index, [name]] of managers.entries()) {
  const asAsked = results[index]?.filter(({ seen, wanted }) => seen === wanted).length;
  console.log(`${name}: ${asAsked} of ${rows.length} as asked`);
}
if (given.json) {
  const named = managers.map(([name], index) => [name, results[index]]);
  console.log(JSON.stringify(Object.fromEntries(named)));
}

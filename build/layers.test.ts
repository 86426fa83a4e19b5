import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const checker = fileURLToPath(new URL('layers.ts', import.meta.url));

/** Runs the check on a tree of these files. */
function check(tree: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [checker, folder], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A tree in which the rooms import each other as they may. */
const rightTree = {
  'package.json': '{ "type": "module", "dependencies": { "electron": "1" } }',
  'node_modules/electron/package.json': '{ "name": "electron", "main": "index.js" }',
  'node_modules/electron/index.js': '',
  'node_modules/electron/main.js': '',
  'shared/jid.ts': 'export type Jid = string;',
  'renderer/page.tsx': "import type { Jid } from '../shared/jid.ts'; export let jid: Jid;",
  'electron/network/port.ts': "export type { Jid } from '../../shared/jid.ts';",
  'electron/network/port.fake.ts': "import './port.ts';",
  'electron/bosh/protocol/body.ts': 'export const body = 1;',
  'electron/network/doctor/examine.ts':
    "import type {} from '../port.ts'; export { body } from '../../bosh/protocol/body.ts';",
  'electron/bosh/client/session.ts':
    "import type {} from '../../network/port.ts'; export { body } from '../protocol/body.ts';",
  'electron/xmpp/stream.ts': "export * from '../bosh/client/session.ts';",
  'electron/store/store.ts':
    "import 'node:sqlite'; export type { Jid } from '../../shared/jid.ts';",
  'electron/host/host.ts': "import '../xmpp/stream.ts'; export * from '../store/store.ts';",
  'electron/shells/desktop/main.ts': "import 'electron'; export * from '../../host/host.ts';",
  'electron/network/electron-http-exchange.ts': "import { net } from 'electron'; void net;",
};

/** What is wrong, in a file of its own each: the file, what it imports, the rule that says so. */
const wrongImports = [
  ['shared/to-page.ts', '../renderer/page.tsx', 'arrow-from-shared'],
  ['shared/to-host.ts', '../electron/host/host.ts', 'arrow-from-shared'],
  ['renderer/to-host.tsx', '../electron/host/host.ts', 'arrow-from-renderer'],
  ['electron/network/to-bosh.ts', '../bosh/client/session.ts', 'arrow-from-electron-network'],
  ['electron/network/to-doctor.ts', './doctor/examine.ts', 'arrow-into-doctor'],
  [
    'electron/network/doctor/to-client.ts',
    '../../bosh/client/session.ts',
    'arrow-from-electron-network-doctor',
  ],
  ['electron/bosh/client/to-xmpp.ts', '../../xmpp/stream.ts', 'arrow-from-electron-bosh'],
  ['electron/bosh/client/to-host.ts', '../../host/host.ts', 'arrow-from-electron-bosh'],
  ['electron/bosh/manager/to-client.ts', '../client/session.ts', 'arrow-inside-bosh'],
  ['electron/bosh/protocol/to-client.ts', '../client/session.ts', 'arrow-inside-bosh'],
  ['electron/xmpp/to-store.ts', '../store/store.ts', 'arrow-from-electron-xmpp'],
  ['electron/store/to-host.ts', '../host/host.ts', 'arrow-from-electron-store'],
  ['electron/host/to-shell.ts', '../shells/desktop/main.ts', 'arrow-from-electron-host'],
  ['electron/shells/browser/to-store.ts', '../../store/store.ts', 'arrow-from-electron-shells'],
  ['electron/host/to-electron.ts', 'electron', 'electron-elsewhere'],
  ['electron/network/to-electron.ts', 'electron/main', 'electron-elsewhere'],
  ['electron/shells/browser/to-electron.ts', 'electron', 'electron-elsewhere'],
  ['renderer/to-electron.tsx', 'electron', 'electron-elsewhere'],
  ['renderer/to-node.tsx', 'node:fs', 'node-in-page'],
  ['electron/host/to-fake.ts', '../network/port.fake.ts', 'test-in-product'],
  ['electron/attic/old.ts', '../../shared/jid.ts', 'room-unknown'],
  ['electron/host/to-nowhere.ts', './gone.ts', 'not-found'],
] as const;

// Each run is a process, which takes its time on a busy machine.
describe('the layering check', { timeout: 60_000 }, () => {
  it('passes a right tree, and says how much of it it saw', () => {
    expect(check(rightTree)).toEqual({
      status: 0,
      stdout: 'Layers: 12 files, 15 imports, 0 wrong.\n',
      stderr: '',
    });
  });

  it('fails where it saw nothing', () => {
    const { status, stderr } = check({
      'shared/a.ts': '',
      'electron/host/b.ts': '',
      'renderer/c.ts': '',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('nothing was checked');
  });

  it('fails a circle, and shows the way round', () => {
    const { status, stderr } = check({
      ...rightTree,
      'shared/one.ts': "import './two.ts';",
      'shared/two.ts': "import './one.ts';",
    });
    expect(status).toBe(1);
    expect(stderr).toContain('circle: shared/one.ts → shared/two.ts → shared/one.ts\n');
  });

  it('fails a single wrong arrow that only a type travels along', () => {
    const { status, stderr } = check({
      ...rightTree,
      'shared/late.ts':
        "import type { body } from '../electron/bosh/protocol/body.ts'; void 0 as body;",
    });
    expect(status).toBe(1);
    expect(stderr).toBe('arrow-from-shared: shared/late.ts → electron/bosh/protocol/body.ts\n');
  });

  describe('in a tree with many wrong imports', () => {
    let result: ReturnType<typeof check>;
    beforeAll(() => {
      const wrongFiles = wrongImports.map(([file, imported]) => [file, `import '${imported}';`]);
      result = check({ ...rightTree, ...Object.fromEntries(wrongFiles) });
    }, 60_000);

    it('fails', () => expect(result.status).toBe(1));

    it.each(wrongImports)('names %s → %s as %s', (file, _imported, rule) => {
      expect(result.stderr).toContain(`${rule}: ${file} → `);
    });

    it('names nothing that is right', () => {
      const named = new Set(
        result.stderr
          .trim()
          .split('\n')
          .map((line) => line.split(/: | → /u)[1]),
      );
      expect(named).toEqual(new Set(wrongImports.map(([file]) => file)));
    });
  });
});

import { appendFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALL_LOG_FILE, CallLog, emptyCallLog, readCallLog } from './call-log.ts';
import type { Call } from './calls.ts';
import { openStore } from './open-store.ts';
import { ACCOUNT, accountNamed, scratchFolder, sessionFrom } from './scratch-store.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, CALL_LOG_FILE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answered = (rid: number, payload?: string): Call => [
  'sessions',
  'answered',
  [ACCOUNT, rid, payload, 1],
];

describe('the log of calls', () => {
  it('gives back what was written, numbered on from the last', () => {
    const log = new CallLog(path, 41);
    log.append(answered(1, '<message>ünïcödé\n</message>'));
    log.append(answered(2));
    log.close();
    expect(readCallLog(path)).toEqual([
      [...answered(1, '<message>ünïcödé\n</message>'), 42],
      [...answered(2), 43],
    ]);
    emptyCallLog(path);
    expect(readCallLog(path)).toEqual([]);
  });

  it('is this person’s alone', () => {
    new CallLog(path, 0).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('reads over a line that was cut off or damaged', () => {
    const log = new CallLog(path, 0);
    log.append(answered(1));
    appendFileSync(path, '\0\0\0\n');
    log.append(answered(2));
    log.close();
    appendFileSync(path, '["sessions","answered",["a",3');
    expect(readCallLog(path).map(([, , , sequence]) => sequence)).toEqual([1, 2]);
  });

  it('stays small, and is emptied only when the database has caught up', () => {
    const log = new CallLog(path, 0);
    log.append(answered(1));
    log.caughtUp();
    expect(readCallLog(path)).toHaveLength(1);
    log.append(answered(2, 'x'.repeat(300_000)));
    log.caughtUp();
    expect(statSync(path).size).toBe(0);
    log.append(answered(3));
    log.close();
    expect(readCallLog(path)).toEqual([[...answered(3), 3]]);
  });

  it('says so where it cannot be written', () => {
    const log = new CallLog(path, 0);
    log.close();
    expect(() => log.append(answered(1))).toThrow();
  });
});

describe('the store behind its log', { timeout: 30_000 }, () => {
  it('carries out what only the log has, once, and what both have not again', async () => {
    const first = await openStore(folder);
    await first.accounts.insert(accountNamed(ACCOUNT));
    await first.sessions.begin(ACCOUNT, sessionFrom(1), {
      stream: { isResumed: false, id: 'sealed', maxMs: 1000, sent: 0 },
    });
    const append = (rid: number) => ({ rid, body: `<body rid='${rid}'/>`, messageIds: [] });
    await first.sessions.append(ACCOUNT, { ...append(1), stanzas: 2 });
    const kept = readFileSync(path, 'utf8');
    await first.close();

    // As a process leaves it that dies after the write and before the database had the second.
    const [line = ''] = kept.split('\n');
    const second = line.replaceAll('"rid":1', '"rid":2').replace(/\d+\]$/u, '2]');
    appendFileSync(path, `${kept}${second}\n`);
    const next = await openStore(folder);
    expect((await next.sessions.load(ACCOUNT))?.unanswered.map(({ rid }) => rid)).toEqual([1, 2]);
    expect((await next.sessions.load(ACCOUNT))?.nextRid).toBe(3);
    await next.sessions.end(ACCOUNT);
    expect((await next.resumptions.load(ACCOUNT))?.sent).toBe(4);
    await next.sessions.begin(ACCOUNT, sessionFrom(7));
    await next.sessions.append(ACCOUNT, append(7));
    const [, , , sequence] = readCallLog(path).at(-1) ?? [];
    expect(sequence).toBe(3);
    await next.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { DoctorRun } from '../../shared/doctor.ts';
import { changesOf, runAbout, startInput } from './subject.ts';

const run: DoctorRun = {
  ...{ id: '1', jid: 'me@example.org', state: 'done', startedAt: 0, endedAt: 1_000 },
  ...{ steps: [], learned: {} },
};
const me = { jid: ' Me@example.org ' };

describe('the examination that is shown', () => {
  it('is the one about the same address', () => {
    expect(runAbout(run, me, 2_000)).toBe(run);
    expect(runAbout(run, { jid: 'you@example.org' }, 2_000)).toBeUndefined();
    expect(runAbout(run, { ...me, endpoint: 'https://a/' }, 2_000)).toBeUndefined();
    expect(runAbout(undefined, me, 2_000)).toBeUndefined();
  });

  it('is the one about the same account, whatever its address is now', () => {
    const ofAccount = { ...run, accountId: 'a', endpoint: 'https://a/' };
    expect(runAbout(ofAccount, { ...me, accountId: 'a' }, 2_000)).toBe(ofAccount);
    expect(runAbout(ofAccount, { ...me, accountId: 'b' }, 2_000)).toBeUndefined();
    expect(runAbout(ofAccount, me, 2_000)).toBeUndefined();
  });

  it('is not an old one, unless it is still under way', () => {
    expect(runAbout(run, me, 700_000)).toBeUndefined();
    expect(runAbout({ ...run, state: 'running' }, me, 700_000)).toBeDefined();
  });
});

describe('what is asked for', () => {
  it('is the account where there is one, else what was typed', () => {
    expect(startInput({ accountId: 'a', jid: 'x' })).toEqual({ accountId: 'a' });
    expect(startInput({ jid: 'x', endpoint: '' })).toEqual({ jid: 'x', endpoint: '' });
  });
});

describe('what would change', () => {
  it('is nothing where the way has no limits', () => {
    const learned = {
      ...{ endpoint: 'https://a/', wait: 70, oneConnection: false, largestRequest: 524_288 },
    };
    expect(changesOf({ ...run, endpoint: 'https://a/', learned })).toEqual([]);
    expect(changesOf({ ...run, learned })).toEqual([]);
  });

  it('is said in words', () => {
    const learned = {
      ...{ endpoint: 'https://b/', wait: 27, oneConnection: true, largestRequest: 95_000 },
    };
    expect(changesOf({ ...run, endpoint: 'https://a/', learned })).toEqual([
      'Use https://b/ as the BOSH address',
      'Let no request wait longer than 27 s',
      'Send one request at a time',
      'Send no requests larger than 95 KB',
    ]);
  });
});

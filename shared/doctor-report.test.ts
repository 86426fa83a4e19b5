import { describe, expect, it } from 'vitest';
import { type DoctorRun, doctorRunSchema } from './doctor.ts';
import { doctorReportJson, doctorReportMarkdown, redactRun } from './doctor-report.ts';

const run: DoctorRun = {
  id: '1',
  jid: 'margaret@chat.example',
  endpoint: 'https://me:secret@chat.example/bosh?token=abc',
  accountId: 'account-1',
  state: 'done',
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  endedAt: Date.UTC(2026, 0, 2, 3, 5, 5),
  steps: [
    {
      id: 'connection',
      state: 'good',
      startedAt: 1_000,
      endedAt: 1_038,
      result: 'The server accepts connections at chat.example:443.',
      facts: [{ name: 'Reached', value: '192.0.2.1' }],
    },
    {
      id: 'bosh-session',
      state: 'bad',
      startedAt: 2_000,
      endedAt: 2_500,
      result: 'margaret@chat.example was not let in.',
      advice: 'Ask margaret.',
      code: 'network.forbidden',
      facts: [{ name: 'Detail', value: 'session=9f8e7d6c5b4a password=hunter2' }],
    },
    { id: 'held-request', state: 'skipped', result: 'There is no session.', facts: [] },
  ],
  verdict: {
    outcome: 'blocked',
    findings: [
      { code: 'forbidden', weight: 'blocks', what: 'It is.', whose: 'Theirs.', todo: 'Ask.' },
    ],
  },
  learned: { endpoint: 'https://chat.example/bosh?key=1', wait: 27, oneConnection: true },
};

const secrets = /margaret|secret|token=abc|9f8e7d6c|hunter2|account-1|key=1/;

describe('the report of an examination', () => {
  it('tells no secret and not who the person is', () => {
    for (const text of [
      doctorReportMarkdown({ run, version: '1' }),
      doctorReportJson({ run, version: '1' }),
    ]) {
      expect(text).not.toMatch(secrets);
      expect(text).toContain('m…@chat.example');
      expect(text).toContain('https://chat.example/bosh');
    }
  });

  it('is an examination still when it is read as JSON', () => {
    const { holdfast, ...rest } = JSON.parse(doctorReportJson({ run, version: '1.2.3' }));
    expect(holdfast).toBe('1.2.3');
    expect(doctorRunSchema.parse(rest)).toEqual(redactRun(run));
  });

  it('begins with the verdict, and numbers the steps', () => {
    const text = doctorReportMarkdown({ run, version: '1.2.3' });
    expect(text).toMatch(/## Verdict\n\nHoldfast does not get through from here\.\n/);
    expect(text).toContain('- Whose doing it is: Theirs.');
    expect(text).toContain('1. **Connection** (good, 38 ms): The server accepts connections');
    expect(text).toContain('   - Reached: 192.0.2.1');
    expect(text).toContain('3. **A request that waits** (skipped): There is no session.');
    expect(text).toContain('- Requests may wait: 27 s\n- Requests at once: one');
  });

  it('can be made while the examination is under way', () => {
    const { verdict: _, ...half } = run;
    expect(doctorReportMarkdown({ run: half, version: '1' })).toContain('still under way');
  });
});

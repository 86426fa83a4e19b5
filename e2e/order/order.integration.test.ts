/** A short run of what `npm run soak:order` shows at length. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { runEchoes } from './echo-run.ts';

const USERS = ['asks', 'answers'] as const;
const ECHOES = 300;

describe.each([
  ['ejabberd', startEjabberd, 'keeps a pause between two connections, and never stalls'],
  ['prosody', startProsody, 'keeps no pause, and never stalls'],
] as const)('an exchange of echoes on %s', (kind, start, title) => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await start({ users: USERS });
  });
  afterAll(() => server.stop());

  it(title, async () => {
    const run = await runEchoes({
      ...{ server, users: USERS, echoes: ECHOES, guard: 'shipped', jitterMs: 0 },
    });
    expect(run.stall).toBeUndefined();
    expect(run.roundTrips).toHaveLength(ECHOES);
    if (kind === 'ejabberd') expect(run.guardMs).toBeGreaterThanOrEqual(5);
    else expect(run.guardMs).toBe(0);
  });
});

/** The questions of `npm run compare:managers`, put to Holdfast's connection manager: it does as it is asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { behindRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { CASES } from './cases.ts';
import { runCase } from './run-cases.ts';

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('the connection manager in front of %s', (_name, start) => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await behindRelay(await start());
  });
  afterAll(() => server?.stop());

  it.each(CASES.map((one) => [one.section, one.asks, one.wanted, one] as const))(
    '§%s %s: %s',
    async (_section, _asks, wanted, one) => {
      expect(await runCase(one, server)).toBe(wanted);
    },
  );
});

/**
 * One proof of continuity: in a conversation of Holdfast with a Strophe.js peer, Holdfast is killed with
 * SIGKILL at a random moment and started again, and then both sides must hold every message once and in
 * order. Used by `soak.ts` and the integration test.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Conversation } from '../conversation/conversation.ts';
import { describeDifferences } from '../conversation/differences.ts';
import { seededRandom } from '../random.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** When Holdfast comes back: while its BOSH session lives, or after the server has ended it. */
export type Return = 'within-inactivity' | 'after-inactivity';

export interface ExchangeOptions {
  readonly server: XmppServer;
  readonly returns: Return;
  readonly seed: number;
  /** Names of users of this server, used for nothing else. */
  readonly users: { readonly holdfast: string; readonly peer: string };
  /** Messages each way. */
  readonly count: number;
}

export interface ExchangeResult {
  readonly server: XmppServer['kind'];
  readonly returns: Return;
  readonly seed: number;
  /** How many messages both sides together had handed over when the kill came. */
  readonly killedAfter: number;
  readonly sidBefore: string;
  readonly sidAfter: string;
  readonly rung: string;
  /** What is wrong; empty is a proof. */
  readonly faults: readonly string[];
  /** What Holdfast said meanwhile, where there are faults. */
  readonly log: string;
  readonly milliseconds: number;
}

const PATIENCE_MS = 60_000;

/** Runs one exchange; faults of Holdfast are in the result, faults of the surroundings are thrown. */
export async function runExchange(options: ExchangeOptions): Promise<ExchangeResult> {
  const { server, returns, seed, users, count } = options;
  const began = performance.now();
  const random = seededRandom(seed);
  const conversation = await Conversation.create({
    ...{ server, users, count, endpoint: server.boshUrl, patienceMs: PATIENCE_MS },
    pause: () => sleep(random() * 5),
  });
  try {
    await conversation.start();
    await conversation.signIn();
    await conversation.befriend();
    const sidBefore = conversation.sid;
    const killedAfter = 1 + Math.floor(random() * (2 * count - 1));
    const back = conversation.handedOver(killedAfter).then(async () => {
      // A little later, so that it falls between events too.
      await sleep(random() * 8);
      await conversation.kill();
      if (returns === 'after-inactivity') await conversation.sessionEnded();
      await conversation.start();
    });
    await Promise.all([conversation.talk(), back]);
    await conversation.untilOnline();
    const isSame = returns === 'within-inactivity';
    const faults = await conversation.settle(isSame ? ['delivered'] : ['sent', 'delivered']);
    const { sid: sidAfter, rung, reason } = conversation;
    if (isSame && sidAfter !== sidBefore)
      faults.push(`the session was not gone on with: ${reason}`);
    if (!isSame && sidAfter === sidBefore) faults.push('the session is still the old one');
    for (const { what, ...found } of await conversation.compare()) {
      faults.push(...describeDifferences(what, found));
    }
    return {
      ...{ server: server.kind, returns, seed, killedAfter, sidBefore, sidAfter, rung, faults },
      log: faults.length === 0 ? '' : await conversation.log(),
      milliseconds: Math.round(performance.now() - began),
    };
  } finally {
    await conversation.close();
  }
}

/** One sign-in from the form's point of view: the account it made, and where that stands. */
import { useState } from 'react';
import type { Account, ConnectionPhase } from '../../shared/contract/records.ts';
import { PLAYGROUND_DOMAIN } from '../../shared/playground.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { ProxySetting } from '../../shared/proxy.ts';
import { useAccount, usePage } from '../state/page-context.tsx';

export interface Credentials {
  readonly jid: string;
  readonly password: string;
  /** Empty: to be discovered. */
  readonly endpoint: string;
  readonly proxy: ProxySetting;
}

export interface Attempt {
  /** The account that was made for it. */
  readonly accountId: string | undefined;
  /** `form`: waiting for the person. */
  readonly stage: 'form' | 'progress' | 'done';
  /** Whose sign-in it is, once there is an account. */
  readonly address: string | undefined;
  /** While in progress. */
  readonly phase: ConnectionPhase;
  readonly problem: Problem | undefined;
  readonly retryAt: number | undefined;
  start(credentials: Credentials): Promise<void>;
  /** Signs in to the playground, which needs no credentials. */
  lookAround(): Promise<void>;
  /** Gives up and forgets the account that was made. */
  cancel(): Promise<void>;
}

interface Made {
  readonly accountId: string;
  readonly jid: string;
  /** The failure that is being tried again: until another phase comes, it says nothing about this try. */
  readonly after: number | undefined;
}

/** An account made by an earlier try is used again, or removed where the address is another one. */
export function useAttempt(): Attempt {
  const { commands, getState } = usePage();
  const [made, setMade] = useState<Made>();
  const [running, setRunning] = useState(false);
  const [refusal, setRefusal] = useState<Problem>();
  const account = useAccount(made?.accountId)?.account;

  const removeMade = async (): Promise<void> => {
    if (made) await commands['accounts.remove']({ accountId: made.accountId });
  };

  const begin = async ({ jid, password, endpoint, proxy }: Credentials): Promise<Made> => {
    if (made && made.jid === jid) {
      const { accountId } = made;
      const after = getState().accounts.get(accountId)?.account.connection.since;
      await commands['accounts.signIn']({ accountId, password, endpoint, proxy });
      return { accountId, jid, after };
    }
    await removeMade();
    const { accountId } = await commands['accounts.add']({
      jid,
      password,
      ...(endpoint === '' ? {} : { endpoint }),
      ...(proxy.mode === 'system' ? {} : { proxy }),
    });
    return { accountId, jid, after: undefined };
  };

  const openPlayground = async (): Promise<Made> => {
    await removeMade();
    const { accountId } = await commands['playground.open']({});
    return { accountId, jid: PLAYGROUND_DOMAIN, after: undefined };
  };

  const run = async (work: () => Promise<Made>): Promise<void> => {
    setRunning(true);
    setRefusal(undefined);
    try {
      setMade(await work());
    } catch (thrown) {
      setRefusal(problemOf(thrown));
    }
    setRunning(false);
  };

  return {
    accountId: made?.accountId,
    stage: stageOf(running, made, account),
    address: account?.jid,
    phase: account && !isOver(made, account) ? account.connection.phase : 'finding-endpoint',
    problem: refusal ?? account?.connection.problem,
    retryAt: account?.connection.retryAt,
    start: (credentials) => run(() => begin(credentials)),
    lookAround: () => run(openPlayground),
    async cancel() {
      setMade(undefined);
      setRefusal(undefined);
      await removeMade().catch(() => undefined);
    },
  };
}

function stageOf(
  running: boolean,
  made: Made | undefined,
  account: Account | undefined,
): Attempt['stage'] {
  if (running) return 'progress';
  if (!made) return 'form';
  if (account?.connection.phase === 'online') return 'done';
  return account && isOver(made, account) ? 'form' : 'progress';
}

function isOver(made: Made | undefined, { connection }: Account): boolean {
  const ended = connection.phase === 'failed' || connection.phase === 'offline';
  return ended && connection.since !== made?.after;
}

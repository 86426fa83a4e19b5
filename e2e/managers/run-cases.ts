/** Puts the cases to one manager. Used by the command and the integration test. */
import type { XmppServer } from '../servers/xmpp-server.ts';
import { CASES, type Case } from './cases.ts';
import { RawSession } from './raw-session.ts';

/** A manager that says nothing for this long says nothing, in ms. */
const SILENCE_MS = 10_000;

export interface CaseResult {
  readonly section: string;
  readonly asks: string;
  readonly wanted: string;
  readonly seen: string;
}

/** Each case in turn, with sessions of its own. */
export async function runCases(server: XmppServer): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of CASES) {
    const { section, asks, wanted } = one;
    results.push({ section, asks, wanted, seen: await runCase(one, server) });
  }
  return results;
}

/** @returns what is seen, in the words of the case. */
export async function runCase(one: Case, server: XmppServer): Promise<string> {
  const sessions: RawSession[] = [];
  const session = () => {
    const opened = new RawSession(server.boshUrl);
    sessions.push(opened);
    return opened;
  };
  const silence = Promise.withResolvers<string>();
  const timer = setTimeout(() => silence.resolve('silence'), SILENCE_MS);
  try {
    const seen = one.run({
      ...{ server, session },
      signedIn: (attributes) => session().signIn(server.user('alice'), 'comparer', attributes),
    });
    return await Promise.race([seen, silence.promise]);
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message.slice(0, 60) : error}`;
  } finally {
    clearTimeout(timer);
    // A goodbye, so that the next case finds nobody signed in.
    for (const opened of sessions) {
      if (opened.sid !== '') opened.at(opened.rid + 1, '', { type: 'terminate' });
      setTimeout(() => opened.close(), 100).unref();
    }
  }
}

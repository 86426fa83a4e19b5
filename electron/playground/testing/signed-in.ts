/** A server with people on it and their clients signed in, for the tests of the playground's server. */

import type { Account } from '../server/account.ts';
import { Archive } from '../server/archive.ts';
import { XmppServer } from '../server/xmpp-server.ts';
import { TestClient } from './test-client.ts';

/** The first moment of a day. */
export const ANCHOR = Date.UTC(2026, 4, 4);

/** Ten in the morning of that day, later by a second each time it is read. */
export function tickingClock(): () => number {
  let at = ANCHOR + 10 * 60 * 60 * 1000;
  return () => {
    at += 1_000;
    return at;
  };
}

export interface TestServer {
  readonly server: XmppServer;
  readonly account: (username: string) => Account;
  /** A client of this person's; the password is the name. */
  readonly client: (
    username: string,
    options?: Parameters<typeof TestClient.signedIn>[2],
  ) => Promise<TestClient>;
}

export function startTestServer(usernames: readonly string[]): TestServer {
  const server = new XmppServer({ now: tickingClock(), services: [] });
  const accounts = new Map(
    usernames.map((username) => [
      username,
      server.addAccount({
        ...{ username, password: username, profile: { name: username } },
        archive: new Archive(ANCHOR),
      }),
    ]),
  );
  return {
    server,
    account: (username) => {
      const account = accounts.get(username);
      if (!account) throw new Error(`${username} has no account`);
      return account;
    },
    client: (username, options) =>
      TestClient.signedIn(server, { username, password: username }, options),
  };
}

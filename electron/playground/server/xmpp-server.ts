/**
 * A small XMPP server in memory, for the playground: one domain, accounts, and whatever else is given an
 * address on it. The connection manager opens a stream to it for each BOSH session.
 */
import { randomBytes } from 'node:crypto';
import { PLAYGROUND_DOMAIN } from '../../../shared/playground.ts';
import type {
  StreamListener,
  StreamRequest,
  Upstream,
  UpstreamStream,
} from '../../bosh/manager/upstream.ts';
import { Account } from './account.ts';
import { NS_CARBONS } from './account-messages.ts';
import type { Archive } from './archive.ts';
import { ClientStream } from './client-stream.ts';
import type { Profile } from './profile.ts';
import { answerTo, basicAnswers, type Description } from './requests.ts';
import { Router } from './router.ts';
import { type ScramCredentials, scramCredentials } from './scram-server.ts';
import { isRequest } from './stanza.ts';

export interface NewAccount {
  /** The local part of its address. */
  readonly username: string;
  readonly password: string;
  readonly profile: Profile;
  readonly archive: Archive;
}

export class XmppServer implements Upstream {
  readonly router = new Router();
  readonly #now: () => number;
  readonly #accounts = new Map<string, { account: Account; credentials: ScramCredentials }>();
  /** For names nobody has: a wrong name is refused the way a wrong password is. */
  readonly #nobody = scramCredentials(randomBytes(18).toString('base64'));

  /** @param options.services what discovery finds on the server */
  constructor(options: { readonly now: () => number; readonly services: Description['items'] }) {
    this.#now = options.now;
    const answers = basicAnswers({
      category: 'server',
      type: 'im',
      name: 'Holdfast’s playground',
      features: [NS_CARBONS],
      items: options.services ?? [],
    });
    this.router.add(PLAYGROUND_DOMAIN, {
      receive: (stanza) => {
        if (isRequest(stanza)) this.router.send(answerTo(stanza, answers));
      },
    });
  }

  addAccount({ username, password, profile, archive }: NewAccount): Account {
    const jid = `${username}@${PLAYGROUND_DOMAIN}`;
    const account = new Account({ jid, profile, archive, router: this.router, now: this.#now });
    this.#accounts.set(username, { account, credentials: scramCredentials(password) });
    this.router.add(jid, account);
    return account;
  }

  open(request: StreamRequest, listener: StreamListener): UpstreamStream {
    if (request.to !== PLAYGROUND_DOMAIN) {
      queueMicrotask(() => listener.onEnd({ kind: 'host-unknown' }));
      return NOT_HERE;
    }
    return new ClientStream({
      domain: PLAYGROUND_DOMAIN,
      listener,
      credentials: (username) => this.#accounts.get(username)?.credentials ?? this.#nobody,
      account: (username) => this.#accounts.get(username)?.account,
    });
  }
}

/** A stream that never opens. */
const NOT_HERE: UpstreamStream = {
  write: () => true,
  restart: () => {},
  setReading: () => {},
  close: () => {},
};

/**
 * The playground's server with everybody in it: one account with contacts and a past, and the companions.
 * `open-playground.ts` puts a connection manager and a network in front of it.
 */
import xml from '@xmpp/xml';
import { assemble, CAST, type CastMember } from './cast.ts';
import { Pace } from './companions/pace.ts';
import { ROOMS_DOMAIN } from './rooms/harbour.ts';
import type { Account } from './server/account.ts';
import { Archive, readArchiveId } from './server/archive.ts';
import { stanza } from './server/stanza.ts';
import { XmppServer } from './server/xmpp-server.ts';
import { readPast } from './texts/script-text.ts';

/** The local part of the address. */
const USERNAME = 'you';
const NS_STANZA_ID = 'urn:xmpp:sid:0';

export interface PlaygroundServerOptions {
  readonly password: string;
  /** The last archive id the account has seen; absent on its first visit. Its history is the same again. */
  readonly lastArchiveId?: string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface PlaygroundServer {
  /** Bare JID of the account. */
  readonly jid: string;
  /** The local part of it. */
  readonly username: string;
  readonly upstream: XmppServer;
  /** Nobody says anything any more. */
  close(): void;
}

export function createPlaygroundServer(options: PlaygroundServerOptions): PlaygroundServer {
  const { password, lastArchiveId, now } = options;
  const pace = new Pace();
  const server = new XmppServer({ now, services: [{ jid: ROOMS_DOMAIN, name: 'Rooms' }] });
  const known = lastArchiveId === undefined ? undefined : readArchiveId(lastArchiveId);
  const archive = new Archive(known?.anchor ?? startOfDay(now()));
  const account = server.addAccount({
    ...{ username: USERNAME, password, archive },
    profile: { name: 'You' },
  });
  const members: readonly CastMember[] = Object.values(CAST);
  for (const { jid, name } of members) {
    account.roster.set({ jid, name, groups: [], to: true, from: true, asked: false });
  }
  layOutPast(account, members);
  const { router } = server;
  const isFirstVisit = known === undefined;
  assemble({ router, pace, now, isFirstVisit, watchers: [account.jid] });
  return { jid: account.jid, username: USERNAME, upstream: server, close: () => pace.close() };
}

/** Everything that has been said, in the order it was said: the same ids for the same anchor. */
function layOutPast({ jid: own, archive }: Account, members: readonly CastMember[]): void {
  const past = members.flatMap(({ jid, past: text = '' }) =>
    readPast(text, archive.anchor).map((message, index) => {
      const id = `past-${jid.slice(0, jid.indexOf('@'))}-${index + 1}`;
      return { ...message, jid, id };
    }),
  );
  past.sort((one, other) => one.at - other.at);
  for (const { jid, id, outgoing, text, at } of past) {
    const addresses = outgoing
      ? { from: `${own}/earlier`, to: jid }
      : { from: `${jid}/playground`, to: own };
    const message = stanza(
      'message',
      { ...addresses, type: 'chat', id },
      xml('body', {}, text),
      xml('origin-id', { xmlns: NS_STANZA_ID, id }),
    );
    archive.add(message, jid, at);
  }
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

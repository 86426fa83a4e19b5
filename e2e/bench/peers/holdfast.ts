/** Holdfast's own transport as it ships, with its store on disk; and the same keeping nothing, to see what that costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import xml from '@xmpp/xml';
import { createSessionJournal } from '../../../electron/host/session-journal.ts';
import { createNodeHttpExchange } from '../../../electron/network/node-http-exchange.ts';
import { createKeyFileSecrets } from '../../../electron/shells/browser/key-file-secrets.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { createAccountStream } from '../../../electron/xmpp/create-account-stream.ts';
import type { StreamJournal } from '../../../electron/xmpp/stream-journal.ts';
import type { BenchAddress, BenchPeer, ConnectBenchPeer } from './bench-peer.ts';

const ACCOUNT = 'bench';

export const connectHoldfast: ConnectBenchPeer = async (address) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const store = await openStore(folder);
  await store.accounts.insert({
    ...{ id: ACCOUNT, jid: address.jid, enabled: true, password: '', resource: 'bench' },
  });
  const journal = createSessionJournal({
    accountId: ACCOUNT,
    sessions: store.sessions,
    secrets: await createKeyFileSecrets(folder),
    onMoved: () => {},
    now: Date.now,
  });
  const peer = await connect(address, journal);
  return {
    ...peer,
    close: async () => {
      await peer.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const done = async (): Promise<void> => {};
const kept = (): undefined => undefined;

export const connectForgetfulHoldfast: ConnectBenchPeer = (address) =>
  connect(address, {
    ...{ begin: done, append: kept, taken: kept, kept, answered: kept, processed: kept, end: done },
    acknowledged: kept,
  });

async function connect(
  { boshUrl, jid, password }: BenchAddress,
  journal: StreamJournal,
): Promise<BenchPeer> {
  const http = createNodeHttpExchange();
  const stream = createAccountStream({
    ...{ jid, password, http, journal },
    resource: 'bench',
    endpoint: boshUrl,
    reason: 'benchmark',
  });
  stream.start();
  await stream.ready;
  stream.send(xml('presence'));
  return {
    jid: stream.jid,
    send: (messages) => {
      for (const { to, id, body } of messages) {
        stream.send(xml('message', { to, id, type: 'chat' }, xml('body', {}, body)));
      }
    },
    onMessage: (listener) => {
      stream.onStanza((stanza) => {
        if (stanza.is('message')) listener(stanza.attrs.id);
      });
    },
    close: async () => {
      await stream.terminate();
      await http.close();
    },
  };
}

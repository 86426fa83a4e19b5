/**
 * For tests: a process that opens the store of the folder it is given, writes without end, and prints
 * what was acknowledged, one id a line. It is killed in the middle of it.
 */
import { writeSync } from 'node:fs';
import { openStore } from './open-store.ts';
import { accountNamed, sessionFrom } from './scratch-store.ts';

const store = await openStore(process.argv[2] ?? '');
const account = accountNamed('account-1');
if ((await store.accounts.list()).length === 0) {
  await store.accounts.insert(account);
  await store.sessions.begin(account.id, sessionFrom(1));
}
const rid = (await store.sessions.load(account.id))?.nextRid ?? 1;
for (let count = 0; ; count += 1) {
  const id = crypto.randomUUID();
  const request = { rid: rid + count, body: `<body rid='${rid + count}'/>`, messageIds: [id] };
  await store.messages.insertOutgoing(account.id, { id, chat: 'a@b', body: id, at: count });
  // Acknowledged with their return: the log has them, whatever the database does.
  void store.sessions.append(account.id, request);
  if (count % 2 === 0) {
    void store.sessions.answered(account.id, request.rid, `<message id='${id}'/>`, count);
  }
  writeSync(1, `${id} ${count % 2 === 0 ? 'sent' : 'sending'} ${request.rid}\n`);
}

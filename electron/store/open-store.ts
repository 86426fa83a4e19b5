/** Opens the store of a data folder for the host: repositories whose calls are carried out in a worker. */
import type { Call, RepositoryName } from './calls.ts';
import { LOGGED, METHODS } from './calls.ts';
import { DatabaseClient } from './database-client.ts';
import type { Store } from './store.ts';

/**
 * Opens, or makes, the store in this folder (itself made where missing, for this person only).
 * A damaged database is set aside and told of in `notices`.
 * @throws ProblemError `app.store-in-use` (another process has this folder), `app.store-newer` (written by a
 * later Holdfast), `app.store-fts5` (this SQLite cannot search text), `app.store-full`, `app.store-failed`.
 */
export async function openStore(folder: string): Promise<Store> {
  const { client, notices } = await DatabaseClient.open(folder);
  return {
    accounts: remote(client, 'accounts'),
    contacts: remote(client, 'contacts'),
    chats: remote(client, 'chats'),
    messages: remote(client, 'messages'),
    sessions: remote(client, 'sessions'),
    resumptions: remote(client, 'resumptions'),
    endpoints: remote(client, 'endpoints'),
    foundEndpoints: remote(client, 'foundEndpoints'),
    paths: remote(client, 'paths'),
    connectionEvents: remote(client, 'connectionEvents'),
    avatars: remote(client, 'avatars'),
    proxyKeys: remote(client, 'proxyKeys'),
    authorities: remote(client, 'authorities'),
    notices,
    close: () => client.close(),
  };
}

function remote<Name extends RepositoryName>(
  client: DatabaseClient,
  repository: Name,
): Store[Name] {
  const methods = Object.keys(METHODS[repository]).map((method) => [
    method,
    LOGGED[repository]?.has(method)
      ? (...parameters: Call[2]) => client.callLogged([repository, method, parameters])
      : (...parameters: Call[2]) => client.call([repository, method, parameters]),
  ]);
  return Object.fromEntries(methods) as Store[Name];
}

/** All repositories over one database, for the worker. */
import type { Repositories } from '../calls.ts';
import type { Database } from '../database.ts';
import { SqliteAccounts } from './accounts.ts';
import { SqliteAuthorities } from './authorities.ts';
import { SqliteAvatars } from './avatars.ts';
import { SqliteChats } from './chats.ts';
import { SqliteConnectionEvents } from './connection-events.ts';
import { SqliteContacts } from './contacts.ts';
import { SqliteEndpoints } from './endpoints.ts';
import { SqliteFoundEndpoints } from './found-endpoints.ts';
import { SqliteMessages } from './messages.ts';
import { SqlitePaths } from './paths.ts';
import { SqliteProxyKeys } from './proxy-keys.ts';
import { SqliteResumptions } from './resumptions.ts';
import { SqliteSessions } from './sessions.ts';

export function createRepositories(database: Database): Repositories {
  const chats = new SqliteChats(database);
  const messages = new SqliteMessages(database, chats);
  const resumptions = new SqliteResumptions(database);
  return {
    accounts: new SqliteAccounts(database),
    contacts: new SqliteContacts(database),
    chats,
    messages,
    sessions: new SqliteSessions(database, messages, resumptions),
    resumptions,
    endpoints: new SqliteEndpoints(database),
    foundEndpoints: new SqliteFoundEndpoints(database),
    paths: new SqlitePaths(database),
    connectionEvents: new SqliteConnectionEvents(database),
    avatars: new SqliteAvatars(database),
    proxyKeys: new SqliteProxyKeys(database),
    authorities: new SqliteAuthorities(database),
  };
}

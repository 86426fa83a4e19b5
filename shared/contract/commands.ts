/**
 * What the page can ask of the host: this table and nothing else. Each command names its input and
 * output; a refused or failed one answers with a Problem.
 */
import { z } from 'zod';
import { connectionEventSchema } from '../connection-history.ts';
import { knownLimitsSchema } from '../path-limits.ts';
import { playgroundNetworkSchema } from '../playground.ts';
import { problemSchema } from '../problem.ts';
import { proxySettingSchema } from '../proxy.ts';
import { xmlEntrySchema } from '../xml-console.ts';
import { accountIdSchema, bareJidSchema, chatStateSchema, messageSchema } from './records.ts';

const none = z.object({});
const account = { accountId: accountIdSchema };
const peer = { ...account, jid: bareJidSchema };

/** At most this many UTF-16 units in one message. */
export const MAX_BODY_LENGTH = 60_000;

export const commandSchemas = {
  /** Adds an account and begins to sign in; progress arrives as `account` events. */
  'accounts.add': {
    input: z.object({
      jid: z.string().max(3071),
      password: z.string().max(4096),
      endpoint: z.string().max(2048).optional(),
      proxy: proxySettingSchema.optional(),
    }),
    output: z.object(account),
  },
  /** Signs in again: after signing out, after a failure, with a new password or address. */
  'accounts.signIn': {
    input: z.object({
      ...account,
      password: z.string().max(4096).optional(),
      /** Empty text: discover it again. */
      endpoint: z.string().max(2048).optional(),
      proxy: proxySettingSchema.optional(),
    }),
    output: none,
  },
  /** Ends the session and stays offline; also cancels a sign-in under way. */
  'accounts.signOut': { input: z.object(account), output: none },
  /** Signs out and deletes the account with everything stored for it. */
  'accounts.remove': { input: z.object(account), output: none },
  /** Tries a broken connection again now instead of at `retryAt`. */
  'accounts.retryNow': { input: z.object(account), output: none },
  /** Makes its connections anew by this choice; the session goes on. */
  'accounts.setProxy': { input: z.object({ ...account, proxy: proxySettingSchema }), output: none },
  /** Whether it is to use little data: from now on, and for the longer waits from the next session on. */
  'accounts.setLowData': { input: z.object({ ...account, lowData: z.boolean() }), output: none },
  /** Whether the next start of Holdfast does without HTTP/2, where it can speak it. */
  'http2.switchOff': { input: z.object({ willBeOff: z.boolean() }), output: none },
  /** Says who is there to the proxy that asks (`proxy-question`), and tries again. `keep`: also next time. */
  'proxies.answer': {
    input: z.object({
      id: z.string(),
      username: z.string().max(1024),
      password: z.string().max(4096),
      keep: z.boolean(),
    }),
    output: none,
  },
  /** The person will not say; they are not asked again until they try to connect themselves. */
  'proxies.decline': { input: z.object({ id: z.string() }), output: none },
  /** Forgets what was kept for a proxy, as `kept-proxies` names it. */
  'proxies.forget': { input: z.object({ proxy: z.string().max(400) }), output: none },
  /** Adds the certificate authorities in a file (base64 of PEM or DER): every account trusts what they sign. */
  'authorities.add': {
    input: z.object({ file: z.base64().max(400_000) }),
    output: z.object({ added: z.number() }),
  },
  'authorities.remove': { input: z.object({ fingerprint: z.string().max(200) }), output: none },
  /** Trusts the certificate that the account's problem shows, for this account and host alone, and tries again. */
  'certificates.except': {
    input: z.object({ ...account, fingerprint: z.string().max(200) }),
    output: none,
  },
  /** Takes that back, and makes the connections anew. */
  'certificates.revoke': {
    input: z.object({ ...account, fingerprint: z.string().max(200) }),
    output: none,
  },
  /** Adds to the roster and asks to see their presence (RFC 6121 §3.1). */
  'contacts.add': {
    input: z.object({ ...peer, name: z.string().max(1024).optional() }),
    output: none,
  },
  'contacts.rename': { input: z.object({ ...peer, name: z.string().max(1024) }), output: none },
  /** Grants a request, and asks in return (RFC 6121 §3.1.4). */
  'contacts.accept': { input: z.object(peer), output: none },
  'contacts.decline': { input: z.object(peer), output: none },
  'contacts.remove': { input: z.object(peer), output: none },
  /** Opens (or creates) the chat with a person. */
  'chats.open': { input: z.object(peer), output: none },
  /** Nothing in this chat is unread any more. */
  'chats.markRead': { input: z.object(peer), output: none },
  'chats.saveDraft': {
    input: z.object({ ...peer, draft: z.string().max(MAX_BODY_LENGTH) }),
    output: none,
  },
  /** What we are doing, for the other side to see (XEP-0085). */
  'chats.sendState': { input: z.object({ ...peer, state: chatStateSchema }), output: none },
  /**
   * Older messages than `before` (absent: the newest), ascending; from the store, then from the
   * server's archive. `atStart`: nothing is older. `problem`: the archive could not be asked now.
   */
  'messages.load': {
    input: z.object({
      ...peer,
      before: z.number().optional(),
      limit: z.number().int().min(1).max(200),
    }),
    output: z.object({
      messages: z.array(messageSchema),
      atStart: z.boolean(),
      problem: problemSchema.optional(),
    }),
  },
  /** Stores, then sends. `id` is minted by the page, so a repeated command sends once. */
  'messages.send': {
    input: z.object({
      ...peer,
      id: z.uuid(),
      body: z.string().min(1).max(MAX_BODY_LENGTH),
    }),
    output: z.object({ message: messageSchema }),
  },
  /** Puts a failed message back in the queue under its id. */
  'messages.retry': { input: z.object({ ...account, id: z.string() }), output: none },
  /** Deletes a message that failed or still waits. */
  'messages.discard': { input: z.object({ ...account, id: z.string() }), output: none },
  /**
   * Somebody looks at the window: said when they begin to, and every 15 s while they do. Servers are told when
   * nobody does for a minute, and when somebody does again (XEP-0352).
   */
  'attention.here': { input: none, output: none },
  /** Opens the playground and signs in to its account, which is there once: the same again where it is. */
  'playground.open': { input: none, output: z.object(account) },
  /** Changes the network between Holdfast and the playground; good again after a restart. */
  'playground.network': { input: z.object({ network: playgroundNetworkSchema }), output: none },
  /** The connection as text for an administrator, without secrets. */
  'health.report': { input: z.object(account), output: z.object({ text: z.string() }) },
  /**
   * What went over the account's wire after the element of this number (0: all that is kept), and records on
   * for some minutes. `discreet`: without what people say and who they are.
   */
  'console.read': {
    input: z.object({ ...account, after: z.number().int().min(0), discreet: z.boolean() }),
    output: z.object({ entries: z.array(xmlEntrySchema) }),
  },
  /**
   * Examines the way to a server step by step; how it goes arrives as `doctor` events. Of an account, or of
   * an address that has none yet. Ends the examination before.
   */
  'doctor.start': {
    input: z.object({
      accountId: accountIdSchema.optional(),
      jid: z.string().max(3071).optional(),
      /** Empty text: to be found. Not asked where `accountId` is given: the account's own. */
      endpoint: z.string().max(2048).optional(),
    }),
    output: none,
  },
  /** Ends the examination early. */
  'doctor.stop': { input: none, output: none },
  /** The last examination for an administrator, without secrets. */
  'doctor.report': {
    input: z.object({ format: z.enum(['markdown', 'json']) }),
    output: z.object({ text: z.string() }),
  },
  /** The account keeps to what its last examination taught, with a new session. */
  'doctor.apply': { input: z.object(account), output: none },
  /** What happened to the connection in the last day, oldest first. */
  'health.history': {
    input: z.object(account),
    output: z.object({ events: z.array(connectionEventSchema) }),
  },
  /** What the network here is known to do to sessions with the endpoint, learned `at`, kept to `until`. */
  'health.limits': { input: z.object(account), output: knownLimitsSchema },
  /** Forgets it, and finds out anew. */
  'health.forgetLimits': { input: z.object(account), output: none },
} as const;

/** The name of a command, such as `messages.send`. */
export type CommandName = keyof typeof commandSchemas;
/** What a command takes. */
export type CommandInput<N extends CommandName> = z.infer<(typeof commandSchemas)[N]['input']>;
/** What a command answers. */
export type CommandOutput<N extends CommandName> = z.infer<(typeof commandSchemas)[N]['output']>;

/** All names, for shells that offer one verb each. */
export const commandNames = Object.keys(commandSchemas) as CommandName[];

/** A command's answer as it crosses from host to page. */
export type CommandResult<N extends CommandName = CommandName> =
  | { ok: true; value: CommandOutput<N> }
  | { ok: false; problem: z.infer<typeof problemSchema> };

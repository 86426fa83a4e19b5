/** The things a person sees: accounts, contacts, chats and messages, as zod schemas. Times are epoch ms. */
import { z } from 'zod';
import { certificateExceptionSchema } from '../certificate.ts';
import { playgroundNetworkSchema } from '../playground.ts';
import { problemSchema } from '../problem.ts';
import { proxySettingSchema } from '../proxy.ts';

export const accountIdSchema = z.string().min(1).max(64);
/** A bare JID in lower case. */
export const bareJidSchema = z.string().min(1).max(3071);

/** How an account's connection stands, in the order a sign-in passes through. */
export const connectionPhaseSchema = z.enum([
  'offline',
  'finding-endpoint',
  'opening-session',
  'signing-in',
  'catching-up',
  'online',
  /** Broken, and trying again by itself (`retryAt`). */
  'reconnecting',
  /** Ended until the person does something; `problem` says what. */
  'failed',
]);
export type ConnectionPhase = z.infer<typeof connectionPhaseSchema>;

export const connectionSchema = z.object({
  phase: connectionPhaseSchema,
  since: z.number(),
  problem: problemSchema.optional(),
  retryAt: z.number().optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Availability to show (RFC 6121 §4.7.2.1); `online` is the absence of `<show/>`. */
export const showSchema = z.enum(['online', 'chat', 'away', 'xa', 'dnd', 'offline']);
export type Show = z.infer<typeof showSchema>;

export const presenceSchema = z.object({ show: showSchema, status: z.string().optional() });

/** How a BOSH address was found: the domain names it, or it is where such services usually are. */
export const endpointSourceSchema = z.enum(['published', 'guess']);
export type EndpointSource = z.infer<typeof endpointSourceSchema>;

export const accountSchema = z.object({
  id: accountIdSchema,
  jid: bareJidSchema,
  /** The BOSH URL the person typed; absent where it is discovered (XEP-0156). */
  endpoint: z.string().optional(),
  /** What was discovered, where nothing was typed. */
  found: z.object({ url: z.string(), source: endpointSourceSchema }).optional(),
  /** False after signing out: the account stays, without a connection. */
  enabled: z.boolean(),
  /** Absent: by the system's settings. */
  proxy: proxySettingSchema.optional(),
  /** Certificates it trusts by somebody's decision; absent: none. */
  exceptions: z.array(certificateExceptionSchema).readonly().optional(),
  /** It leaves out what people can do without, and asks its server less often; absent: it does not. */
  lowData: z.boolean().optional(),
  connection: connectionSchema,
  name: z.string().optional(),
  /** SHA-1 of the avatar image, to be read at `avatarPath` (XEP-0084 §4.2). */
  avatar: z.string().optional(),
  /** It is on the server inside Holdfast, behind the network that is played there now. */
  playground: z.object({ network: playgroundNetworkSchema }).optional(),
});
/** See {@link accountSchema}. */
export type Account = z.infer<typeof accountSchema>;

export const contactSchema = z.object({
  jid: bareJidSchema,
  /** The name to show: the roster's, else the vCard's nickname, else absent. */
  name: z.string().optional(),
  /** `none` with `request` set is somebody who asks to be added. */
  subscription: z.enum(['none', 'to', 'from', 'both']),
  /** We asked and wait for their answer. */
  asked: z.boolean(),
  /** They asked to see our presence and wait for an answer. */
  request: z.boolean(),
  /** True while the roster (not only a request) has them. */
  inRoster: z.boolean(),
  groups: z.array(z.string()),
  presence: presenceSchema,
  avatar: z.string().optional(),
});
/** See {@link contactSchema}. */
export type Contact = z.infer<typeof contactSchema>;

/** The ladder of an outgoing message; incoming messages are `received`. */
export const messageStateSchema = z.enum([
  'waiting',
  'sending',
  'sent',
  'delivered',
  'failed',
  'received',
]);
export type MessageState = z.infer<typeof messageStateSchema>;

export const messageSchema = z.object({
  /** Outgoing: the origin-id minted by the page. Incoming: the store's own id. Unique within an account. */
  id: z.string().min(1).max(256),
  chat: bareJidSchema,
  outgoing: z.boolean(),
  body: z.string(),
  /** When it was written: the archive's or the server's stamp where there is one, else our clock. */
  at: z.number(),
  /** Orders messages within a chat; grows with time. A message not yet handed over sorts last. */
  position: z.number(),
  state: messageStateSchema,
  /** Why, where the state is `failed`. */
  problem: problemSchema.optional(),
});
/** See {@link messageSchema}. */
export type Message = z.infer<typeof messageSchema>;

/** XEP-0085 chat states. */
export const chatStateSchema = z.enum(['active', 'composing', 'paused', 'inactive', 'gone']);
export type ChatState = z.infer<typeof chatStateSchema>;

export const chatSchema = z.object({
  jid: bareJidSchema,
  unread: z.number().int().min(0),
  draft: z.string(),
  lastMessage: messageSchema.optional(),
  /** What the other side is doing now; absent when unknown. */
  chatState: chatStateSchema.optional(),
});
/** See {@link chatSchema}. */
export type Chat = z.infer<typeof chatSchema>;

/** Where the page reads an avatar image, on both shells. */
export function avatarPath(accountId: string, hash: string): string {
  return `/avatars/${encodeURIComponent(accountId)}/${encodeURIComponent(hash)}`;
}

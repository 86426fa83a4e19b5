/** What the host tells the page. Every event is a whole record, so a repeated one does no harm. */
import { z } from 'zod';
import { authoritySchema } from '../certificate.ts';
import { connectionEventSchema } from '../connection-history.ts';
import { doctorRunSchema } from '../doctor.ts';
import { healthSchema } from '../health.ts';
import { http2Schema } from '../http2.ts';
import { problemSchema } from '../problem.ts';
import { proxyQuestionSchema } from '../proxy.ts';
import {
  accountIdSchema,
  accountSchema,
  bareJidSchema,
  chatSchema,
  contactSchema,
  messageSchema,
} from './records.ts';

/** Everything the page shows, message histories left out (they are loaded by `messages.load`). */
export const snapshotSchema = z.object({
  accounts: z.array(
    z.object({
      account: accountSchema,
      contacts: z.array(contactSchema),
      chats: z.array(chatSchema),
      health: healthSchema.optional(),
    }),
  ),
  /** The last examination of a connection, or the one under way. */
  doctor: doctorRunSchema.optional(),
  /** Things to tell once, such as a damaged database set aside. */
  notices: z.array(problemSchema),
  /** A proxy wants to know who is there; one at a time. */
  proxyQuestion: proxyQuestionSchema.optional(),
  /** Proxies whose name and password are kept, such as `http://proxy.example:3128`; absent: none. */
  keptProxies: z.array(z.string()).readonly().optional(),
  /** Certificate authorities that the person added; absent: none. */
  authorities: z.array(authoritySchema).readonly().optional(),
  /** Absent: this shell speaks HTTP/1.1 only. */
  http2: http2Schema.optional(),
});
/** See {@link snapshotSchema}. */
export type Snapshot = z.infer<typeof snapshotSchema>;

const scope = { accountId: accountIdSchema };

export const hostEventSchema = z.discriminatedUnion('type', [
  /** The first event of every subscription, and again after a gap: forget everything and take this. */
  z.object({ type: z.literal('snapshot'), snapshot: snapshotSchema }),
  z.object({ type: z.literal('account'), account: accountSchema }),
  z.object({ type: z.literal('account-removed'), ...scope }),
  z.object({ type: z.literal('contact'), ...scope, contact: contactSchema }),
  z.object({ type: z.literal('contact-removed'), ...scope, jid: bareJidSchema }),
  z.object({ type: z.literal('chat'), ...scope, chat: chatSchema }),
  z.object({ type: z.literal('chat-removed'), ...scope, jid: bareJidSchema }),
  /** A new or changed message; its `id` says which. */
  z.object({ type: z.literal('message'), ...scope, message: messageSchema }),
  z.object({ type: z.literal('message-removed'), ...scope, chat: bareJidSchema, id: z.string() }),
  /** Absent health: the account has no session now. */
  z.object({ type: z.literal('health'), ...scope, health: healthSchema.optional() }),
  /** Something happened to the connection, or more is known of what did; all of it by `health.history`. */
  z.object({ type: z.literal('connection-event'), ...scope, event: connectionEventSchema }),
  z.object({ type: z.literal('notice'), notice: problemSchema }),
  /** All that there are now. */
  z.object({ type: z.literal('authorities'), authorities: z.array(authoritySchema).readonly() }),
  z.object({ type: z.literal('http2'), http2: http2Schema }),
  /** All proxies whose name and password are kept. */
  z.object({ type: z.literal('kept-proxies'), proxies: z.array(z.string()).readonly() }),
  /** Absent question: none waits for an answer. */
  z.object({ type: z.literal('proxy-question'), question: proxyQuestionSchema.optional() }),
  /** The examination under way, or the last one; there is at most one. */
  z.object({ type: z.literal('doctor'), run: doctorRunSchema }),
]);
/** See {@link hostEventSchema}. */
export type HostEvent = z.infer<typeof hostEventSchema>;

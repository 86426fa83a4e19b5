/** What the XML console shows: what goes over the wire of one account, element by element, without secrets. */
import { z } from 'zod';

/** `stream`: everything that is no stanza. `empty`: a request or answer that carries nothing. */
export const xmlKindSchema = z.enum(['message', 'presence', 'iq', 'stream', 'empty']);
export type XmlKind = z.infer<typeof xmlKindSchema>;

export const xmlEntrySchema = z.object({
  /** Counts up, across sessions. */
  number: z.number().int(),
  /** Epoch ms. */
  at: z.number(),
  direction: z.enum(['out', 'in']),
  kind: xmlKindSchema,
  /** Of the request it went with; absent for what is no BOSH. */
  rid: z.number().optional(),
  /** The request had been sent before. */
  isRepeat: z.boolean().optional(),
  /** Indented; secrets are hidden, and what is very long is cut. */
  xml: z.string(),
});
/** See {@link xmlEntrySchema}. */
export type XmlEntry = z.infer<typeof xmlEntrySchema>;

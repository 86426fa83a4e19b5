/** HTTP/2 where Holdfast can speak it, which is the desktop application: a choice for all accounts. */
import { z } from 'zod';

export const http2Schema = z.object({
  /** Whether this start of Holdfast does without it. */
  isOff: z.boolean(),
  /** Whether the next one does. */
  willBeOff: z.boolean(),
});
/** See {@link http2Schema}. */
export type Http2 = z.infer<typeof http2Schema>;

/** Switching HTTP/2 off: a shell whose HTTP speaks it brings this, and the host carries the person's choice to it. */
import type { Http2 } from '../../shared/http2.ts';

export interface Http2Switch {
  /** As it is now. */
  readonly http2: Http2;
  /** From the next start on. @throws Error where it cannot be kept. */
  switchOff(willBeOff: boolean): void;
}

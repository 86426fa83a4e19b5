/** An exchange that lets somebody look on. The host puts it before an account's HTTP for the XML console. */
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';

export interface WireTap {
  /** Whether anybody looks on now: asked at each request and each answer, and nothing is told where nobody does. */
  readonly isOpen: boolean;
  sent(request: HttpRequest): void;
  received(request: HttpRequest, response: HttpResponse): void;
}

/** The same exchange; what is told has happened already, and cannot be changed by whoever hears it. */
export function tapExchange(http: HttpExchange, tap: WireTap): HttpExchange {
  return {
    async send(request) {
      if (tap.isOpen) tap.sent(request);
      const response = await http.send(request);
      // A held request may have been sent long before anybody looked on.
      if (tap.isOpen) tap.received(request, response);
      return response;
    },
    warm: (url, lane) => http.warm?.(url, lane),
    reopen: async () => http.reopen?.(),
    close: () => http.close(),
  };
}

/**
 * HTTP that changes what a manager grants, on its way back: so that the session takes one manager for another
 * and guards the order of its requests, or does not, where it would not have chosen so.
 */
import type { HttpExchange } from '../../electron/network/http-exchange.ts';

/** `shipped`: as Holdfast chooses by itself. */
export type Guard = 'shipped' | 'always' | 'never';

/** ejabberd's mark, which Prosody has not: whoever shows it is guarded against (`toleratesSwappedRequests`). */
const EJABBERD = ` xmpp:restartlogic='true'`;
/** What of ejabberd's grant is not in Prosody's. */
const NOT_PROSODY = / (?:xmpp:restartlogic|maxpause)='[^']*'/gu;

export function grantedAs(guard: Guard, http: HttpExchange): HttpExchange {
  if (guard === 'shipped') return http;
  return {
    ...{ warm: (url, lane) => http.warm?.(url, lane), close: () => http.close() },
    async send(request) {
      const response = await http.send(request);
      const { body } = response;
      if (!/^<body[^>]* authid=/u.test(body) || !/^<body[^>]* sid=/u.test(body)) return response;
      const unmarked = body.replace(NOT_PROSODY, '');
      const changed =
        guard === 'always'
          ? unmarked.replace(' authid=', `${EJABBERD} authid=`)
          : unmarked.replace(/ ver='[^']*'/u, ` ver='1.6'`);
      return { ...response, body: changed };
    },
  };
}

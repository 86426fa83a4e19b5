/** What a request's body is on the wire, for both adapters: its bytes and the headers that describe them. */
import { gzipSync } from 'node:zlib';
import type { HttpRequest } from './http-exchange.ts';

export interface WireBody {
  readonly bytes: string | Buffer;
  /** Name and value. */
  readonly headers: readonly (readonly [string, string])[];
}

/** Undefined where the request has no body. The same body is always the same bytes: gzip writes no time here. */
export function wireBody({ body, compress }: HttpRequest): WireBody | undefined {
  if (body === undefined) return undefined;
  const type = ['Content-Type', 'text/xml; charset=utf-8'] as const;
  return compress
    ? { bytes: gzipSync(body), headers: [type, ['Content-Encoding', 'gzip']] }
    : { bytes: body, headers: [type] };
}

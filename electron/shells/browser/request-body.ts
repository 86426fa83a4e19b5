/** Reads the JSON body of a request to the browser shell, and the error that carries a refusal's status. */
import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../../../shared/problem.ts';

/** The longest body in bytes: the longest message fits with every character escaped. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A request that is not served, with the HTTP status that says so. */
export class RequestRefusal extends ProblemError {
  readonly status: number;

  constructor(status: number, code: string, message: string, advice = '') {
    super({ code, source: 'app', message, advice, retry: 'never' });
    this.name = 'RequestRefusal';
    this.status = status;
  }
}

/**
 * The body as JSON. Insisting on the content type keeps out forms, which other pages may send unasked.
 * @throws RequestRefusal 415, 413, 400
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new RequestRefusal(415, 'app.not-json', 'This address takes application/json only.');
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new RequestRefusal(400, 'app.not-json', 'The request is not valid JSON.');
  }
}

function tooLarge(): RequestRefusal {
  return new RequestRefusal(413, 'app.request-too-large', 'The request is larger than 1 MiB.');
}

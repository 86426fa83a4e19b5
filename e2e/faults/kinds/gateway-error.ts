/**
 * A gateway in front of the server fails: it could not reach the server, or it lost patience or the
 * connection while the server was already at work on the request.
 */
import type { Fault, Treatment } from '../fault.ts';

function gatewayError(status: number, body: string): Fault {
  return {
    name: String(status),
    weight: 1.5,
    longest: 4,
    treat: (random): Treatment => {
      const stranger = { status, headers: { 'content-type': 'text/html' }, body };
      return random() < 0.5
        ? { isLost: true, stranger: { ...stranger, afterMs: 0 } }
        : { stranger: { ...stranger, afterMs: 5 + Math.round(random() * 60) } };
    },
  };
}

export const gatewayErrors: readonly Fault[] = [
  gatewayError(500, ''),
  gatewayError(502, '<html><head><title>502 Bad Gateway</title></head></html>'),
  gatewayError(503, 'Service Unavailable'),
  gatewayError(504, '<html><head><title>504 Gateway Time-out</title></head></html>'),
];

import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startFaulty } from '../wires/faulty.ts';

export const http10: Network = {
  name: 'http-1.0',
  about: 'something speaks HTTP/1.0 only: the end of the connection ends the answer',
  start: inFrontOfServer((server) => startFaulty(server, { form: 'http-1.0' })),
};

import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startFaulty } from '../wires/faulty.ts';

export const drips: Network = {
  name: 'drips',
  about: 'every answer comes byte by byte',
  start: inFrontOfServer((server) => startFaulty(server, { dripMs: 5 })),
};

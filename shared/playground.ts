/**
 * The playground, as both sides of the contract know it: an account on a server inside Holdfast, for trying
 * the app without an account, and the networks that can be played in front of it.
 */
import { z } from 'zod';
import { parseJid } from './jid.ts';

/** Names under `.alt` are never in the DNS (RFC 9476 §2): nobody has an address here but in Holdfast itself. */
export const PLAYGROUND_DOMAIN = 'playground.alt';

/** Whether this is an address of the playground. */
export function isPlaygroundJid(jid: string): boolean {
  return parseJid(jid)?.domain === PLAYGROUND_DOMAIN;
}

/**
 * How the network between Holdfast and the playground can behave. `slow`: everything takes its time. `cutting`:
 * every connection ends after a few seconds. `buffering`: what comes back is held, and handed over every two
 * seconds. `portal`: every request is answered with a sign-in page, as in a hotel.
 */
export const PLAYGROUND_NETWORKS = ['good', 'slow', 'cutting', 'buffering', 'portal'] as const;
export const playgroundNetworkSchema = z.enum(PLAYGROUND_NETWORKS);
/** See {@link PLAYGROUND_NETWORKS}. */
export type PlaygroundNetwork = z.infer<typeof playgroundNetworkSchema>;

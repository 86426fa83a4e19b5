/** A BOSH address that was found, and how: what the rooms of discovery hand each other, and the host keeps. */
import type { EndpointSource } from '../../../shared/contract/records.ts';

export interface FoundEndpoint {
  /** Absolute; https, or http to this computer. */
  readonly url: string;
  readonly source: EndpointSource;
}

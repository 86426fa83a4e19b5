/** Finding a way in as the host does it: an address works where it opens a BOSH session for the domain. */
import { systemClock } from '../network/clock.ts';
import { TrialSession } from '../network/doctor/trial-session.ts';
import type { FoundEndpoint } from '../network/endpoints/endpoint.ts';
import { type FindOptions, findEndpoint } from '../network/endpoints/find-endpoint.ts';

export type DiscoverRequest = Pick<FindOptions, 'domain' | 'last' | 'withHttp' | 'signal'>;

/** Finds the BOSH URL of a domain; rejects with a ProblemError. */
export type Discover = (request: DiscoverRequest) => Promise<FoundEndpoint>;

/** See {@link findEndpoint}. */
export const discover: Discover = (request) =>
  findEndpoint({
    ...request,
    async probe(endpoint, http, signal) {
      const { domain } = request;
      const session = await TrialSession.open({
        ...{ http, endpoint, domain, wait: 0, clock: systemClock, signal },
      });
      await session.end();
    },
  });

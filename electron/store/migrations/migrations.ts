/** Every migration in order: the first makes version 1. A released one is never changed, only followed. */
import type { Migration } from '../migrate.ts';
import { firstRecords } from './0001-first-records.ts';
import { resumption } from './0002-resumption.ts';
import { callLog } from './0003-call-log.ts';
import { pathLimits } from './0004-path-limits.ts';
import { proxies } from './0005-proxies.ts';
import { connectionEvents } from './0006-connection-events.ts';
import { certificates } from './0007-certificates.ts';
import { foundEndpoints } from './0008-found-endpoints.ts';
import { answeredRequests } from './0009-answered-requests.ts';
import { clientState } from './0010-client-state.ts';
import { lowData } from './0011-low-data.ts';

export const migrations: readonly Migration[] = [
  firstRecords,
  resumption,
  callLog,
  pathLimits,
  proxies,
  connectionEvents,
  certificates,
  foundEndpoints,
  answeredRequests,
  clientState,
  lowData,
];

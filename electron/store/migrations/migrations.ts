/** Every migration in order: the first makes version 1. A released one is never changed, only followed. */
import type { Migration } from '../migrate.ts';
import { firstRecords } from './0001-first-records.ts';

export const migrations: readonly Migration[] = [firstRecords];

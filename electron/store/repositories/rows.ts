/** What the repositories share in turning rows into records: absent columns, and the account's own key. */
import type { Database } from '../database.ts';

/** A row whose null columns are absent properties. */
type WithoutNulls<Row> = {
  [Column in keyof Row as null extends Row[Column] ? never : Column]: Row[Column];
} & {
  [Column in keyof Row as null extends Row[Column] ? Column : never]?: NonNullable<Row[Column]>;
};

/** Leaves out the columns that are null: absent in the records of the contract. */
export function withoutNulls<Row extends object>(row: Row): WithoutNulls<Row> {
  const present = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as WithoutNulls<Row>;
}

/**
 * The key of an account; null where it is not (or no longer) here. Null equals nothing in SQL: what reads
 * or changes by it finds nothing, and what inserts by it is refused.
 */
export function accountKey(database: Database, accountId: string): number | null {
  const row = database.first<{ key: number }>('SELECT key FROM accounts WHERE id = ?', accountId);
  return row?.key ?? null;
}

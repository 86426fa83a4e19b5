/**
 * One SQLite connection with its prepared statements kept. The repositories and the migrations speak to
 * SQLite through it; everything is synchronous, so it lives in the database worker only.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** True between BEGIN and the end of the transaction, whoever ended it: SQLite does so itself on a full disk. */
  get inTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  /** Runs several statements that take no values and answer nothing; they are not kept. */
  execute(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Runs one statement. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastKey: number } {
    const result = this.#prepared(sql).run(...values);
    return { changes: Number(result.changes), lastKey: Number(result.lastInsertRowid) };
  }

  /** The first row; `Row` names the columns the statement selects. */
  first<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  /** All rows; `Row` names the columns the statement selects. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

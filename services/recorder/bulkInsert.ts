// Many rows in one statement: each column travels as one array and PostgreSQL unnests them. The statement's text does
// not depend on the number of rows, so it is prepared once.
import type { Transaction } from "../shared/database/connection.ts";
import { join, raw, sql } from "../shared/database/sql.ts";

type Value = bigint | number | boolean | string;

export interface Column<Row> {
  readonly name: string;
  /** The array's element type as PostgreSQL calls it. */
  readonly type: "int2" | "int4" | "int8" | "numeric" | "bool" | "text";
  readonly value: (row: Row) => Value;
}

export interface BulkInsert<Row> {
  readonly table: string;
  readonly columns: readonly Column<Row>[];
  /** What follows the rows: ON CONFLICT … */
  readonly conflict: string;
}

/** An insert that replaces a row only by a later one (a greater last_seq), by the table's key. */
export const upsertByKey = <Row>(table: string, key: readonly string[], columns: readonly Column<Row>[]): BulkInsert<Row> => ({
  table,
  columns,
  conflict: `ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${columns
    .filter(({ name }) => !key.includes(name))
    .map(({ name }) => `${name} = excluded.${name}`)
    .join(", ")} WHERE existing.last_seq < excluded.last_seq`,
});

/** An insert that leaves a row alone that is there already. */
export const insertOnce = <Row>(table: string, columns: readonly Column<Row>[]): BulkInsert<Row> => ({ table, columns, conflict: "ON CONFLICT DO NOTHING" });

/** Runs the insert; no rows, no statement. */
export async function bulkInsert<Row>(tx: Transaction, insert: BulkInsert<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns, conflict } = insert;
  const names = raw(columns.map(({ name }) => name).join(", "));
  // Bound as array literals in text form: the driver passes a string for an array parameter through as it is.
  const arrays = join(columns.map(({ type, value }) => sql`${arrayLiteral(rows, value, type === "text")}::${raw(type)}[]`), ", ");
  await tx.execute(sql`INSERT INTO ${raw(table)} AS existing (${names}) SELECT * FROM unnest(${arrays}) ${raw(conflict)}`);
}

const arrayLiteral = <Row>(rows: readonly Row[], value: (row: Row) => Value, quoted: boolean): string => {
  const cells = rows.map((row) => (quoted ? quote(String(value(row))) : String(value(row))));
  return `{${cells.join(",")}}`;
};

const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

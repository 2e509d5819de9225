// All rows of all tables of the exchange's database, out of one moment of it and back into an empty one. A row travels as
// the JSON that PostgreSQL itself makes of it and reads again, so no number or time passes through another form.
//
// Never: copies the list of schema steps as rows; the steps are applied again, and rows go into the tables they make.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { join as joinPath } from "node:path";
import type { Database, Transaction } from "../../../services/shared/database/connection.ts";
import { migrate } from "../../../services/shared/database/migrate.ts";
import { MIGRATIONS } from "../../../services/shared/database/migrations.ts";
import { raw, sql } from "../../../services/shared/database/sql.ts";
import { CommandError } from "../usage.ts";
import { tableFile, type BackupFolder, type Manifest, type TableInfo } from "./backupFiles.ts";

/** Rows fetched, and rows inserted, at a time. */
const ROWS_AT_ONCE = 5_000;
const NAME = /^[a-z_]+\.[a-z_]+$/;

/** Copies every table into the backup. `tx` is one moment of the database. */
export async function copyDatabase(tx: Transaction, folder: BackupFolder, onProgress: (table: string, rows: number) => void): Promise<Manifest["database"]> {
  const steps = await tx.query<{ name: string }>(sql`SELECT name FROM schema_migrations ORDER BY position`);
  const found = await tx.query<{ name: string; columns: string[] }>(sql`
    SELECT c.table_schema || '.' || c.table_name AS name, array_agg(c.column_name::text ORDER BY c.ordinal_position) AS columns
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE' AND c.table_schema IN ('public', 'history') AND c.table_name <> 'schema_migrations'
    GROUP BY 1 ORDER BY 1`);
  const tables: TableInfo[] = [];
  for (const { name, columns } of found) {
    let rows = 0;
    await folder.file(tableFile(name), async (file) => {
      await tx.execute(sql`DECLARE backup NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${raw(name)} t`);
      for (;;) {
        const lines = await tx.query<{ line: string }>(sql`FETCH ${raw(String(ROWS_AT_ONCE))} FROM backup`);
        if (lines.length > 0) file.write(Buffer.from(`${lines.map(({ line }) => line).join("\n")}\n`));
        rows += lines.length;
        onProgress(name, rows);
        if (lines.length < ROWS_AT_ONCE) break;
      }
      await tx.execute(sql`CLOSE backup`);
    });
    tables.push({ name, columns, rows });
  }
  return { steps: steps.map(({ name }) => name), tables };
}

/** Makes the schema as it was and fills it. @throws CommandError when this version does not know that schema, or rows are missing */
export async function restoreDatabase(database: Database, from: string, { steps, tables }: NonNullable<Manifest["database"]>): Promise<void> {
  const known = MIGRATIONS.slice(0, steps.length);
  if (known.length !== steps.length || known.some(({ name }, i) => name !== steps[i])) throw new CommandError(`The backup's database has schema steps that this version does not know (${steps.at(-1) ?? ""}); restore it with the version that made it.`);
  await migrate(database, known);
  await database.transaction(async (tx) => {
    await tx.execute(sql`SET LOCAL statement_timeout = 0`);
    for (const table of inOrderOfReference(tables)) {
      if (!NAME.test(table.name) || !table.columns.every((column) => /^[a-z0-9_]+$/.test(column))) throw new CommandError(`The backup names a table ${table.name}, which is none of the exchange's.`);
      const rows = await insertRows(tx, joinPath(from, tableFile(table.name)), table);
      if (rows !== table.rows) throw new CommandError(`The backup's table ${table.name} has ${rows} rows instead of ${table.rows}.`);
    }
  });
}

async function insertRows(tx: Transaction, path: string, { name, columns }: TableInfo): Promise<number> {
  const list = columns.map((column) => `"${column}"`).join(", ");
  let lines: string[] = [];
  let rows = 0;
  const insert = async (): Promise<void> => {
    if (lines.length > 0) rows += await tx.execute(sql`INSERT INTO ${raw(name)} (${raw(list)}) SELECT ${raw(list)} FROM json_populate_recordset(NULL::${raw(name)}, ${`[${lines.join(",")}]`}::json)`);
    lines = [];
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== "") lines.push(line);
    if (lines.length >= ROWS_AT_ONCE) await insert();
  }
  await insert();
  return rows;
}

// Accounts first, then users: the others refer to them.
const REFERRED_TO = ["public.accounts", "public.users"];
const rank = ({ name }: TableInfo): number => (REFERRED_TO.includes(name) ? REFERRED_TO.indexOf(name) : REFERRED_TO.length);
const inOrderOfReference = (tables: readonly TableInfo[]): TableInfo[] => [...tables].sort((a, b) => rank(a) - rank(b));

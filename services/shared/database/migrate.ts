// Brings the database to the schema this build expects, whichever service comes first.
//
// Owns the table schema_migrations. Never: runs a step twice, or half of one: everything happens in one transaction
// under one advisory lock, so two services starting together take turns.
import { createHash } from "node:crypto";
import { ConfigError } from "../config.ts";
import type { Database } from "./connection.ts";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";
import { raw, sql } from "./sql.ts";

// Any constant will do as long as every service uses the same: "tick".
const LOCK_KEY = 0x7469636b;

/** The database's schema is not a prefix of this build's: it was made by another build. */
export class SchemaMismatchError extends ConfigError {}

/**
 * Applies the steps that have not been applied yet.
 * @returns the names of the steps applied now.
 * @throws SchemaMismatchError when a step already applied is unknown here or reads differently; nothing is changed.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<string[]> {
  return await database.transaction(async (tx) => {
    await tx.query(sql`SELECT pg_advisory_xact_lock(${LOCK_KEY})`);
    await tx.execute(sql`
      CREATE TABLE IF NOT EXISTS schema_migrations (
        position int PRIMARY KEY,
        name text NOT NULL UNIQUE,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    const applied = await tx.query<{ name: string; sha256: string }>(sql`SELECT name, sha256 FROM schema_migrations ORDER BY position`);
    applied.forEach((row, position) => {
      const ours = migrations[position];
      if (ours === undefined || ours.name !== row.name) {
        throw new SchemaMismatchError(`The database has the schema step "${row.name}", which this build does not know in that place.`);
      }
      if (sha256(ours.sql) !== row.sha256) {
        throw new SchemaMismatchError(`The schema step "${row.name}" was changed after the database was made; start with a fresh database.`);
      }
    });
    const pending = migrations.slice(applied.length);
    for (const [index, { name, sql: text }] of pending.entries()) {
      await tx.execute(raw(text));
      await tx.execute(sql`INSERT INTO schema_migrations (position, name, sha256) VALUES (${applied.length + index}, ${name}, ${sha256(text)})`);
    }
    return pending.map(({ name }) => name);
  });
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

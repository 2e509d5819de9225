// The PostgreSQL of a data directory on which nothing runs: its own cluster, started for the work, or the one that
// DATABASE_URL names.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { connectDatabase, isDatabaseUnavailable, type Database } from "../../../services/shared/database/connection.ts";
import { sql } from "../../../services/shared/database/sql.ts";
import type { Config } from "../../../services/shared/config.ts";
import { startPostgresServer } from "../../stack/postgresServer.ts";
import { CommandError } from "../usage.ts";
import { silent } from "./logSource.ts";

export interface OpenHistory {
  readonly database: Database;
  close(): Promise<void>;
}

/** Undefined when the data directory has no database of its own and DATABASE_URL names none. @throws CommandError, StackError */
export async function openHistory({ dataDir, databaseUrl }: Config): Promise<OpenHistory | undefined> {
  if (databaseUrl !== undefined) return await connectHistory(databaseUrl, async () => undefined);
  // In the data directory, or, where PostgreSQL's system user cannot enter that, elsewhere with a mark.
  if (!existsSync(join(dataDir, "postgres")) && !existsSync(join(dataDir, "postgres-elsewhere.json"))) return undefined;
  const server = await startPostgresServer({ dataDir });
  return await connectHistory(server.url, () => server.stop());
}

/** A connection, once it stands. @throws CommandError when nobody answers there */
export async function connectHistory(url: string, stop: () => Promise<void>): Promise<OpenHistory> {
  const database = connectDatabase({ url, service: "tickwire", connectionsMax: 2, logger: silent });
  const close = async (): Promise<void> => {
    await database.end({ timeoutMs: 2_000 });
    await stop();
  };
  try {
    await database.query(sql`SELECT 1`);
    return { database, close };
  } catch (error) {
    await close();
    if (isDatabaseUnavailable(error)) throw new CommandError(`PostgreSQL does not answer (${error instanceof Error ? error.message : String(error)}); start it, or set DATABASE_URL to the right one.`);
    throw error;
  }
}

/** Whether the recorder has ever been at work there. */
export async function hasHistory(database: Database): Promise<boolean> {
  const [found] = await database.query<{ there: boolean }>(sql`SELECT to_regclass('history.recorder_position') IS NOT NULL AS there`);
  return found?.there === true;
}

// On a real PostgreSQL.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../../scripts/stack/postgresServer.ts";
import { createLogger } from "../logger.ts";
import { connectDatabase, isDatabaseUnavailable, type Database } from "./connection.ts";
import { migrate, SchemaMismatchError } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { sql } from "./sql.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-migrate-"));
let server: Awaited<ReturnType<typeof startPostgresServer>>;
let database: Database;
const open = (url: string) => connectDatabase({ url, service: "test", connectionsMax: 4, logger: createLogger("test") });

beforeAll(async () => {
  server = await startPostgresServer({ dataDir });
  database = open(server.url);
});
afterAll(async () => {
  await database?.end();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("the schema", () => {
  it("is brought up to date once, by whichever of several services comes first", async () => {
    const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(applied.flat()).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await migrate(database)).toEqual([]);
  });

  it("is left alone when the database was made by another build", async () => {
    const [first, ...others] = MIGRATIONS;
    if (first === undefined) throw new Error("there is no schema");
    await expect(migrate(database, [{ ...first, sql: `${first.sql} -- edited` }, ...others])).rejects.toThrow(SchemaMismatchError);
    await expect(migrate(database, [{ ...first, name: "0001-other" }, ...others])).rejects.toThrow(SchemaMismatchError);
    await expect(migrate(database, [])).rejects.toThrow(SchemaMismatchError);
  });

  it("has no half of a step that fails", async () => {
    const broken = { name: "9999-broken", sql: "CREATE TABLE half (x int); SELECT nonsense FROM nowhere;" };
    await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow();
    expect(await database.query(sql`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    expect(await migrate(database)).toEqual([]);
  });

  it("tells a database that is not there from a statement that is wrong", async () => {
    const nobody = open("postgres://x:y@127.0.0.1:1/none");
    const errorOf = async (work: Promise<unknown>) => await work.then(() => undefined, (error: unknown) => error);
    expect(isDatabaseUnavailable(await errorOf(nobody.query(sql`SELECT 1`)))).toBe(true);
    expect(isDatabaseUnavailable(await errorOf(database.query(sql`SELECT nonsense`)))).toBe(false);
    await nobody.end();
  });
});

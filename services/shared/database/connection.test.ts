// On a real PostgreSQL.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../../scripts/stack/postgresServer.ts";
import { connectDatabase, isDatabaseUnavailable, type Database, type Transaction } from "./connection.ts";
import { raw, sql } from "./sql.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-connection-"));
let server: Awaited<ReturnType<typeof startPostgresServer>>;
// One connection each: what one leaves behind, the next finds.
let database: Database;
let operator: Database;
const open = () => connectDatabase({ url: server.url, service: "test", connectionsMax: 1, logger: pino({ level: "silent" }) });
const errorOf = async (work: Promise<unknown>) => await work.then(() => undefined, (error: unknown) => error);

beforeAll(async () => {
  server = await startPostgresServer({ dataDir });
  database = open();
  operator = open();
  await database.execute(sql`CREATE TABLE kept (n bigint)`);
});
afterAll(async () => {
  await Promise.all([database?.end({ timeoutMs: 1_000 }), operator?.end({ timeoutMs: 1_000 })]);
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function cut(on: Pick<Transaction, "query">): Promise<void> {
  const [row] = await on.query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
  await operator.query(sql`SELECT pg_terminate_backend(${row?.pid ?? 0}, 1000)`);
}

describe("a connection that is cut", () => {
  // A driver once ended the process when a statement was sent on a connection that had just been closed, and after the
  // next connection gave answers to the wrong statements.
  it("between two statements of a transaction fails it with an error of its own, again and again, and nothing else", async () => {
    for (let round = 0; round < 5; round += 1) {
      const failed = database.transaction(async (tx) => {
        await cut(tx);
        // At once, while the end is still on its way, or later, when it has been noticed.
        if (round % 2 === 0) await delay(50);
        await tx.query(sql`SELECT ${round}::int4 AS round`);
      });
      const next = database.query(sql`SELECT ${round}::int4 AS one`);
      expect(isDatabaseUnavailable(await errorOf(failed)), String(await errorOf(failed))).toBe(true);
      expect(await next).toEqual([{ one: round }]);
    }
  });

  it("in the middle of a statement fails that statement, and those sent with it", async () => {
    for (let round = 0; round < 3; round += 1) {
      const work: Promise<unknown>[] = [];
      const failed = database.transaction(async (tx) => {
        const [row] = await tx.query<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
        work.push(tx.query(sql`SELECT pg_sleep(${30}::float8)`), tx.query(sql`SELECT ${"next"}::text`));
        const settled = Promise.allSettled(work);
        await operator.query(sql`SELECT pg_terminate_backend(${row?.pid ?? 0}, 1000)`);
        expect(await settled).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
        await Promise.all(work);
      });
      expect(isDatabaseUnavailable(await errorOf(failed)), String(await errorOf(failed))).toBe(true);
      expect(await database.query(sql`SELECT ${round}::int4 AS one`)).toEqual([{ one: round }]);
    }
  });

  it("while nobody uses it is replaced", async () => {
    await cut(database);
    await delay(50);
    expect(await database.query(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });
});

describe("a database that cannot be reached", () => {
  it("is told from a statement that is wrong: nobody there, somebody silent, every connection taken, the wrong password", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const at = (url: string) => connectDatabase({ url, service: "test", connectionsMax: 1, logger: pino({ level: "silent" }) });
    const [nobody, somebody, stranger] = [at("postgres://x:y@127.0.0.1:1/none"), at(`postgres://x:y@127.0.0.1:${port}/none`), at(server.url.replace(/:[^:@]+@/, ":wrong@"))];
    try {
      const errors = await Promise.all([
        errorOf(nobody.query(sql`SELECT 1`)),
        errorOf(somebody.query(sql`SELECT 1`)),
        database.transaction(async () => await errorOf(database.query(sql`SELECT 1`))),
        errorOf(stranger.query(sql`SELECT 1`)),
        errorOf(operator.query(sql`SELECT nonsense`)),
      ]);
      expect(errors.map(isDatabaseUnavailable), errors.map(String).join("; ")).toEqual([true, true, true, false, false]);
    } finally {
      await Promise.all([nobody.end(), somebody.end(), stranger.end()]);
      silent.close();
    }
  }, 15_000);
});

describe("a transaction", () => {
  const kept = async () => (await database.query<{ n: bigint }>(sql`SELECT n FROM kept ORDER BY n`)).map(({ n }) => n);

  it("leaves nothing behind when its work fails, and the connection is used again", async () => {
    const [before] = await database.query(sql`SELECT pg_backend_pid() AS pid`);
    const broken = database.transaction(async (tx) => {
      expect(await tx.execute(sql`INSERT INTO kept VALUES (${1n}), (${2n})`)).toBe(2);
      throw new Error("changed its mind");
    });
    await expect(broken).rejects.toThrow("changed its mind");
    const refused = database.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO kept VALUES (${1n})`);
      await tx.query(sql`SELECT nonsense`);
    });
    await expect(refused).rejects.toThrow(/nonsense/);
    expect(await kept()).toEqual([]);
    expect(await database.query(sql`SELECT pg_backend_pid() AS pid`)).toEqual([before]);
  });

  it("is not said to be committed when a statement of it has failed unheard", async () => {
    const deaf = database.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO kept VALUES (${1n})`);
      await errorOf(tx.query(sql`SELECT nonsense`));
    });
    await expect(deaf).rejects.toThrow(/could not be committed/);
    expect(await kept()).toEqual([]);
  });

  it("takes no statement after its end", async () => {
    let late: Transaction | undefined;
    await database.transaction(async (tx) => void (late = tx));
    await expect(late?.query(sql`SELECT 1`)).rejects.toThrow(/after the end/);
  });

  it("of one moment sees nothing that comes later, and writes nothing", async () => {
    const other = open();
    try {
      const seen = await database.snapshot(async (tx) => {
        const before = await tx.query(sql`SELECT count(*) FROM kept`);
        await other.execute(sql`INSERT INTO kept VALUES (${3n})`);
        return [before, await tx.query(sql`SELECT count(*) FROM kept`)];
      });
      expect(seen[1]).toEqual(seen[0]);
      await expect(database.snapshot((tx) => tx.execute(sql`DELETE FROM kept`))).rejects.toThrow(/read-only/);
      expect(await other.execute(sql`DELETE FROM kept`)).toBe(1);
    } finally {
      await other.end();
    }
  });
});

describe("values", () => {
  it("go in and come out as what they are", async () => {
    const at = new Date("2024-02-29T12:34:56.789Z");
    const bytes = Uint8Array.from([0, 1, 254, 255]);
    const [row] = await database.query<Record<string, unknown>>(sql`
      SELECT ${9_007_199_254_740_993n}::int8 AS "int8", ${7}::int4 AS "int4", ${2}::int2 AS "int2", ${"18446744073709551615"}::numeric(20) AS "numeric",
        ${true}::bool AS "bool", ${"é"}::text AS "text", ${at}::timestamptz AS "at", ${bytes}::bytea AS "bytes", ${null}::int8 AS "none"`);
    expect(row).toEqual({ int8: 9_007_199_254_740_993n, int4: 7, int2: 2, numeric: "18446744073709551615", bool: true, text: "é", at, bytes: Buffer.from(bytes), none: null });
  });

  it("are never read as part of a statement", async () => {
    const text = "'; DROP TABLE kept; --";
    expect(await database.query(sql`SELECT ${text}::text AS text WHERE ${raw("true")}`)).toEqual([{ text }]);
  });

  it("meet a session in UTC that bounds its statements and says whose it is", async () => {
    const [row] = await database.query(sql`
      SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS timeout, current_setting('application_name') AS name`);
    expect(row).toEqual({ zone: "UTC", timeout: "10s", name: "tickwire-test" });
  });
});

describe("the end", () => {
  it("waits for what is under way, but not for ever, and is the same however often it is asked for", async () => {
    const ending = open();
    const slow = errorOf(ending.query(sql`SELECT pg_sleep(30)`));
    await delay(100);
    const startedMs = performance.now();
    await Promise.all([ending.end({ timeoutMs: 200 }), ending.end()]);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(isDatabaseUnavailable(await slow), String(await slow)).toBe(true);
    expect(isDatabaseUnavailable(await errorOf(ending.query(sql`SELECT 1`)))).toBe(true);
  });

  it("leaves an answer that comes in time", async () => {
    const ending = open();
    const answer = ending.query(sql`SELECT pg_sleep(0.2), 1 AS one`);
    await delay(50);
    await ending.end({ timeoutMs: 5_000 });
    expect(await answer).toMatchObject([{ one: 1 }]);
  });
});

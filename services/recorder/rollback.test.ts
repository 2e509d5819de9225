// History taken back to an earlier entry is what it was then, and goes on from there in another way.
import { fromBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { EventBatchSchema, type EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import { EngineSnapshotSchema, type EngineSnapshot } from "../../gen/tickwire/v1/snapshot_pb.ts";
import { Engine } from "../engine/engine.ts";
import { restoreSnapshot, takeSnapshot } from "../engine/snapshot.ts";
import { entryBytes, MARKET, openingCommands, type CommandInit } from "../engine/testing/testVenue.ts";
import { rollBackAccounts } from "../api/accounts/rollback.ts";
import { raw, sql } from "../shared/database/sql.ts";
import { recordedPosition } from "../shared/history/position.ts";
import { seededRandom, SUNDAY_US } from "./testing/handWrittenLog.ts";
import { rollBackHistory } from "./rollback.ts";
import { RecorderStack, until } from "./testing/recorderStack.ts";

const TABLES = ["assets", "markets", "accounts", "transfers", "orders", "trades", "balance_changes", "candles", "recorder_position"];
let stack: RecorderStack;

beforeAll(async () => {
  stack = await RecorderStack.start({ startRedisServer, startPostgresServer });
});
afterAll(async () => {
  await stack.stop();
});

/** A venue that trades at random, entry by entry, some seconds apart. */
class Trading {
  engine = new Engine();
  timeUs = SUNDAY_US;
  readonly #random: () => number;
  #ids = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  apply(commands: readonly CommandInit[]): EventBatch {
    this.timeUs += BigInt(Math.floor(this.#random() * 20_000_000));
    return fromBinary(EventBatchSchema, this.engine.applyEntry(entryBytes(commands, this.timeUs), this.engine.entry + 1).events);
  }

  open(): EventBatch[] {
    const deposit = (accountId: bigint, assetId: number): CommandInit => ({ accountId, body: { case: "deposit", value: { assetId, amountUnits: 10n ** 9n, transferId: `start-${assetId}` } } });
    return [
      this.apply(openingCommands({ makerFeePpm: 1_000, takerFeePpm: 2_000 })),
      this.apply([2n, 3n].map((id): CommandInit => ({ body: { case: "openAccount", value: { externalId: `account-${id}`, name: `${id}` } } }))),
      this.apply([2n, 3n].flatMap((id) => [deposit(id, 1), deposit(id, 2)])),
    ];
  }

  some(entries: number): EventBatch[] {
    const roll = (from: number, to: number): number => from + Math.floor(this.#random() * (to - from + 1));
    return Array.from({ length: entries }, () => {
      const accountId = BigInt(roll(2, 3));
      const pick = roll(0, 19);
      if (pick === 0) return this.apply([{ accountId, body: { case: "cancelAllOrders", value: {} } }]);
      if (pick === 1) return this.apply([{ accountId, body: { case: "withdraw", value: { assetId: 1, amountUnits: 5n, transferId: `w-${++this.#ids}` } } }]);
      if (pick === 2) return this.apply([{ body: { case: "openAccount", value: { externalId: `later-${this.engine.entry}-${this.#ids}`, name: "later" } } }]);
      if (pick === 3) return this.apply([{ body: { case: "setAccountFrozen", value: { targetAccountId: 1n, frozen: roll(0, 1) === 1 } } }]);
      if (pick === 4) return this.apply([{ body: { case: "setMarketStatus", value: { marketId: MARKET, status: 1 } } }]);
      const order = { marketId: MARKET, side: roll(1, 2) as 1 | 2, type: 1 as const, timeInForce: 1 as const, priceTicks: BigInt(roll(95, 105)), quantityLots: BigInt(roll(1, 50)), clientOrderId: `o-${++this.#ids}` };
      return this.apply([{ accountId, body: { case: "placeOrder", value: order } }]);
    });
  }

  state(): EngineSnapshot {
    return fromBinary(EngineSnapshotSchema, takeSnapshot(this.engine));
  }

  /** The same venue, to go another way. */
  fork(seed: number): Trading {
    const other = new Trading(seed);
    other.engine = restoreSnapshot(takeSnapshot(this.engine));
    other.timeUs = this.timeUs;
    other.#ids = 1_000_000 + seed;
    return other;
  }
}

/** Every row of history, but for the last_seq of what may have been taken back. */
async function everything(): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const rows = await stack.database.query<{ row: Record<string, unknown> }>(sql`SELECT to_jsonb(t) AS row FROM ${raw(`history.${table}`)} t ORDER BY 1`);
    tables[table] = rows.map(({ row }) => (["orders", "markets", "accounts", "assets"].includes(table) ? { ...row, last_seq: 0 } : row));
  }
  return tables;
}

async function record(batches: readonly EventBatch[]): Promise<void> {
  await stack.append(batches);
  const recorder = await stack.record();
  const last = batches.at(-1)?.entry ?? 0n;
  await until(async () => (await recordedPosition(stack.database))?.entry === last, "everything is recorded");
  await recorder.stop();
}

it("is what it was at that entry, whatever came after it, and records another course of things from there", async () => {
  const venue = new Trading(1);
  await record([...venue.open(), ...venue.some(120)]);
  const then = venue.state();
  const before = await everything();
  expect(before["trades"]?.length).toBeGreaterThan(20);
  // The course of things that was lost.
  const other = venue.fork(2);
  const lost = venue.some(150);
  await record(lost);
  expect(await everything()).not.toEqual(before);
  expect(await rollBackHistory(stack.database, then)).toBe(150n);
  expect(await everything()).toEqual(before);
  expect(await rollBackHistory(stack.database, then), "a second time there is nothing to do").toBe(0n);
  // The log goes on from there, in a new epoch.
  for (const { entry } of lost) await stack.redis.xdel("tickwire:{log}:out", `0-${entry}`);
  await stack.redis.call("XSETID", "tickwire:{log}:out", `0-${then.entry}`);
  const next = [other.apply([{ body: { case: "startEpoch", value: { epoch: 8, reason: "test" } } }]), ...other.some(150)];
  await record(next);
  const after = await everything();
  await stack.empty();
  const again = new Trading(1);
  await stack.redis.del("tickwire:{log}:out");
  await record([...again.open(), ...again.some(120), ...next]);
  expect(await everything(), "as if the lost entries had never been").toEqual(after);
});

it("leaves no key, user or grant with an account that the engine has lost", async () => {
  const { database } = stack;
  await database.execute(sql`
    INSERT INTO accounts (account_id, external_id, name) VALUES (5, 'e5', 'kept'), (6, 'e6', 'lost');
    INSERT INTO users (user_id, email, password_hash, account_id) VALUES (gen_random_uuid(), 'kept@x', 'h', 5), (gen_random_uuid(), 'lost@x', 'h', 6);
    INSERT INTO api_keys (key_id, api_key, secret_sealed, account_id, label) VALUES (gen_random_uuid(), 'k5', '', 5, ''), (gen_random_uuid(), 'k6', '', 6, '');
    INSERT INTO on_ramp_grants (transfer_id, account_id, asset_id, amount_units, status) VALUES ('kept', 5, 1, 1, 'posted'), ('lost', 5, 1, 1, 'posted'), ('x', 6, 1, 1, 'posted');
    INSERT INTO history.transfers (account_id, transfer_id, kind, asset_id, amount_units, seq, time_us) VALUES (5, 'kept', 'deposit', 1, 1, 1, 1)`);
  expect(await database.transaction((tx) => rollBackAccounts(tx, 5))).toEqual({ accounts: 1, apiKeys: 1, users: 1, grants: 1 });
  expect(await database.query(sql`SELECT email, account_id FROM users ORDER BY email`)).toEqual([{ email: "kept@x", account_id: 5n }, { email: "lost@x", account_id: null }]);
  expect(await database.query(sql`SELECT api_key FROM api_keys`)).toEqual([{ api_key: "k5" }]);
  expect(await database.query(sql`SELECT transfer_id, status FROM on_ramp_grants ORDER BY 1`)).toEqual([{ transfer_id: "kept", status: "posted" }, { transfer_id: "lost", status: "pending" }]);
});

// Private data: who may see it, and that nothing of it is missing or doubled.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../../gen/tickwire/v1/client_pb.ts";
import type { EventSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { ExecutionType } from "../../gen/tickwire/v1/private_data_pb.ts";
import { RequestError } from "../../gen/tickwire/v1/server_pb.ts";
import { findFreePort } from "../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { EVENT_LOG, streamTicketKey } from "../shared/keys.ts";
import { connectWriter } from "../shared/redis.ts";
import { ticketLogon } from "./logon.ts";
import type { FeedProbe } from "./testing/feedProbe.ts";
import { eventually, silent, Stage } from "./testing/stage.ts";

type EventInit = MessageInitShape<typeof EventSchema>;

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-gateway-accounts-"));
const account = { channel: Channel.ACCOUNT };
const ALICE = 7n;
const BOB = 8n;
let redis: RunningServer;
let stage: Stage;

beforeAll(async () => {
  redis = await startRedisServer({ dataDir });
});
beforeEach(async () => {
  stage = await Stage.raise({ redisUrl: redis.url, port: await findFreePort() });
  for (const accountId of [ALICE, BOB]) stage.engine.accounts.set(accountId, { executionSeq: 0n, balanceSeq: 0n });
});
afterEach(async () => {
  await stage.strike();
});
afterAll(async () => {
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ticketFor(accountId: bigint): Promise<string> {
  const ticket = `ticket-of-${accountId}-${Math.random().toString(36).slice(2)}`;
  await stage.engine.redis.set(streamTicketKey(ticket), accountId.toString(), "PX", 30_000);
  return ticket;
}

/** Logs on and subscribes in one breath: the second request waits for the first. */
async function listen(accountId: bigint): Promise<FeedProbe> {
  const client = await stage.connect();
  client.send({ case: "logon", value: { ticket: await ticketFor(accountId) } });
  client.subscribe(account);
  return client;
}

/** The stand-in's account moves on with its events, as the engine's does. */
function counted(accountId: bigint, kind: "executionSeq" | "balanceSeq"): bigint {
  const state = stage.engine.accounts.get(accountId);
  if (state === undefined) throw new Error(`no account ${accountId}`);
  return (state[kind] = (state[kind] ?? 0n) + 1n);
}
const accepted = (accountId: bigint): EventInit => ({ body: { case: "orderAccepted", value: { executionSeq: counted(accountId, "executionSeq"), order: { orderId: 55n, accountId, marketId: 1 } } } });
const moved = (accountId: bigint, availableUnits: bigint): EventInit => ({
  body: { case: "balanceChanged", value: { accountId, balanceSeq: counted(accountId, "balanceSeq"), assetId: 2, availableUnits, heldUnits: 5n, availableChangeUnits: -5n, heldChangeUnits: 5n } },
});

/** Both sequences after the last snapshot count by one, up to where the account stands. */
function expectGapless(client: FeedProbe, accountId: bigint): void {
  const from = client.bodies.findLastIndex((body) => body.case === "accountSnapshot");
  const snapshot = client.all("accountSnapshot").at(-1);
  const later = client.bodies.slice(from);
  const executions = later.flatMap((body) => (body.case === "execution" ? [body.value.executionSeq] : []));
  const balances = later.flatMap((body) => (body.case === "balanceUpdate" ? [body.value.balanceSeq] : []));
  const countsFrom = (start: bigint, list: bigint[]) => list.map((_, i) => start + BigInt(i) + 1n);
  expect(executions).toEqual(countsFrom(snapshot?.executionSeq ?? -1n, executions));
  expect(balances).toEqual(countsFrom(snapshot?.balanceSeq ?? -1n, balances));
  const state = stage.engine.accounts.get(accountId);
  expect([executions.at(-1) ?? snapshot?.executionSeq, balances.at(-1) ?? snapshot?.balanceSeq]).toEqual([state?.executionSeq, state?.balanceSeq]);
}
const lastBalance = (client: FeedProbe) => client.all("balanceUpdate").at(-1)?.balanceSeq ?? client.all("accountSnapshot").at(-1)?.balanceSeq;

describe("a stream ticket", () => {
  it("binds a socket to its account, once", async () => {
    const ticket = await ticketFor(ALICE);
    const first = await stage.connect();
    const requestNo = first.send({ case: "logon", value: { ticket } });
    expect(await first.next("loggedOn")).toMatchObject({ requestNo, accountId: ALICE });
    const second = await stage.connect();
    second.send({ case: "logon", value: { ticket } });
    expect(await second.next("requestRejected")).toMatchObject({ error: RequestError.INVALID_TICKET });
    second.subscribe(account);
    expect(await second.next("requestRejected")).toMatchObject({ error: RequestError.NOT_LOGGED_ON });
  });

  it.each(["", "nonsense", "x".repeat(1_000), "../../etc", "*"])("%j opens nothing", async (ticket) => {
    const client = await stage.connect();
    client.send({ case: "logon", value: { ticket } });
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.INVALID_TICKET });
    expect(client.closed).toBeUndefined();
  });

  it("of another account is refused on a socket that is logged on already", async () => {
    const client = await listen(ALICE);
    await client.next("accountSnapshot");
    client.send({ case: "logon", value: { ticket: await ticketFor(BOB) } });
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.INVALID_TICKET });
  });

  it("cannot be looked up while Redis is away, and the answer says so", async () => {
    const away = connectWriter(redis.url, "test", silent);
    away.disconnect();
    expect(await ticketLogon(away, silent)("some-ticket")).toMatchObject({ ok: false, refusal: { error: RequestError.UNAVAILABLE } });
  });
});

describe("executions and balances", () => {
  it("arrive gapless after the snapshot, though the log runs on while it is fetched", async () => {
    const { engine } = stage;
    engine.answerDelayMs = 40;
    for (let i = 0; i < 5; i++) await engine.append([accepted(ALICE), moved(ALICE, BigInt(i))]);
    const clients: FeedProbe[] = [];
    for (let round = 0; round < 4; round++) {
      clients.push(await listen(ALICE));
      for (let i = 0; i < 30; i++) {
        await engine.append([accepted(ALICE), moved(ALICE, BigInt(i))], [accepted(BOB), moved(BOB, 1n)]);
        if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    for (const client of clients) {
      await eventually(() => lastBalance(client)).toBe(engine.accounts.get(ALICE)?.balanceSeq);
      expectGapless(client, ALICE);
      expect(client.all("accountSnapshot")).toHaveLength(1);
      expect(client.all("execution").every(({ order }) => order?.accountId === ALICE)).toBe(true);
    }
  });

  it("of a trade reach both sides, each with its own order and fee", async () => {
    const alice = await listen(ALICE);
    const bob = await listen(BOB);
    await alice.next("accountSnapshot");
    await bob.next("accountSnapshot");
    await stage.engine.append([
      {
        body: {
          case: "tradeExecuted",
          value: {
            marketId: 1,
            tradeId: 9n,
            priceTicks: 64_000n,
            quantityLots: 3n,
            quoteUnits: 1_920n,
            maker: { executionSeq: counted(ALICE, "executionSeq"), order: { orderId: 1n, accountId: ALICE }, feeUnits: 2n, feeAssetId: 2 },
            taker: { executionSeq: counted(BOB, "executionSeq"), order: { orderId: 2n, accountId: BOB }, feeUnits: 3n, feeAssetId: 1 },
          },
        },
      },
      moved(ALICE, 100n),
      moved(BOB, 200n),
    ]);
    const shared = { type: ExecutionType.TRADE, tradeId: 9n, lastPriceTicks: 64_000n, lastLots: 3n, lastQuoteUnits: 1_920n };
    expect(await alice.next("execution")).toMatchObject({ ...shared, maker: true, feeUnits: 2n, feeAssetId: 2, order: { orderId: 1n } });
    expect(await bob.next("execution")).toMatchObject({ ...shared, maker: false, feeUnits: 3n, feeAssetId: 1, order: { orderId: 2n } });
    expect(await alice.next("balanceUpdate")).toMatchObject({ balance: { assetId: 2, availableUnits: 100n, heldUnits: 5n }, availableChangeUnits: -5n });
    expect((await bob.next("balanceUpdate")).balance?.availableUnits).toBe(200n);
  });

  it("of an order's whole life carry their names", async () => {
    const client = await listen(ALICE);
    await client.next("accountSnapshot");
    const order = { orderId: 1n, accountId: ALICE };
    const next = () => ({ executionSeq: counted(ALICE, "executionSeq"), order });
    await stage.engine.append(
      [{ body: { case: "orderAccepted", value: next() } }],
      [{ body: { case: "orderAmended", value: next() } }],
      [{ body: { case: "orderTriggered", value: next() } }],
      [{ body: { case: "orderCanceled", value: next() } }],
      [{ body: { case: "orderExpired", value: next() } }],
      [{ body: { case: "orderRejected", value: {} } }],
    );
    await eventually(() => client.all("execution").map(({ type }) => type)).toEqual([ExecutionType.NEW, ExecutionType.REPLACED, ExecutionType.TRIGGERED, ExecutionType.CANCELED, ExecutionType.EXPIRED]);
  });

  it("begin with a new snapshot when entries of the log were missed", async () => {
    const { engine } = stage;
    await engine.append([accepted(ALICE)]);
    const client = await listen(ALICE);
    await client.next("accountSnapshot");
    await engine.append([accepted(ALICE), moved(ALICE, 1n)]);
    await client.next("balanceUpdate");
    // Trimmed before the gateway could read it.
    engine.entry++;
    counted(ALICE, "executionSeq");
    await engine.append([accepted(ALICE), moved(ALICE, 2n)]);
    await client.next("accountSnapshot");
    await engine.append([accepted(ALICE), moved(ALICE, 3n)]);
    await eventually(() => lastBalance(client)).toBe(engine.accounts.get(ALICE)?.balanceSeq);
    expectGapless(client, ALICE);
  });

  it("begin with a new snapshot when the log is replaced by a shorter one", async () => {
    const { engine } = stage;
    const client = await listen(ALICE);
    await client.next("accountSnapshot");
    for (let i = 0; i < 3; i++) await engine.append([accepted(ALICE)]);
    await client.next("execution");
    await engine.redis.del(EVENT_LOG);
    engine.entry = 0;
    engine.epoch = 2;
    engine.accounts.set(ALICE, { executionSeq: 0n, balanceSeq: 0n });
    expect(await client.next("accountSnapshot")).toMatchObject({ epoch: 2, executionSeq: 0n });
    await engine.append([accepted(ALICE), moved(ALICE, 1n)]);
    await eventually(() => lastBalance(client)).toBe(1n);
    expectGapless(client, ALICE);
  });

  it("stop when unsubscribed, and go on with a snapshot when subscribed again", async () => {
    const { engine } = stage;
    const client = await listen(ALICE);
    await client.next("accountSnapshot");
    client.unsubscribe(account);
    await client.next("unsubscribed");
    await engine.append([accepted(ALICE), moved(ALICE, 1n)]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.all("execution")).toEqual([]);
    client.subscribe(account);
    expect(await client.next("accountSnapshot")).toMatchObject({ executionSeq: 1n, balanceSeq: 1n });
    await engine.append([accepted(ALICE), moved(ALICE, 2n)]);
    await eventually(() => lastBalance(client)).toBe(2n);
    expectGapless(client, ALICE);
  });
});

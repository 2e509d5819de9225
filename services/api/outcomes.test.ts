// The three outcomes of an order, and what becomes of the third, on a real venue whose engine is stopped and goes on.
import { create, toBinary } from "@bufbuild/protobuf";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandBatchSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { COMMAND_LOG, ENTRY_FIELD } from "../shared/keys.ts";
import { COMMANDS_PER_ENTRY_MAX, ENGINE_LAG_MS_MAX } from "../shared/limits.ts";
import { RunningVenue, until, type Answer, type ApiKeyPair } from "./testing/runningVenue.ts";

let venue: RunningVenue;
let maker: ApiKeyPair;
let taker: ApiKeyPair;
let redis: Redis;

beforeAll(async () => {
  venue = await RunningVenue.start({ startRedisServer, startPostgresServer });
  redis = new Redis(venue.config.redisUrl);
  maker = await venue.createAccount("maker", { ETH: "100" });
  taker = await venue.createAccount("taker", { USDT: "100000" });
});
afterAll(async () => {
  venue?.pauseService("engine", false);
  redis?.disconnect();
  await venue?.stop();
});

const place = (who: ApiKeyPair, side: "BUY" | "SELL", price: string, id: string): Promise<Answer> =>
  venue.signed(who, "POST", "/api/v3/order", { symbol: "ETHUSDT", side, type: "LIMIT", timeInForce: "GTC", quantity: "1", price, newClientOrderId: id, recvWindow: 60_000 });
const cancel = (who: ApiKeyPair, id: string): Promise<Answer> => venue.signed(who, "DELETE", "/api/v3/order", { symbol: "ETHUSDT", origClientOrderId: id, recvWindow: 60_000 });
const lookUp = (who: ApiKeyPair, id: string): Promise<Answer> => venue.signed(who, "GET", "/api/v3/order", { symbol: "ETHUSDT", origClientOrderId: id });

const UNKNOWN = { status: 504, body: { code: -1007, msg: "Timeout waiting for response from backend server. Send status unknown; execution status unknown." } };
const OVERLOADED = { status: 503, body: { code: -1008, msg: "Server is currently overloaded with other requests. Please try again in a few minutes." } };
const DUPLICATE = { status: 400, body: { code: -2010, msg: "Duplicate order sent." } };
const NO_SUCH_ORDER = { status: 400, body: { code: -2013, msg: "Order does not exist." } };

describe("while the engine stands still", () => {
  it("an order is unknown and later found, later orders are refused at once, cancels are let in and done when it goes on", async () => {
    for (const id of ["m1", "m2"]) expect(await place(maker, "SELL", "4000", id)).toMatchObject({ status: 200 });
    venue.pauseService("engine", true);
    const bought = place(taker, "BUY", "4000", "t1");
    await new Promise((later) => setTimeout(later, ENGINE_LAG_MS_MAX + 100));

    // A load of orders: each is told at once, none is appended.
    const loggedBefore = await redis.xlen(COMMAND_LOG);
    const askedMs = performance.now();
    const refused = await Promise.all(Array.from({ length: 200 }, (_, i) => place(taker, "BUY", "3000", `refused-${i}`)));
    expect(performance.now() - askedMs).toBeLessThan(4_000);
    for (const answer of refused) expect(answer).toMatchObject(OVERLOADED);
    expect(await redis.xlen(COMMAND_LOG)).toBe(loggedBefore);

    const canceled = cancel(maker, "m2");
    await until(async () => (await redis.xlen(COMMAND_LOG)) === loggedBefore + 1, "the cancel is in the log");
    // Nobody can say that it does not exist.
    expect((await lookUp(taker, "t1")).status).toBe(503);
    expect(await bought).toMatchObject(UNKNOWN);
    expect(await canceled).toMatchObject(UNKNOWN);

    venue.pauseService("engine", false);
    await until(async () => (await lookUp(taker, "t1")).status === 200, "the unknown order is found");
    expect(await lookUp(taker, "t1")).toMatchObject({ body: { status: "FILLED", executedQty: "1.00000000" } });
    expect(await lookUp(maker, "m2")).toMatchObject({ status: 200, body: { status: "CANCELED" } });
    for (const i of [0, 99, 199]) expect(await lookUp(taker, `refused-${i}`)).toMatchObject(NO_SUCH_ORDER);

    // To send it again is safe: it was filled, and is not executed twice.
    expect(await place(taker, "BUY", "4000", "t1")).toMatchObject(DUPLICATE);
    expect(await place(taker, "BUY", "3000", "refused-0")).toMatchObject({ status: 200 });
  }, 40_000);
});

describe("an order that does not exist", () => {
  it("is told so only once the engine has applied all that stood in the log when it was asked", async () => {
    // Work for some tenths of a second, and behind it an order that nobody has answered yet.
    const commands = Array.from({ length: COMMANDS_PER_ENTRY_MAX }, (_, i) => ({ requestNo: BigInt(i + 1), body: { case: "advanceTime", value: {} } as const }));
    const entry = Buffer.from(toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "of-nobody", timeUs: BigInt(Date.now()) * 1_000n, commands })));
    venue.pauseService("engine", true);
    const pipeline = redis.pipeline();
    for (let i = 0; i < 800; i++) pipeline.xadd(COMMAND_LOG, "NOMKSTREAM", "0-*", ENTRY_FIELD, entry);
    await pipeline.exec();
    const before = await redis.xlen(COMMAND_LOG);
    const placed = place(taker, "BUY", "2999", "behind-it-all");
    await until(async () => (await redis.xlen(COMMAND_LOG)) > before, "the order is in the log");
    const asked = lookUp(taker, "behind-it-all");
    venue.pauseService("engine", false);
    expect(await asked).toMatchObject({ status: 200, body: { status: "NEW" } });
    expect(await placed).toMatchObject({ status: 200 });
    // Until history has all of that, it says so rather than no.
    let answer = await lookUp(taker, "never-sent");
    for (; answer.status === 503; answer = await lookUp(taker, "never-sent"));
    expect(answer).toMatchObject(NO_SUCH_ORDER);
  }, 40_000);
});

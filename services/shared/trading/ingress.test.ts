import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startRedisServer } from "../../../scripts/stack/redisServer.ts";
import { CommandBatchSchema, type CommandBatch } from "../../../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema } from "../../../gen/tickwire/v1/event_pb.ts";
import { QueryRequestSchema, QueryResponseSchema } from "../../../gen/tickwire/v1/query_pb.ts";
import { answerChannel, COMMAND_LOG, ENTRY_FIELD, QUERY_CHANNEL, replyChannel } from "../keys.ts";
import { ENGINE_LAG_ENTRIES_MAX, ENGINE_LAG_MS_MAX, IN_FLIGHT_CANCELS_MAX, IN_FLIGHT_COMMANDS_MAX } from "../limits.ts";
import { Ingress, IngressError } from "./ingress.ts";
import { CutProxy } from "./testing/cutProxy.ts";

const silent = pino({ level: "silent" });
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-ingress-"));
let server: Awaited<ReturnType<typeof startRedisServer>>;
let engineSide: Redis;
const opened: Ingress[] = [];

beforeAll(async () => {
  server = await startRedisServer({ dataDir });
  engineSide = new Redis(server.url);
});
afterEach(async () => {
  for (const ingress of opened.splice(0)) ingress.close();
  await engineSide.flushall();
});
afterAll(async () => {
  engineSide.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(): Promise<Ingress> {
  const ingress = await Ingress.open(server.url, "test", silent);
  opened.push(ingress);
  return ingress;
}
const openLog = () => engineSide.xadd(COMMAND_LOG, "0-1", ENTRY_FIELD, "the venue");
const advance = { body: { case: "advanceTime", value: {} } } as const;
const entries = async (): Promise<CommandBatch[]> => {
  const rows = await engineSide.xrangeBuffer(COMMAND_LOG, "0-2", "+");
  return rows.map(([, [, bytes]]) => fromBinary(CommandBatchSchema, bytes ?? Buffer.alloc(0)));
};
const cancel = { body: { case: "cancelAllOrders", value: {} } } as const;
const answer = (ingress: Ingress, requestNos: bigint[], entry = 2n) =>
  engineSide.publish(
    replyChannel(ingress.id),
    Buffer.from(toBinary(EventBatchSchema, create(EventBatchSchema, { epoch: 1, entry, groups: requestNos.map((requestNo) => ({ seq: 40n + requestNo, requestNo })) }))),
  );
const failure = (outcome: Promise<unknown>) => outcome.then(() => "none", (error: unknown) => (error instanceof IngressError ? error.failure : String(error)));

describe("the way into the log", () => {
  it("commands of one turn share one entry, in order, with contiguous entry ids", async () => {
    await openLog();
    const ingress = await open();
    const first = [ingress.submit(advance), ingress.submit(advance), ingress.submit(advance)];
    await expect.poll(entries).toHaveLength(1);
    const second = ingress.submit(advance);
    await expect.poll(entries).toHaveLength(2);
    expect((await entries()).map((batch) => batch.commands.map((c) => c.requestNo))).toEqual([[1n, 2n, 3n], [4n]]);
    expect((await engineSide.xrange(COMMAND_LOG, "-", "+")).map(([id]) => id)).toEqual(["0-1", "0-2", "0-3"]);
    await answer(ingress, [1n, 2n, 3n, 4n]);
    expect((await Promise.all([...first, second])).map((outcome) => outcome.group.seq)).toEqual([41n, 42n, 43n, 44n]);
    expect(ingress.inFlight).toBe(0);
  });

  it("a turn of more commands than an entry may hold becomes several entries", async () => {
    await openLog();
    const ingress = await open();
    const outcomes = Array.from({ length: 600 }, () => failure(ingress.submit(advance)));
    await expect.poll(entries).toHaveLength(3);
    const numbers = (await entries()).flatMap((batch) => batch.commands.map((c) => c.requestNo));
    expect(numbers).toEqual(Array.from({ length: 600 }, (_, i) => BigInt(i + 1)));
    ingress.close();
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(["unknown"]));
  });

  it("nothing enters before the engine has opened the log", async () => {
    const ingress = await open();
    expect(await failure(ingress.submit(advance))).toBe("unavailable");
    expect(await engineSide.exists(COMMAND_LOG)).toBe(0);
  });

  it("an outcome that does not come in time is unknown, and a late one reaches nobody", async () => {
    await openLog();
    const ingress = await open();
    const outcome = failure(ingress.submit(advance));
    expect(await outcome).toBe("unknown");
    await answer(ingress, [1n]);
    expect(await entries()).toHaveLength(1);
  });

  it("a query nobody answers is unavailable", async () => {
    const ingress = await open();
    expect(await failure(ingress.query({ case: "status", value: {} }))).toBe("unavailable");
  });

  it("a query whose first sending reached nobody is answered when an engine listens", async () => {
    const ingress = await open();
    const answered = ingress.query({ case: "status", value: {} });
    await new Promise((later) => setTimeout(later, 100));
    const engine = new Redis(server.url);
    engine.on("messageBuffer", (_channel: Buffer, payload: Buffer) => {
      const { requestNo, ingressId } = fromBinary(QueryRequestSchema, payload);
      const response = create(QueryResponseSchema, { requestNo, seq: 7n, body: { case: "status", value: {} } });
      void engineSide.publish(answerChannel(ingressId), Buffer.from(toBinary(QueryResponseSchema, response)));
    });
    await engine.subscribe(QUERY_CHANNEL);
    expect((await answered).seq).toBe(7n);
    engine.disconnect();
  });

  it("while Redis is away a command is refused at once, and afterwards commands pass again", async () => {
    await openLog();
    const ingress = await open();
    const { port } = server;
    await server.stop();
    expect(["unavailable", "unknown"]).toContain(await failure(ingress.submit(advance)));
    await expect.poll(() => failure(ingress.submit(advance)), { timeout: 10_000 }).toBe("unavailable");
    const appended = (async () => {
      server = await startRedisServer({ dataDir, port });
      await expect.poll(entries, { timeout: 20_000 }).toHaveLength(0);
      for (;;) {
        const late = ingress.submit(advance);
        const quick = await Promise.race([failure(late), new Promise<string>((r) => setTimeout(() => r("waiting"), 300))]);
        if (quick === "waiting") {
          ingress.close();
          return failure(late);
        }
      }
    })();
    expect(await appended).toBe("unknown");
    expect((await entries()).length, "sent once, never again").toBe(1);
  });

  it("a connection cut between a command and its answer leaves the command unknown, and in the log once", async () => {
    await openLog();
    const proxy = await CutProxy.open(server.url);
    const ingress = await Ingress.open(proxy.url, "test", silent);
    opened.push(ingress);
    try {
      await expect.poll(() => failure(Promise.race([ingress.lastLogged(), new Promise((_, no) => setTimeout(no, 200))]))).toBe("none");
      for (let round = 1; round <= 10; round++) {
        proxy.swallowAnswers();
        const outcome = failure(ingress.submit(advance));
        // The command has arrived.
        await expect.poll(entries).toHaveLength(round);
        proxy.cut();
        expect(await outcome).toBe("unknown");
        // The connection is back, and with it whatever a driver might have kept to send again.
        await expect.poll(() => failure(ingress.lastLogged())).toBe("none");
        expect(await ingress.lastLogged()).toBe(BigInt(round + 1));
      }
      const numbers = (await entries()).flatMap((batch) => batch.commands.map((c) => c.requestNo));
      expect(numbers, "each was sent once").toEqual([...new Set(numbers)]);
      expect(numbers).toHaveLength(10);
    } finally {
      proxy.close();
    }
  });
});

describe("an engine that has fallen behind", () => {
  it("is given no more orders once the oldest has waited too long, but every cancel, and orders again when it is back", async () => {
    await openLog();
    const ingress = await open();
    const first = failure(ingress.submit(advance));
    await expect.poll(entries).toHaveLength(1);
    expect(await Promise.race([failure(ingress.submit(advance)), new Promise((r) => setTimeout(() => r("waits"), 50))]), "not late yet").toBe("waits");
    await new Promise((later) => setTimeout(later, ENGINE_LAG_MS_MAX));
    const askedMs = performance.now();
    for (let i = 0; i < 1_000; i++) expect(await failure(ingress.submit(advance))).toBe("busy");
    expect(performance.now() - askedMs, "refused at once").toBeLessThan(500);
    const canceled = ingress.submit(cancel);
    // It is in the log, the refused orders are not.
    await expect.poll(entries).toHaveLength(3);
    // What was told unknown meanwhile does not count as answered.
    expect(await first).toBe("unknown");
    expect(await failure(ingress.submit(advance))).toBe("busy");
    const last = (await entries()).at(-1)?.commands[0]?.requestNo ?? 0n;
    await answer(ingress, [last], 4n);
    expect((await canceled).entry).toBe(4n);
    const again = ingress.submit(advance);
    await expect.poll(entries).toHaveLength(4);
    await answer(ingress, [(await entries()).at(-1)?.commands[0]?.requestNo ?? 0n], 5n);
    expect((await again).entry).toBe(5n);
  });

  it("is not taken for one whose replies were lost: it is asked, and orders pass again", async () => {
    await openLog();
    const ingress = await open();
    const unanswered = failure(ingress.submit(advance));
    await new Promise((later) => setTimeout(later, ENGINE_LAG_MS_MAX + 50));
    expect(await failure(ingress.submit(advance))).toBe("busy");
    const engine = new Redis(server.url);
    engine.on("messageBuffer", (_channel: Buffer, payload: Buffer) => {
      const { requestNo, ingressId } = fromBinary(QueryRequestSchema, payload);
      const response = create(QueryResponseSchema, { requestNo, epoch: 1, entry: 2n, body: { case: "rejected", value: {} } });
      void engineSide.publish(answerChannel(ingressId), Buffer.from(toBinary(QueryResponseSchema, response)));
    });
    await engine.subscribe(QUERY_CHANNEL);
    await expect.poll(() => Promise.race([failure(ingress.submit(advance)), new Promise((r) => setTimeout(() => r("waits"), 20))]), { timeout: 2_000 }).toBe("waits");
    engine.disconnect();
    ingress.close();
    expect(await unanswered).toBe("unknown");
  });

  it("is given no more orders when the log is too far ahead of what it said a moment ago", async () => {
    await openLog();
    const ingress = await open();
    const first = ingress.submit(advance);
    await expect.poll(entries).toHaveLength(1);
    await answer(ingress, [1n]);
    await first;
    // Others have written that much since.
    await engineSide.xadd(COMMAND_LOG, `0-${ENGINE_LAG_ENTRIES_MAX + 2}`, ENTRY_FIELD, "of another ingress");
    await answer(ingress, [], 2n);
    const waits = failure(ingress.submit(advance));
    await expect.poll(() => failure(Promise.race([ingress.submit(advance), new Promise((r) => setTimeout(r, 20))])), { timeout: 200, interval: 10 }).toBe("busy");
    await answer(ingress, [2n], BigInt(ENGINE_LAG_ENTRIES_MAX + 3));
    expect(await waits).toBe("none");
  });

  it("costs a bounded number of waiting commands, of which cancels may be as many again", async () => {
    await openLog();
    const ingress = await open();
    await expect.poll(() => failure(ingress.lastLogged())).toBe("none");
    const outcomes = Array.from({ length: IN_FLIGHT_COMMANDS_MAX + 5 }, () => failure(ingress.submit(advance)));
    outcomes.push(...Array.from({ length: IN_FLIGHT_CANCELS_MAX + 5 }, () => failure(ingress.submit(cancel))));
    const { inFlight } = ingress;
    // A machine that took more than a second for the loop refuses orders for that reason already.
    expect(inFlight).toBeLessThanOrEqual(IN_FLIGHT_COMMANDS_MAX + IN_FLIGHT_CANCELS_MAX);
    expect(inFlight).toBeGreaterThan(IN_FLIGHT_CANCELS_MAX);
    ingress.close();
    const told = await Promise.all(outcomes);
    expect(told.filter((word) => word === "busy")).toHaveLength(outcomes.length - inFlight);
  });
});

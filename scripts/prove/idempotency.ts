// R14: every order sent three times, the same signed bytes each time, to two apis, over connections that are cut: the
// client's to the api, and the api's to the log. Each is executed exactly once.
//
// Real sockets, a real redis-server and PostgreSQL, the engine's own loop. Every order buys from one large sell order, so
// what was executed twice, or not at all, shows in that one number; the event log tells which order it was.
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { Redis } from "ioredis";
import { pino } from "pino";
import { EventBatchSchema, type Event } from "../../gen/tickwire/v1/event_pb.ts";
import { composeApi, type ComposedApi } from "../../services/api/compose.ts";
import { listen, type Listener } from "../../services/api/listen.ts";
import type { Engine } from "../../services/engine/engine.ts";
import { seededRoll } from "../../services/engine/suite/random.ts";
import { startEngine, type RunningEngine } from "../../services/engine/testing/engineProcess.ts";
import { readConfig } from "../../services/shared/config.ts";
import { operatorToken } from "../../services/shared/credentials/secretFile.ts";
import { EVENT_LOG } from "../../services/shared/keys.ts";
import { startPostgresServer } from "../stack/postgresServer.ts";
import { startRedisServer, type RunningServer } from "../stack/redisServer.ts";

const silent = pino({ level: "silent" });
const COPIES = 3;
const APIS = 2;
const TRADERS = 8;
/** Orders under way at the same time. */
const AT_ONCE = 48;
/** Between two cuts of an api's connection to the log. */
const LOG_CUT_EVERY_MS = 400;
/** A later copy is sent so long after the one before it, at most: mostly before that one is answered. */
const COPY_LATER_MS_MAX = 25;
/** The client cuts every so many'th copy's connection, up to this long after it was sent. */
const CUT_ONE_OF = 3;
const CUT_AFTER_MS_MAX = 12;
/** A copy is signed for this long; after it, one that is still wanted is signed anew. */
const RECV_WINDOW_MS = 60_000;
const SIGN_ANEW_AFTER_MS = 50_000;
const REQUEST_TIMEOUT_MS = 15_000;
const READY_MS = 60_000;

const SYMBOL = "SOLUSDT";
const PRICE = "5000";
const LOT = 0.001;

export interface IdempotencyReport {
  readonly orders: number;
  /** Requests sent: three of each order, and more where none of the three brought word. */
  readonly sent: number;
  readonly answeredAccepted: number;
  readonly answeredDuplicate: number;
  /** -1007. */
  readonly answeredUnknown: number;
  /** 503: certainly not executed. */
  readonly answeredUnavailable: number;
  /** The client cut the connection before the answer. */
  readonly cutByClient: number;
  /** Times an api lost its connection to the log. */
  readonly logCuts: number;
  /** Orders that the event log accepted once, and what the large order sold, in orders. */
  readonly acceptedOnce: number;
  readonly executed: number;
  /** In sentences; empty when the promise holds. */
  readonly violations: readonly string[];
}

export interface IdempotencyOptions {
  readonly orders: number;
  readonly seed: number;
  /** For planted faults. */
  readonly newEngine?: () => Engine;
  readonly onProgress?: (done: number) => void;
}

interface Trader {
  readonly apiKey: string;
  readonly apiSecret: string;
}

type Answer = "accepted" | "duplicate" | "unknown" | "unavailable" | "late" | "cut";

/** Sends the orders and judges what came of them. */
export async function proveIdempotency({ orders, seed, newEngine, onProgress }: IdempotencyOptions): Promise<IdempotencyReport> {
  const venue = await Venue.start(newEngine);
  try {
    return await new Senders(venue, orders, seed, onProgress).run();
  } finally {
    await venue.stop();
  }
}

class Venue {
  readonly redis: Redis;
  readonly apis: readonly Listener[];
  readonly #dataDir: string;
  readonly #token: string;
  readonly #stops: (() => unknown)[];

  private constructor(redis: Redis, apis: readonly Listener[], dataDir: string, token: string, stops: (() => unknown)[]) {
    this.redis = redis;
    this.apis = apis;
    this.#dataDir = dataDir;
    this.#token = token;
    this.#stops = stops;
  }

  static async start(newEngine: (() => Engine) | undefined): Promise<Venue> {
    const dataDir = mkdtempSync(join(tmpdir(), "tickwire-idempotency-"));
    // Undone from the end.
    const stops: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
    try {
      const servers: RunningServer[] = await Promise.all([startRedisServer({ dataDir }), startPostgresServer({ dataDir })]);
      stops.push(() => Promise.all(servers.map((server) => server.stop())));
      const [redisUrl = "", databaseUrl = ""] = servers.map(({ url }) => url);
      const config = readConfig({ TICKWIRE_DATA_DIR: dataDir, REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, TICKWIRE_REQUEST_WEIGHT_1M: "0" });
      const engine: RunningEngine = await startEngine(redisUrl, join(dataDir, "snapshots"), newEngine === undefined ? {} : { newEngine });
      stops.push(() => engine.stop());
      const apis: Listener[] = [];
      for (let i = 0; i < APIS; i++) {
        const api: ComposedApi = await composeApi(config, silent);
        stops.push(() => api.close());
        const listener = await listen(api.app, { host: "127.0.0.1", port: 0 });
        stops.push(() => listener.close());
        apis.push(listener);
        await until(async () => (await fetch(`http://127.0.0.1:${listener.port}/api/v3/exchangeInfo`)).status === 200, "an api knows the markets");
      }
      const redis = new Redis(redisUrl);
      stops.push(() => redis.disconnect());
      return new Venue(redis, apis, dataDir, operatorToken(config), stops);
    } catch (error) {
      await undo(stops);
      throw error;
    }
  }

  async account(name: string, deposits: Record<string, string>): Promise<Trader> {
    const response = await fetch(`http://127.0.0.1:${this.apis[0]?.port}/api/tickwire/v1/operator/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ name, deposits }),
    });
    if (response.status !== 201) throw new Error(`no account in ${this.#dataDir}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Trader;
  }

  /** Cuts the connection by which one of the apis writes to the log; whether there was one. */
  async cutLogWriter(pick: number): Promise<boolean> {
    const clients = String(await this.redis.client("LIST")).split("\n");
    const writers = clients.filter((line) => line.includes(" name=tickwire-api-log-writer "));
    const id = / ?id=(\d+) /.exec(` ${writers[pick % Math.max(1, writers.length)] ?? ""}`)?.[1];
    return id !== undefined && (await this.redis.client("KILL", "ID", Number(id))) === 1;
  }

  async stop(): Promise<void> {
    await undo(this.#stops);
  }
}

async function undo(stops: (() => unknown)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = performance.now() + READY_MS;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`never happened: ${what}`);
    await sleep(20);
  }
}

class Senders {
  readonly #venue: Venue;
  readonly #orders: number;
  readonly #roll: (below: number) => number;
  readonly #onProgress: ((done: number) => void) | undefined;
  readonly #agents: readonly Agent[];
  readonly #counts: Record<Answer, number> = { accepted: 0, duplicate: 0, unknown: 0, unavailable: 0, late: 0, cut: 0 };
  readonly #violations: string[] = [];
  #sent = 0;
  #logCuts = 0;
  #done = 0;

  constructor(venue: Venue, orders: number, seed: number, onProgress: ((done: number) => void) | undefined) {
    this.#venue = venue;
    this.#orders = orders;
    this.#roll = seededRoll(seed);
    this.#onProgress = onProgress;
    this.#agents = venue.apis.map(() => new Agent({ keepAlive: true, noDelay: true }));
  }

  async run(): Promise<IdempotencyReport> {
    const { redis } = this.#venue;
    const all = (this.#orders * LOT).toFixed(3);
    const seller = await this.#venue.account("seller", { SOL: all });
    const traders: Trader[] = [];
    for (let i = 0; i < TRADERS; i++) traders.push(await this.#venue.account(`trader-${i}`, { USDT: String(this.#orders * 10) }));
    const offered = await this.#send(0, seller, signed(seller, `symbol=${SYMBOL}&side=SELL&type=LIMIT&timeInForce=GTC&quantity=${all}&price=${PRICE}&newClientOrderId=everything`), undefined);
    if (offered !== "accepted") throw new Error(`the large order was not accepted: ${offered}`);

    const accepted = new AcceptedOrders(redis);
    const stopped = new AbortController();
    const cutting = this.#cutLogs(stopped.signal);
    const reading = accepted.follow(stopped.signal);
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < this.#orders) {
          const n = next++;
          await this.#order(n, traders[n % TRADERS] as Trader);
          this.#onProgress?.(++this.#done);
        }
      }),
    );
    stopped.abort();
    await Promise.all([cutting, reading]);
    for (const agent of this.#agents) agent.destroy();

    const often = [...accepted.counts].filter(([id, times]) => id.startsWith("order-") && times !== 1);
    for (const [id, times] of often.slice(0, 10)) this.#violations.push(`${id} was accepted ${times} times`);
    const acceptedOnce = [...accepted.counts].filter(([id, times]) => id.startsWith("order-") && times === 1).length;
    if (acceptedOnce !== this.#orders) this.#violations.push(`${acceptedOnce} of ${this.#orders} orders were accepted exactly once`);
    const executed = Math.round(Number(accepted.soldLots) / (LOT * 1_000));
    if (executed !== this.#orders) this.#violations.push(`${executed} executions of ${this.#orders} orders`);
    const { accepted: answeredAccepted, duplicate: answeredDuplicate, unknown: answeredUnknown, unavailable: answeredUnavailable, cut: cutByClient } = this.#counts;
    return { orders: this.#orders, sent: this.#sent, answeredAccepted, answeredDuplicate, answeredUnknown, answeredUnavailable, cutByClient, logCuts: this.#logCuts, acceptedOnce, executed, violations: this.#violations };
  }

  async #cutLogs(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await sleep(LOG_CUT_EVERY_MS);
      if (await this.#venue.cutLogWriter(this.#roll(APIS))) this.#logCuts++;
    }
  }

  // Three times, and again for as long as nobody has said what became of it.
  async #order(n: number, trader: Trader): Promise<void> {
    const sign = () => signed(trader, `symbol=${SYMBOL}&side=BUY&type=LIMIT&timeInForce=IOC&quantity=${LOT}&price=${PRICE}&newClientOrderId=order-${n}`);
    let query = sign();
    let signedMs = performance.now();
    const first = this.#roll(APIS);
    const copies = Array.from({ length: COPIES }, async (_, copy) => {
      await sleep(copy * this.#roll(COPY_LATER_MS_MAX));
      const cutAfterMs = this.#roll(CUT_ONE_OF) === 0 ? this.#roll(CUT_AFTER_MS_MAX) : undefined;
      return await this.#send((first + copy) % APIS, trader, query, cutAfterMs);
    });
    const answers = await Promise.all(copies);
    for (let api = first; !answers.some((answer) => answer === "accepted" || answer === "duplicate"); api++) {
      await sleep(20);
      if (performance.now() - signedMs > SIGN_ANEW_AFTER_MS) {
        query = sign();
        signedMs = performance.now();
      }
      answers.push(await this.#send(api % APIS, trader, query, undefined));
    }
    if (answers.filter((answer) => answer === "accepted").length > 1) this.#violations.push(`order-${n} was acknowledged more than once`);
  }

  async #send(api: number, { apiKey }: Trader, query: string, cutAfterMs: number | undefined): Promise<Answer> {
    this.#sent++;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const path = `/api/v3/order?${query}`;
      const outgoing = request({ host: "127.0.0.1", port: this.#venue.apis[api]?.port, method: "POST", path, headers: { "X-MBX-APIKEY": apiKey }, agent: this.#agents[api], timeout: REQUEST_TIMEOUT_MS }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => {
          const meaning = meaningOf(response.statusCode ?? 0, body);
          if (meaning === undefined) reject(new Error(`an answer that is none of the expected: ${response.statusCode} ${body}`));
          else resolve(meaning);
        });
        response.on("error", () => resolve("cut"));
      });
      outgoing.on("timeout", () => outgoing.destroy());
      outgoing.on("error", () => resolve("cut"));
      outgoing.on("close", () => resolve("cut"));
      outgoing.end(() => {
        if (cutAfterMs !== undefined) setTimeout(() => outgoing.destroy(), cutAfterMs);
      });
    });
    this.#counts[answer]++;
    return answer;
  }
}

function signed({ apiSecret }: Trader, params: string): string {
  const query = `${params}&recvWindow=${RECV_WINDOW_MS}&timestamp=${Date.now()}`;
  return `${query}&signature=${createHmac("sha256", apiSecret).update(query).digest("hex")}`;
}

function meaningOf(status: number, body: string): Answer | undefined {
  if (status === 200) return "accepted";
  const { code, msg } = JSON.parse(body) as { code: number; msg: string };
  if (code === -2010 && msg === "Duplicate order sent.") return "duplicate";
  if (code === -1007) return "unknown";
  if (status === 503) return "unavailable";
  return code === -1021 ? "late" : undefined;
}

/** What the event log says was accepted, counted as it is written. */
class AcceptedOrders {
  /** By client order id. */
  readonly counts = new Map<string, number>();
  soldLots = 0n;
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis.duplicate();
  }

  /** Until it is stopped, and everything that stood in the log by then is counted. */
  async follow(stopped: AbortSignal): Promise<void> {
    let after = "0-0";
    for (;;) {
      const last = stopped.aborted;
      const [[, rows] = ["", []]] = ((await this.#redis.xreadBuffer("COUNT", 500, "STREAMS", EVENT_LOG, after)) ?? []) as [unknown, [Buffer, Buffer[]][]][];
      for (const [id, [, bytes]] of rows) {
        after = id.toString();
        for (const { events } of fromBinary(EventBatchSchema, bytes ?? Buffer.alloc(0)).groups) for (const { body } of events) this.#count(body);
      }
      if (rows.length > 0) continue;
      if (last) break;
      await sleep(50);
    }
    this.#redis.disconnect();
  }

  #count(body: Event["body"]): void {
    if (body.case === "orderAccepted") {
      const id = body.value.order?.clientOrderId ?? "";
      this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    } else if (body.case === "tradeExecuted") this.soldLots += body.value.quantityLots;
  }
}

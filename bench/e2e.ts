// `e2e`: how long a REST order takes until it is acknowledged, which means durable in the log and processed by the engine.
//
// Open loop: requests leave on a fixed beat whatever the answers do, and each is timed from its beat, so a stall counts
// for every request it delays. Everything runs on this machine, the client and the demo market included.
import { setTimeout as sleep } from "node:timers/promises";
import { readFlags, wholeNumber } from "../scripts/commandFlags.ts";
import { BenchError } from "./benchError.ts";
import { summarize, type LatencySummary } from "./latencies.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { OrderTape, type PlannedRequest, type RequestKind } from "./orderTape.ts";
import { PrivateExchange } from "./privateExchange.ts";
import { RestClient, type RestAnswer } from "./restClient.ts";

const SYMBOL = "BTCUSDT";
const FALLBACK_TOUCH = { bidCents: 6_400_000, askCents: 6_400_100 };
const TOUCH_INTERVAL_MS = 250;
const WARM_UP_SECONDS = 3;
const FLOW_SETTLES_MS = 2_000;
const DRAIN_TIMEOUT_MS = 10_000;
const DEPOSITS = { BTC: "1000", USDT: "10000000" };
const ERROR_SAMPLES_MAX = 3;

export interface E2eOptions {
  readonly rate: number;
  readonly connections: number;
  readonly seconds: number;
  readonly flow: boolean;
  readonly web: boolean;
  readonly seed: number;
  readonly json: boolean;
}

export interface E2eResult {
  readonly bench: "e2e";
  readonly rate: number;
  readonly connections: number;
  readonly seconds: number;
  readonly flow: boolean;
  readonly web: boolean;
  readonly seed: number;
  readonly requests: number;
  readonly achievedRate: number;
  readonly acknowledged: number;
  /** Answered, but not with 200: counted by HTTP status and code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Not answered at all. */
  readonly errors: Readonly<Record<string, number>>;
  /** From the beat to the last byte of the acknowledgement, in milliseconds. */
  readonly latencyMs: LatencySummary;
  readonly latencyMsByKind: Readonly<Record<RequestKind, LatencySummary>>;
  readonly startSeconds: number;
  readonly machine: Machine;
}

/** @throws UsageError naming the flag that is wrong. */
export function readE2eOptions(args: readonly string[]): E2eOptions {
  const number = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const yes = { type: "boolean", default: false } as const;
  const values = readFlags("bench e2e", args, { rate: number("200"), connections: number("8"), seconds: number("20"), seed: number("1"), "no-flow": yes, "no-web": yes, json: yes });
  return {
    rate: wholeNumber("--rate", values.rate, { least: 1, most: 100_000 }),
    connections: wholeNumber("--connections", values.connections, { least: 1, most: 1_000 }),
    seconds: wholeNumber("--seconds", values.seconds, { least: 1, most: 3_600 }),
    seed: wholeNumber("--seed", values.seed, { least: 1, most: 2 ** 31 - 1 }),
    flow: !values["no-flow"],
    web: !values["no-web"],
    json: values.json,
  };
}

/** Starts an exchange, measures it, takes it down; also on Ctrl-C. */
export async function measureE2e(root: string, options: E2eOptions): Promise<E2eResult> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  say("starting a private exchange");
  const exchange = await PrivateExchange.start(root, [...(options.flow ? [] : ["--no-flow"]), ...(options.web ? [] : ["--no-web"])]);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const client = new RestClient(exchange.apiPort, options.connections);
  try {
    say(`up after ${exchange.startSeconds} s; opening ${options.connections} accounts`);
    const tapes: OrderTape[] = [];
    for (let i = 0; i < options.connections; i++) tapes.push(new OrderTape(await exchange.openAccount(`bench ${i + 1}`, DEPOSITS), options.seed + i));
    if (options.flow) await sleep(FLOW_SETTLES_MS);
    const run = new Run(client, tapes, interrupted.signal);
    say(`warming up for ${WARM_UP_SECONDS} s, then ${options.seconds} s at ${options.rate} requests/s`);
    await run.send(options.rate, WARM_UP_SECONDS);
    run.forget();
    await run.send(options.rate, options.seconds);
    if (interrupted.signal.aborted) throw new BenchError("Interrupted.", 130);
    return run.result(options, exchange.startSeconds);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    client.close();
    say("stopping the exchange");
    await exchange.stop();
  }
}

class Run {
  readonly #client: RestClient;
  readonly #tapes: readonly OrderTape[];
  readonly #signal: AbortSignal;
  #touch = FALLBACK_TOUCH;
  #latencies: Record<RequestKind, number[]> = { rest: [], cross: [], cancel: [] };
  #refused = new Map<string, number>();
  #errors = new Map<string, number>();
  #requests = 0;
  #sendingMs = 0;
  #inFlight = 0;
  #samples = 0;

  constructor(client: RestClient, tapes: readonly OrderTape[], signal: AbortSignal) {
    this.#client = client;
    this.#tapes = tapes;
    this.#signal = signal;
  }

  /** Drops what was measured so far. */
  forget(): void {
    this.#latencies = { rest: [], cross: [], cancel: [] };
    this.#refused = new Map();
    this.#errors = new Map();
    this.#requests = 0;
    this.#sendingMs = 0;
  }

  /** Sends at `rate` for `seconds`, then waits for the last answers. */
  async send(rate: number, seconds: number): Promise<void> {
    await this.#readTouch();
    const reading = setInterval(() => void this.#readTouch(), TOUCH_INTERVAL_MS);
    const total = rate * seconds;
    const startMs = performance.now();
    for (let i = 0; i < total && !this.#signal.aborted; ) {
      const beatMs = startMs + (i * 1000) / rate;
      const aheadMs = beatMs - performance.now();
      if (aheadMs > 0) {
        await sleep(aheadMs);
        continue;
      }
      const tape = this.#tapes[i % this.#tapes.length];
      if (tape !== undefined) void this.#one(tape, beatMs);
      i++;
    }
    this.#sendingMs += performance.now() - startMs;
    clearInterval(reading);
    const deadlineMs = performance.now() + DRAIN_TIMEOUT_MS;
    while (this.#inFlight > 0 && performance.now() < deadlineMs) await sleep(5);
  }

  async #one(tape: OrderTape, beatMs: number): Promise<void> {
    const planned = tape.next(SYMBOL, this.#touch);
    this.#requests++;
    this.#inFlight++;
    try {
      const answer = await this.#client.sendSigned(planned.method, "/api/v3/order", planned.params, tape.account);
      this.#answered(tape, planned, answer, performance.now() - beatMs);
    } catch (error) {
      this.#count(this.#errors, error instanceof Error ? error.message : String(error));
    } finally {
      this.#inFlight--;
    }
  }

  #answered(tape: OrderTape, planned: PlannedRequest, { status, body }: RestAnswer, latencyMs: number): void {
    if (status !== 200) {
      this.#count(this.#refused, `${planned.kind} ${status} ${/"code":(-?\d+)/.exec(body)?.[1] ?? ""}`.trim());
      if (this.#samples++ < ERROR_SAMPLES_MAX) process.stderr.write(`refused: ${planned.method} ${planned.params}: ${body.slice(0, 200)}\n`);
      return;
    }
    this.#latencies[planned.kind].push(latencyMs);
    tape.acknowledged(planned);
  }

  #count(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  /** Follows the market, so that crossing orders keep crossing. */
  async #readTouch(): Promise<void> {
    try {
      const { status, body } = await this.#client.send("GET", `/api/v3/depth?symbol=${SYMBOL}&limit=5`);
      if (status !== 200) return;
      const { bids, asks } = JSON.parse(body) as { bids: [string, string][]; asks: [string, string][] };
      const cents = (side: [string, string][]) => (side[0] === undefined ? undefined : Math.round(Number(side[0][0]) * 100));
      const [bidCents, askCents] = [cents(bids), cents(asks)];
      if (bidCents !== undefined && askCents !== undefined) this.#touch = { bidCents, askCents };
    } catch {
      // The next look will do.
    }
  }

  result(options: E2eOptions, startSeconds: number): E2eResult {
    const { rest, cross, cancel } = this.#latencies;
    const all = [...rest, ...cross, ...cancel];
    const { rate, connections, seconds, flow, web, seed } = options;
    return {
      bench: "e2e",
      rate,
      connections,
      seconds,
      flow,
      web,
      seed,
      requests: this.#requests,
      achievedRate: Math.round((all.length / (this.#sendingMs / 1000)) * 10) / 10,
      acknowledged: all.length,
      refused: Object.fromEntries(this.#refused),
      errors: Object.fromEntries(this.#errors),
      latencyMs: summarize(all),
      latencyMsByKind: { rest: summarize(rest), cross: summarize(cross), cancel: summarize(cancel) },
      startSeconds,
      machine: describeMachine(),
    };
  }
}

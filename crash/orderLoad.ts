// The clients of a crash run: they send on a fixed beat whatever happens to the exchange, write down every call with its
// result and times, and ask what became of the calls that nobody answered.
//
// Never: sends a call again. Invariant: every call that has an id of its own ends up in `calls` exactly once.
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, CallKind } from "./checker/calls.ts";
import { ASKING_AT_ONCE, DRAIN_TIMEOUT_MS, IN_FLIGHT_PER_CLIENT_MAX, RESOLVE_TIMEOUT_MS } from "./limits.ts";
import type { Answer, LogDoor, RestDoor } from "./orderDoors.ts";
import type { OrderTape, Request } from "./orderTape.ts";

export interface CrashClient {
  readonly accountId: number;
  readonly tape: OrderTape;
  readonly rest: RestDoor;
  readonly log: LogDoor;
}

/** Orders a second by each way in. */
export interface Rates {
  readonly rest: number;
  readonly log: number;
}

export type Way = keyof Rates;

interface Doubt {
  readonly place: number;
  readonly request: Request;
  readonly client: CrashClient;
}

const ASK_AGAIN_MS = 250;
/** A beat missed by more than this is left out: a stalled machine must not be followed by a flood. */
const LATE_MAX_MS = 100;

export class OrderLoad {
  readonly calls: Call[] = [];
  /** Answers that were not "accepted", by what they said. */
  readonly said = new Map<string, number>();
  sent = 0;
  /** Beats left out because a client had too much in flight, or this process came too late. */
  skipped = 0;
  readonly #clients: readonly CrashClient[];
  readonly #inFlight = new Map<CrashClient, number>();
  readonly #waiting: { readonly sinceMs: number; readonly way: Way | undefined; readonly resolve: (answeredMs: number) => void }[] = [];
  readonly #doubts: Doubt[] = [];
  #running = false;
  /** A mistake of this program: told by stop(). */
  #defect: unknown;
  #beating: Promise<unknown> = Promise.resolve();
  #asking: Promise<unknown> = Promise.resolve();
  #sendingMs = 0;

  constructor(clients: readonly CrashClient[]) {
    this.#clients = clients;
  }

  get perSecond(): number {
    return this.#sendingMs === 0 ? 0 : Math.round(this.sent / (this.#sendingMs / 1_000));
  }

  start(rates: Rates): void {
    this.#running = true;
    const startMs = performance.now();
    this.#beating = Promise.all([this.#beat("rest", rates.rest), this.#beat("log", rates.log)]).then(() => (this.#sendingMs += performance.now() - startMs));
    this.#asking = Promise.all(Array.from({ length: ASKING_AT_ONCE }, () => this.#ask()));
  }

  /** Resolves when nothing is sent any more, everything was answered or given up, and every doubt was asked about. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#beating;
    if (this.#defect !== undefined) throw this.#defect;
    const deadlineMs = performance.now() + DRAIN_TIMEOUT_MS;
    const busy = (): boolean => [...this.#inFlight.values()].some((n) => n > 0);
    while (busy() && performance.now() < deadlineMs) await sleep(10);
    await this.#asking;
    await this.#ask(); // what was answered last
  }

  /** When the first order was acknowledged that was sent at `sinceMs` or later, by any way or by the one named. */
  acknowledgedAfter(sinceMs: number, way?: Way): Promise<number> {
    return new Promise((resolve) => this.#waiting.push({ sinceMs, way, resolve }));
  }

  async #beat(way: Way, perSecond: number): Promise<void> {
    if (perSecond === 0) return;
    let nextMs = performance.now();
    for (let i = 0; this.#running; ) {
      const aheadMs = nextMs - performance.now();
      if (aheadMs > 0) {
        await sleep(aheadMs);
        continue;
      }
      nextMs += 1_000 / perSecond;
      const client = this.#clients[i++ % this.#clients.length];
      if (client === undefined) return;
      if (-aheadMs > LATE_MAX_MS || (this.#inFlight.get(client) ?? 0) >= IN_FLIGHT_PER_CLIENT_MAX) this.skipped++;
      else this.#send(client, way).catch((error: unknown) => (this.#defect ??= error));
    }
  }

  async #send(client: CrashClient, way: Way): Promise<void> {
    const plain = way === "rest" ? client.tape.next() : undefined;
    const request = plain ?? client.tape.nextForLog();
    this.#inFlight.set(client, (this.#inFlight.get(client) ?? 0) + 1);
    this.sent++;
    const sentMs = performance.now();
    const answer: Answer = await (plain === undefined ? client.log.send(request) : client.rest.send(plain));
    const answeredMs = performance.now();
    this.#inFlight.set(client, (this.#inFlight.get(client) ?? 0) - 1);
    const { result, orderId, tradeIds, why, turnedAway } = answer;
    const judged = judgedAs(request);
    const call: Call | undefined = judged && {
      kind: judged,
      accountId: client.accountId,
      id: request.id,
      marketId: request.market.marketId,
      result,
      sentMs,
      answeredMs,
      ...(orderId !== undefined && { orderId }),
      ...(tradeIds !== undefined && tradeIds.length > 0 && { tradeIds }),
    };
    if (call !== undefined) this.calls.push(call);
    if (result === "accepted") {
      client.tape.acknowledged(request);
      this.#acknowledged(sentMs, answeredMs, way);
    } else {
      const what = `${judged ?? (request.kind === "command" ? request.body.case : request.kind)} by ${way}: ${result}${why === undefined ? "" : `, ${why}`}`;
      this.said.set(what, (this.said.get(what) ?? 0) + 1);
      if (turnedAway === true) client.tape.turnedAway(request);
      if (result === "unknown" && call !== undefined) this.#doubts.push({ place: this.calls.length - 1, request, client });
    }
  }

  #acknowledged(sentMs: number, answeredMs: number, way: Way): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const waiting = this.#waiting[i];
      if (waiting === undefined || sentMs < waiting.sinceMs || (waiting.way !== undefined && waiting.way !== way)) continue;
      this.#waiting.splice(i, 1);
      waiting.resolve(answeredMs);
    }
  }

  // Asks at once, as a client would, and again until it is told something.
  async #ask(): Promise<void> {
    let deadlineMs = performance.now() + RESOLVE_TIMEOUT_MS;
    while (this.#running || this.#doubts.length > 0) {
      if (this.#running) deadlineMs = performance.now() + RESOLVE_TIMEOUT_MS;
      else if (performance.now() > deadlineMs) return; // they stay unresolved, and are counted so
      const doubt = this.#doubts.shift();
      if (doubt === undefined) {
        await sleep(ASK_AGAIN_MS);
        continue;
      }
      const { place, request, client } = doubt;
      const told = await client.rest.ask(request.market.symbol, request.kind === "command" ? request.makes : request.id);
      const call = this.calls[place];
      if (told === undefined || call === undefined) {
        this.#doubts.push(doubt);
        await sleep(ASK_AGAIN_MS);
        continue;
      }
      const executed = told !== "no such order" && (request.kind !== "cancel" || told.status === "CANCELED");
      this.calls[place] = { ...call, resolved: executed ? "executed" : "not executed" };
      if (executed) client.tape.acknowledged(request);
    }
  }
}

const judgedAs = (request: Request): CallKind | undefined => (request.kind === "command" ? request.judgedAs : request.kind);

// The recorder's loop: read the event log, gather rows, grow candles, commit, publish; repeat.
//
// Owns readiness: it is ready while the log is followed, the database answers and no entry waits for long. Nothing is
// published before it is stored, so what the channels say can be read back.
import { setTimeout as delay } from "node:timers/promises";
import type { EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import { nowUs } from "../shared/clock.ts";
import type { Database } from "../shared/database/connection.ts";
import type { ServiceState } from "../shared/heartbeat.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import { OpenCandles } from "./candles.ts";
import { EventLogFollower, RedisAwayError } from "./follower.ts";
import {
  BEAT_INTERVAL_MS,
  CANDLE_PUBLISH_INTERVAL_MS,
  COMMIT_INTERVAL_MS,
  ENTRIES_PER_READ_MAX,
  EVENTS_PER_COMMIT_MAX,
  OUTAGE_REMINDER_MS,
  READY_LAG_MS,
  RETRY_DELAY_MS,
  TICKER_PUBLISH_INTERVAL_MS,
} from "./limits.ts";
import type { Position } from "./position.ts";
import { Publisher, type PublisherOptions } from "./publisher.ts";
import { eventCount, recordBatches } from "./recording.ts";
import { Sink } from "./sink.ts";
import type { StartState } from "./startState.ts";
import { TickerWindows } from "./tickers.ts";

export interface RecorderOptions {
  /** A connection that only this recorder uses: its reads block. */
  readonly redis: Redis;
  readonly database: Database;
  readonly start: StartState;
  readonly send: PublisherOptions["send"];
  /** Called after a commit and when readiness changes, at most every BEAT_INTERVAL_MS. */
  readonly beat: () => void;
  readonly logger: Logger;
}

type Batches = readonly [EventBatch, ...EventBatch[]];

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #abort = new AbortController();
  readonly #follower: EventLogFollower;
  readonly #sink: Sink;
  readonly #openCandles: OpenCandles;
  readonly #tickers: TickerWindows;
  readonly #publisher: Publisher;
  #position: Position | undefined;
  #waitingFor: string | undefined = "the event log has not been looked at yet";
  #databaseReachable = true;
  #behind = true;
  #beatTimer: NodeJS.Timeout | undefined;
  #beatMs = -Infinity;
  #reminderMs = -Infinity;

  constructor(options: RecorderOptions) {
    const { redis, database, start, send, logger } = options;
    this.#options = options;
    this.#position = start.position;
    this.#follower = new EventLogFollower(redis, start.position);
    this.#sink = new Sink({
      database,
      position: start.position,
      logger,
      signal: this.#abort.signal,
      onReachable: (reachable) => {
        this.#databaseReachable = reachable;
        this.#beatSoon();
      },
    });
    this.#openCandles = new OpenCandles(start.candles);
    this.#tickers = new TickerWindows(start.minutes);
    this.#publisher = new Publisher({ tickers: this.#tickers, candles: start.candles, symbols: start.symbols, send });
  }

  /** For the heartbeat. */
  state(): ServiceState {
    const { epoch, entry, seq } = this.#position ?? { epoch: 0, entry: 0n, seq: 0n };
    const detail = !this.#databaseReachable ? "waiting for PostgreSQL" : this.#waitingFor !== undefined ? `waiting: ${this.#waitingFor}` : this.#behind ? "catching up with the event log" : "";
    return { ready: detail === "", detail, epoch, entry, seq };
  }

  /**
   * Records until `stop`.
   * @throws LogMismatchError when log and database do not belong together; PositionMovedError when a second recorder
   * writes; any other error is a broken invariant. Starting again resumes from the last commit.
   */
  async run(): Promise<void> {
    const candleTimer = setInterval(() => this.#isLive() && this.#publisher.publishCandles(BigInt(nowUs())), CANDLE_PUBLISH_INTERVAL_MS);
    const tickerTimer = setInterval(() => this.#isLive() && this.#publisher.publishTickers(BigInt(nowUs())), TICKER_PUBLISH_INTERVAL_MS);
    try {
      while (!this.#abort.signal.aborted) await this.#turn();
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    } finally {
      clearInterval(candleTimer);
      clearInterval(tickerTimer);
      clearTimeout(this.#beatTimer);
    }
  }

  /** Ends `run` after the commit under way. The caller disconnects redis, which ends a blocked read. */
  stop(): void {
    this.#abort.abort();
  }

  async #turn(): Promise<void> {
    if (this.#follower.unverified && !(await this.#verified())) return;
    const batches = await this.#redisAnswer(() => this.#follower.next());
    if (batches === undefined) return;
    const full = batches.length === ENTRIES_PER_READ_MAX;
    const startedMs = performance.now();
    for (const part of parts(batches)) await this.#record(part, full);
    this.#setBehind(full && this.#lagging());
    if (!full && batches.length > 0) await this.#pause(startedMs + COMMIT_INTERVAL_MS - performance.now());
  }

  async #record(batches: Batches, moreToCome: boolean): Promise<void> {
    const recording = recordBatches(this.#position, batches);
    const candles = this.#openCandles.add(recording.trades);
    await this.#sink.commit(recording, candles);
    this.#position = recording.position;
    this.#follower.advance(recording.position);
    for (const { market } of recording.markets) this.#publisher.addMarket(market.marketId, market.symbol);
    for (const candle of candles) this.#tickers.addCandle(candle);
    for (const { marketId, quantityLots } of recording.trades) this.#tickers.setLastLots(marketId, quantityLots);
    this.#publisher.candlesStored(candles, this.#isLive() && !moreToCome);
    this.#beatSoon();
  }

  async #verified(): Promise<boolean> {
    const log = await this.#redisAnswer(() => this.#follower.verify());
    if (log === undefined) return false;
    if (log.state === "following") {
      this.#setWaitingFor(undefined);
      return true;
    }
    this.#setWaitingFor(log.reason);
    await this.#pause(RETRY_DELAY_MS);
    return false;
  }

  // Undefined when Redis did not answer: the connection has logged why and comes back by itself.
  async #redisAnswer<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#untilStopped(ask());
    } catch (error) {
      if (!(error instanceof RedisAwayError) || this.#abort.signal.aborted) throw error;
      this.#setWaitingFor("Redis does not answer");
      await this.#pause(RETRY_DELAY_MS);
      return undefined;
    }
  }

  // A read that blocks, or a server that is gone, must not keep the recorder from stopping. One promise for all answers
  // would hold each of them, and what was read with it, until then: nobody leaves a race.
  async #untilStopped<T>(answer: Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    let onStop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => (onStop = () => reject(new Error("the recorder is stopping"))));
    signal.addEventListener("abort", onStop);
    try {
      return await Promise.race([answer, stopped]);
    } finally {
      signal.removeEventListener("abort", onStop);
    }
  }

  #isLive(): boolean {
    return this.#databaseReachable && !this.#behind && this.#waitingFor === undefined;
  }

  #lagging(): boolean {
    return this.#position !== undefined && BigInt(nowUs()) - this.#position.timeUs > BigInt(READY_LAG_MS) * 1_000n;
  }

  #setBehind(behind: boolean): void {
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.#beatSoon();
  }

  #setWaitingFor(reason: string | undefined): void {
    const { logger } = this.#options;
    if (reason !== undefined && (reason !== this.#waitingFor || performance.now() - this.#reminderMs > OUTAGE_REMINDER_MS)) {
      this.#reminderMs = performance.now();
      logger.info({ waitingFor: reason }, "waiting");
    }
    if (reason === undefined && this.#waitingFor !== undefined) {
      logger.info({ afterEntry: Number(this.#position?.entry ?? 0n) }, "following the event log");
    }
    this.#waitingFor = reason;
  }

  #beatSoon(): void {
    if (this.#beatTimer !== undefined) return;
    const waitMs = this.#beatMs + BEAT_INTERVAL_MS - performance.now();
    const beat = () => {
      this.#beatTimer = undefined;
      this.#beatMs = performance.now();
      this.#options.beat();
    };
    if (waitMs <= 0) beat();
    else this.#beatTimer = setTimeout(beat, waitMs);
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#abort.signal });
  }
}

// Whole entries, about EVENTS_PER_COMMIT_MAX events at a time.
function* parts(batches: readonly EventBatch[]): Generator<Batches> {
  let part: EventBatch[] = [];
  let events = 0;
  for (const batch of batches) {
    part.push(batch);
    events += eventCount(batch);
    if (events < EVENTS_PER_COMMIT_MAX) continue;
    yield part as [EventBatch, ...EventBatch[]];
    part = [];
    events = 0;
  }
  if (part.length > 0) yield part as [EventBatch, ...EventBatch[]];
}

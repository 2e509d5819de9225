// The only writer of the command log. Packs all commands of one event-loop turn into one log entry, appends it, and
// hands each caller the events of its own command when the engine's reply comes. When the engine is too far behind, only
// cancels are let in.
//
// Never: sends an entry twice. An append whose fate is unknown, or a reply that does not come, is UNKNOWN to the
// caller, who asks again by client order id. Invariant: every submitted command ends in exactly one of outcome or error.
import { randomBytes } from "node:crypto";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, CommandSchema, type Command } from "../../../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema, type EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import {
  QueryRequestSchema,
  QueryResponseSchema,
  type QueryResponse,
} from "../../../gen/tickwire/v1/query_pb.ts";
import { nowUs } from "../clock.ts";
import { answerChannel, COMMAND_LOG, ENTRY_FIELD, entryNumber, QUERY_CHANNEL, replyChannel } from "../keys.ts";
import { COMMANDS_PER_ENTRY_MAX, IN_FLIGHT_CANCELS_MAX, IN_FLIGHT_COMMANDS_MAX, OUTCOME_TIMEOUT_MS, QUERY_REPEAT_MS, QUERY_TIMEOUT_MS } from "../limits.ts";
import type { Logger } from "../logger.ts";
import { connectSubscriber, connectWriter, whenReady, type Redis } from "../redis.ts";
import { EngineLag } from "./engineLag.ts";

/**
 * Why there is no outcome.
 * - `unknown`: the command may or may not be executed, now or later; ask by client order id.
 * - `unavailable`: it was certainly not executed (the log could not be reached, or does not exist yet).
 * - `busy`: it was certainly not executed (too much in flight, or the engine too far behind).
 */
export type IngressFailure = "unknown" | "unavailable" | "busy";

export class IngressError extends Error {
  override readonly name = "IngressError";
  readonly failure: IngressFailure;
  constructor(failure: IngressFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** What the engine did with a command: its place in the venue's history and everything that came of it. */
export interface Outcome {
  readonly epoch: number;
  /** Log entry; what "read your own writes" waits for. */
  readonly entry: bigint;
  /** Engine time. */
  readonly timeUs: bigint;
  readonly group: EventGroup;
}

export type CommandInit = Omit<MessageInitShape<typeof CommandSchema>, "requestNo" | "$typeName">;
export type QueryBody = NonNullable<MessageInitShape<typeof QueryRequestSchema>["body"]>;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: IngressError) => void;
  readonly deadlineMs: number;
}

/** A question, kept as sent: it changes nothing, so it may be asked again when Pub/Sub has lost it or its answer. */
interface WaitingQuery extends Waiting<QueryResponse> {
  readonly bytes: Buffer;
  askAgainMs: number;
}

const SWEEP_INTERVAL_MS = 100;

/** What only ever takes orders out of the market. */
const CANCELS: ReadonlySet<string | undefined> = new Set([
  "cancelOrder",
  "cancelAllOrders",
  "cancelOrderList",
  "setDeadMansSwitch",
]);

export class Ingress {
  /** Unique to this process start. */
  readonly id: string;
  readonly #writer: Redis;
  readonly #subscriber: Redis;
  readonly #sweeper: NodeJS.Timeout;
  // Keeps insertion order, which is deadline order: the sweep stops at the first command that is not due.
  readonly #commands = new Map<bigint, Waiting<Outcome>>();
  readonly #queries = new Map<bigint, WaitingQuery>();
  readonly #lag = new EngineLag();
  #asking = false;
  #turn: Command[] = [];
  #requestNo = 0n;

  private constructor(id: string, writer: Redis, subscriber: Redis) {
    this.id = id;
    this.#writer = writer;
    this.#subscriber = subscriber;
    subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      const name = channel.toString();
      if (name === replyChannel(id)) this.#onReply(payload);
      else if (name === answerChannel(id)) this.#onAnswer(payload);
    });
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS);
  }

  /** Connects and subscribes to its reply channels; `service` is the readable part of the ingress id. */
  static async open(redisUrl: string, service: string, logger: Logger): Promise<Ingress> {
    const id = `${service}-${randomBytes(6).toString("hex")}`;
    const writer = connectWriter(redisUrl, `${service}-log-writer`, logger);
    const subscriber = connectSubscriber(redisUrl, `${service}-replies`, logger);
    // Both: the first command may come at once, and a writer that is still connecting would refuse it.
    await Promise.all([whenReady(writer), subscriber.subscribe(replyChannel(id), answerChannel(id))]);
    return new Ingress(id, writer, subscriber);
  }

  /** Commands without outcome yet. */
  get inFlight(): number {
    return this.#commands.size;
  }

  /**
   * Appends a command to the log and waits for what came of it. A refusal by the engine is an outcome, not an error.
   * @throws IngressError as its `failure` says.
   */
  submit(command: CommandInit): Promise<Outcome> {
    const cancels = CANCELS.has(command.body?.case);
    if (this.#commands.size >= IN_FLIGHT_COMMANDS_MAX + (cancels ? IN_FLIGHT_CANCELS_MAX : 0)) {
      return Promise.reject(new IngressError("busy", `${this.#commands.size} commands are waiting for the engine`));
    }
    if (!cancels && this.#lag.isTooLong(performance.now())) return Promise.reject(new IngressError("busy", "the engine is too far behind"));
    const requestNo = ++this.#requestNo;
    return new Promise<Outcome>((resolve, reject) => {
      this.#commands.set(requestNo, { resolve, reject, deadlineMs: performance.now() + OUTCOME_TIMEOUT_MS });
      if (this.#turn.length === 0) setImmediate(() => this.#appendTurn());
      this.#turn.push(create(CommandSchema, { ...command, requestNo }));
      if (this.#turn.length === COMMANDS_PER_ENTRY_MAX) this.#appendTurn();
    });
  }

  /**
   * Asks the leading engine for live state.
   * @throws IngressError "unavailable" when no engine answers in time.
   */
  query(body: QueryBody): Promise<QueryResponse> {
    const requestNo = ++this.#requestNo;
    return new Promise<QueryResponse>((resolve, reject) => {
      const bytes = Buffer.from(toBinary(QueryRequestSchema, create(QueryRequestSchema, { ingressId: this.id, requestNo, body })));
      const nowMs = performance.now();
      this.#queries.set(requestNo, { resolve, reject, bytes, deadlineMs: nowMs + QUERY_TIMEOUT_MS, askAgainMs: nowMs + QUERY_REPEAT_MS });
      this.#writer.publish(QUERY_CHANNEL, bytes).catch((error: unknown) => {
        this.#queries.delete(requestNo);
        reject(new IngressError("unavailable", `the engine cannot be asked: ${String(error)}`));
      });
    });
  }

  /**
   * The newest entry of the log, once everything that had reached Redis when this was called stands in it: what the engine
   * must have applied before it can say that something never happened.
   * @throws IngressError "unavailable"
   */
  async lastLogged(): Promise<bigint> {
    try {
      // Redis serves connections in turns: what had reached it before the first question, from whomever, it has done before the second.
      await this.#writer.ping();
      const [newest] = await this.#writer.xrevrange(COMMAND_LOG, "+", "-", "COUNT", 1);
      return newest === undefined ? 0n : BigInt(entryNumber(newest[0]));
    } catch (error) {
      throw new IngressError("unavailable", `the command log cannot be read: ${String(error)}`);
    }
  }

  /** Stops waiting; everything in flight becomes UNKNOWN. */
  close(): void {
    clearInterval(this.#sweeper);
    this.#writer.disconnect();
    this.#subscriber.disconnect();
    for (const waiting of this.#commands.values()) waiting.reject(new IngressError("unknown", "the service is stopping"));
    for (const waiting of this.#queries.values()) waiting.reject(new IngressError("unavailable", "the service is stopping"));
    this.#commands.clear();
    this.#queries.clear();
  }

  #appendTurn(): void {
    const commands = this.#turn;
    if (commands.length === 0) return;
    this.#turn = [];
    const bytes = toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: this.id, timeUs: BigInt(nowUs()), commands }));
    // NOMKSTREAM: the log is opened by the engine, whose first entry lists the markets; before that nothing may enter.
    const failed = (failure: IngressFailure, message: string) => {
      for (const { requestNo } of commands) {
        this.#commands.get(requestNo)?.reject(new IngressError(failure, message));
        this.#commands.delete(requestNo);
      }
    };
    if (this.#writer.status !== "ready") {
      failed("unavailable", "the command log cannot be reached");
      return;
    }
    const append = this.#lag.sent(performance.now());
    this.#writer.xadd(COMMAND_LOG, "NOMKSTREAM", "0-*", ENTRY_FIELD, Buffer.from(bytes)).then(
      (id) => {
        if (id !== null) {
          this.#lag.appended(append, entryNumber(id));
          return;
        }
        this.#lag.lost(append);
        failed("unavailable", "the command log is not open yet");
      },
      (error: unknown) => {
        this.#lag.lost(append);
        // An error that Redis itself answered means nothing was written; a lost connection means nobody knows.
        const refused = error instanceof Error && error.name === "ReplyError";
        failed(refused ? "unavailable" : "unknown", `appending to the command log failed: ${String(error)}`);
      },
    );
  }

  #onReply(payload: Buffer): void {
    const batch = fromBinary(EventBatchSchema, payload);
    this.#lag.heard(batch.epoch, Number(batch.entry), performance.now());
    for (const group of batch.groups) {
      const waiting = this.#commands.get(group.requestNo);
      if (waiting === undefined) continue; // timed out: its caller has been told UNKNOWN
      this.#commands.delete(group.requestNo);
      waiting.resolve({ epoch: batch.epoch, entry: batch.entry, timeUs: batch.timeUs, group });
    }
  }

  #onAnswer(payload: Buffer): void {
    const response = fromBinary(QueryResponseSchema, payload);
    this.#lag.heard(response.epoch, Number(response.entry), performance.now());
    const waiting = this.#queries.get(response.requestNo);
    if (waiting === undefined) return;
    this.#queries.delete(response.requestNo);
    waiting.resolve(response);
  }

  // Whether the engine is behind, or only its replies were lost, as Pub/Sub may: nothing but a question tells.
  #askHowFar(): void {
    if (this.#asking) return;
    this.#asking = true;
    // The cheapest of all; its answer says how far the engine is, which is all that is wanted of it.
    const question = this.query({ case: "order", value: { accountId: 0n } });
    void question.catch(() => undefined).finally(() => (this.#asking = false));
  }

  #sweep(): void {
    const now = performance.now();
    if (this.#lag.isTooLong(now)) this.#askHowFar();
    for (const [requestNo, waiting] of this.#commands) {
      if (waiting.deadlineMs > now) break;
      this.#commands.delete(requestNo);
      waiting.reject(new IngressError("unknown", "no outcome within the time limit; ask again by client order id"));
    }
    for (const [requestNo, waiting] of this.#queries) {
      if (waiting.deadlineMs <= now) {
        this.#queries.delete(requestNo);
        waiting.reject(new IngressError("unavailable", "the engine did not answer in time"));
      } else if (waiting.askAgainMs <= now) {
        waiting.askAgainMs = now + QUERY_REPEAT_MS;
        this.#writer.publish(QUERY_CHANNEL, waiting.bytes).catch(() => undefined); // its deadline ends it
      }
    }
  }
}

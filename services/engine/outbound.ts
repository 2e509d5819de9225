// The engine's single way out: appends event batches to the event log, answers the ingresses, publishes market data,
// all in one pipeline, in that order.
//
// Never: appends an entry twice (ids are explicit, so Redis refuses it too), and never goes on from a Redis that does
// not hold what was appended before. Invariant: when `send` resolves, every batch given to it is durable in the log.
import { randomBytes } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CommandBatchSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, entryId, marketDataChannel, replyChannel } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { whenReady, type Redis } from "../shared/redis.ts";
import { commandRange, eventRange, isConnectionLoss, lastCommand, lastEvent, LogMismatch } from "./commandLog.ts";
import type { AppliedEntry } from "./engine.ts";
import { RECONNECT_PAUSE_MS } from "./limits.ts";

/** An applied entry with its bytes copied out of the engine's buffers. */
export interface Outputs {
  readonly entry: number;
  /** The bytes of the command entry this answers: compared after a reconnect. */
  readonly command: Uint8Array;
  readonly events: Buffer;
  readonly ingressId: string;
  readonly marketData: readonly { readonly symbol: string; readonly bytes: Buffer }[];
}

/** Copies what the engine will overwrite. */
export function copyOutputs(applied: AppliedEntry, command: Uint8Array): Outputs {
  return {
    entry: applied.entry,
    command,
    events: Buffer.from(applied.events),
    ingressId: applied.ingressId,
    marketData: applied.marketData.map(({ symbol, bytes }) => ({ symbol, bytes: Buffer.from(bytes) })),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Outbound {
  readonly #writer: Redis;
  readonly #logger: Logger;
  // The newest entry known to be in the event log, to recognise this history after a reconnect.
  #lastSent: Outputs | undefined;
  #stopping = false;
  readonly #checkServer: () => Promise<void>;
  readonly #ingressId = `engine-${randomBytes(6).toString("hex")}`;

  /** `checkServer`: asked after every reconnect, as another server may be behind the address; it throws what must stop the engine. */
  constructor(writer: Redis, logger: Logger, checkServer: () => Promise<void> = () => Promise.resolve()) {
    this.#writer = writer;
    this.#logger = logger;
    this.#checkServer = checkServer;
  }

  /** No more attempts to reach Redis: `send` then fails instead of waiting for it. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Resolves when all outputs are durable and published; waits, as long as it takes, for a Redis that went away.
   * @throws LogMismatch when Redis came back with another history.
   */
  async send(outputs: readonly Outputs[]): Promise<void> {
    let appendAfter = 0;
    for (;;) {
      try {
        await this.#attempt(outputs, appendAfter);
        this.#lastSent = outputs.at(-1);
        return;
      } catch (error) {
        if (!isConnectionLoss(error) || this.#stopping) throw error;
        this.#logger.warn({ err: String(error) }, "outputs may not have been appended; checking the event log");
      }
      appendAfter = await this.verify(outputs);
    }
  }

  /** Appends a command that does nothing but move the engine's time on. Twice does no harm, so its fate is not followed up. */
  async advanceTime(timeUs: number): Promise<void> {
    const commands = [{ requestNo: 1n, body: { case: "advanceTime", value: {} } as const }];
    const batch = create(CommandBatchSchema, { ingressId: this.#ingressId, timeUs: BigInt(timeUs), commands });
    await whenReady(this.#writer);
    await this.#writer.xadd(COMMAND_LOG, "NOMKSTREAM", "0-*", ENTRY_FIELD, Buffer.from(toBinary(CommandBatchSchema, batch)));
  }

  async #attempt(outputs: readonly Outputs[], appendAfter: number): Promise<void> {
    await whenReady(this.#writer);
    const pipeline = this.#writer.pipeline();
    let appended = 0;
    for (const { entry, events } of outputs) {
      if (entry <= appendAfter) continue;
      pipeline.xadd(EVENT_LOG, entryId(entry), ENTRY_FIELD, events);
      appended++;
    }
    for (const { ingressId, events, marketData } of outputs) {
      if (ingressId !== "") pipeline.publish(replyChannel(ingressId), events);
      for (const { symbol, bytes } of marketData) pipeline.publish(marketDataChannel(symbol), bytes);
    }
    const replies = (await pipeline.exec()) ?? [];
    for (let i = 0; i < appended; i++) {
      const error = replies[i]?.[0];
      if (error !== null && error !== undefined) throw error;
    }
    if (replies.length < appended) throw new Error("the pipeline was not answered");
  }

  /**
   * After a lost connection: waits for Redis, makes sure that it holds the history this engine made, and answers the
   * newest entry of the event log.
   * @throws LogMismatch when it does not.
   */
  async verify(pending: readonly Outputs[]): Promise<number> {
    for (;;) {
      try {
        await whenReady(this.#writer);
        await this.#checkServer();
        return await this.#compare(pending);
      } catch (error) {
        if (!isConnectionLoss(error) || this.#stopping) throw error;
        await pause(RECONNECT_PAUSE_MS);
      }
    }
  }

  async #compare(pending: readonly Outputs[]): Promise<number> {
    const [commands, events] = [await lastCommand(this.#writer), await lastEvent(this.#writer)];
    const known = this.#lastSent === undefined ? pending : [this.#lastSent, ...pending];
    const newest = known.at(-1);
    if (newest === undefined) return events;
    const first = known[0]?.entry ?? newest.entry;
    if (commands < newest.entry || events < (this.#lastSent?.entry ?? 0)) {
      throw new LogMismatch(`Redis came back behind this engine (${COMMAND_LOG} ends at ${commands}, the engine is at ${newest.entry}): its data was lost. Restore it before going on.`);
    }
    if (events > newest.entry) throw new LogMismatch(`The event log is ahead of this engine (${events} > ${newest.entry}): another engine writes to it.`);
    const logged = await commandRange(this.#writer, first, newest.entry);
    const written = await eventRange(this.#writer, first, newest.entry);
    for (const outputs of known) {
      const command = logged.find((e) => e.entry === outputs.entry);
      if (command === undefined || Buffer.compare(command.bytes, outputs.command) !== 0) throw differs(outputs.entry, "command log");
      const event = written.find((e) => e.entry === outputs.entry);
      if (event !== undefined && !outputs.events.equals(event.bytes)) throw differs(outputs.entry, "event log");
    }
    return events;
  }

  /** The outputs of the newest entry that replay found in the event log. */
  resumeAfter(outputs: Outputs): void {
    this.#lastSent = outputs;
  }
}

const differs = (entry: number, log: string): LogMismatch =>
  new LogMismatch(`Redis came back with another history: entry ${entry} of the ${log} is not the one this engine applied.`);

/** Epoch and chain of a stored EventBatch. */
export function batchIdentity(bytes: Uint8Array): { epoch: number; chain: Uint8Array } {
  const { epoch, chain } = fromBinary(EventBatchSchema, bytes);
  return { epoch, chain };
}

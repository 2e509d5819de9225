// The leading engine's single way out: appends event batches to the event log, answers the ingresses and publishes market
// data, in that order and in one step that does nothing unless this engine leads.
//
// Never: appends an entry twice (ids are explicit, so Redis refuses it too), never says what the replicas that are asked
// for lack, and never goes on from a Redis that does not hold what was appended before. Invariant: when `send` resolves,
// every batch given to it is durable in the log.
import { randomBytes } from "node:crypto";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import type { StateDigestSchema } from "../../gen/tickwire/v1/operations_pb.ts";
import { COMMAND_LOG, ENGINES_CHANNEL, EVENT_LOG, LEADER_KEY, entryId, marketDataChannel, replyChannel } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { whenReady } from "../shared/redis.ts";
import { commandRange, eventRange, isConnectionLoss, lastCommand, lastEvent, LogMismatch } from "./log/commandLog.ts";
import type { AppliedEntry } from "./engine.ts";
import { Fenced, type Leadership } from "./leadership.ts";
import { RECONNECT_PAUSE_MS, REPLICA_WAIT_MS, SEND_BYTES_MAX } from "./limits.ts";
import type { LogWriter } from "./log/logConnection.ts";

/** An applied entry with its bytes copied out of the engine's buffers. */
export interface Outputs {
  readonly entry: number;
  /** The bytes of the command entry this answers: compared after a reconnect. */
  readonly command: Uint8Array;
  readonly events: Buffer;
  readonly ingressId: string;
  readonly marketData: readonly { readonly symbol: string; readonly bytes: Buffer }[];
  /** Of the state after this entry, when one was due. */
  readonly digest?: MessageInitShape<typeof StateDigestSchema>;
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

export interface OutboundOptions {
  /** Replicas of Redis that must hold an entry and its outputs before anybody is told; 0: none is asked for. */
  readonly replicasMin: number;
  /** Asked after every reconnect, as another server may be behind the address; it throws what must stop the engine. */
  readonly checkServer?: () => Promise<void>;
}

export class Outbound {
  readonly #writer: LogWriter;
  readonly #leadership: Leadership;
  readonly #logger: Logger;
  readonly #replicasMin: number;
  readonly #checkServer: () => Promise<void>;
  // The newest entry known to be in the event log, to recognise this history after a reconnect.
  #lastSent: Outputs | undefined;
  #stopping = false;
  #replicasMissing = false;
  #sending: Promise<void> = Promise.resolve();
  /** Ends the wait for Redis that is under way; the loop has one at a time. */
  #endWaiting: (() => void) | undefined;
  readonly #ingressId = `engine-${randomBytes(6).toString("hex")}`;

  constructor(writer: LogWriter, leadership: Leadership, logger: Logger, options: OutboundOptions) {
    this.#writer = writer;
    this.#leadership = leadership;
    this.#logger = logger;
    this.#replicasMin = options.replicasMin;
    this.#checkServer = options.checkServer ?? (() => Promise.resolve());
  }

  /** Whether everything stands still because fewer replicas than are asked for hold what was done. */
  get replicasMissing(): boolean {
    return this.#replicasMissing;
  }

  /** No more attempts to reach Redis: `send` then fails instead of waiting for it. */
  stop(): void {
    this.#stopping = true;
    this.#endWaiting?.();
  }

  /** Resolves when the writer is usable. @throws when it is not, and this engine stops */
  async #writerReady(): Promise<void> {
    if (this.#writer.status === "ready") return;
    if (this.#stopping) throw new Error("stopped while Redis was away");
    await new Promise<void>((resolve, reject) => {
      this.#endWaiting = () => reject(new Error("stopped while Redis was away"));
      void whenReady(this.#writer).then(resolve);
    });
  }

  /**
   * Resolves when all outputs are durable and published; waits, as long as it takes, for a Redis that went away.
   * @throws Fenced when another engine leads, and LogMismatch when Redis came back with another history.
   */
  send(outputs: readonly Outputs[]): Promise<void> {
    const sending = this.#send(outputs);
    this.#sending = sending.catch(() => undefined);
    return sending;
  }

  async #send(outputs: readonly Outputs[]): Promise<void> {
    let appendAfter = 0;
    for (;;) {
      try {
        await this.#writerReady();
        for (const part of parts(outputs)) await this.#sendPart(part, appendAfter);
        this.confirmed(outputs.at(-1));
        return;
      } catch (error) {
        if (!isConnectionLoss(error) || this.#stopping) throw error;
        this.#logger.warn({ err: String(error) }, "outputs may not have been appended; checking the event log");
        await pause(RECONNECT_PAUSE_MS);
      }
      appendAfter = await this.verify(outputs);
      // Whoever lost the lead meanwhile has been compared as one that follows: then the log may well be ahead.
      if (this.#leadership.value === undefined) throw new Fenced("another engine leads");
      const newest = outputs.at(-1)?.entry ?? appendAfter;
      if (appendAfter > newest) throw new LogMismatch(`The event log is ahead of this engine (${appendAfter} > ${newest}), though no other engine leads: somebody else writes to it.`);
    }
  }

  /**
   * For an engine that takes over: outputs that are in the event log, but that the engine before may not have told of. Only
   * while replicas are asked for are these two steps; ingresses pass over what they know, and books are taken anew anyway.
   * @throws Fenced
   */
  async answerAgain(outputs: readonly Outputs[]): Promise<void> {
    if (this.#replicasMin === 0) return;
    const messages = outputs.flatMap(({ ingressId, events }) => (ingressId === "" ? [] : [replyChannel(ingressId), events]));
    await this.#fenced([], []);
    await this.#untilReplicated();
    await this.#fenced([], messages);
  }

  async #sendPart(outputs: readonly Outputs[], appendAfter: number): Promise<void> {
    const entries = outputs.filter(({ entry }) => entry > appendAfter).flatMap(({ entry, events }) => [entryId(entry), events]);
    const messages: (string | Buffer)[] = [];
    for (const { ingressId, events, marketData, digest } of outputs) {
      if (ingressId !== "") messages.push(replyChannel(ingressId), events);
      for (const { symbol, bytes } of marketData) messages.push(marketDataChannel(symbol), bytes);
      if (digest !== undefined) messages.push(ENGINES_CHANNEL, this.#leadership.announcement([digest]));
    }
    if (this.#replicasMin === 0) return this.#fenced(entries, messages);
    await this.#fenced(entries, []);
    await this.#untilReplicated();
    await this.#fenced([], messages);
  }

  async #fenced(entries: readonly (string | Buffer)[], messages: readonly (string | Buffer)[]): Promise<void> {
    const leader = this.#leadership.value;
    if (leader === undefined) throw new Fenced("this engine does not lead any more");
    const answer = await this.#writer.tickwireSend(LEADER_KEY, EVENT_LOG, leader, entries.length / 2, ...entries, ...messages);
    if (answer === 0) throw new Fenced("another engine leads");
  }

  // Replication is one ordered stream: replicas that have this connection's last write have every command before it.
  async #untilReplicated(): Promise<void> {
    while ((await this.#writer.wait(this.#replicasMin, REPLICA_WAIT_MS)) < this.#replicasMin) {
      if (this.#stopping) throw new Error("stopped while replicas were missing");
      if (!this.#replicasMissing) this.#logger.warn({ wanted: this.#replicasMin }, "too few replicas hold the log; nothing is acknowledged until they do");
      this.#replicasMissing = true;
    }
    if (this.#replicasMissing) this.#logger.info("the replicas hold the log again");
    this.#replicasMissing = false;
  }

  /**
   * Answers a question about live state, once everything that the state came from may be known, and only if this engine
   * still leads. An answer may be lost: whoever asked asks again.
   */
  async answer(voice: LogWriter, channel: string, bytes: Buffer): Promise<void> {
    if (this.#replicasMin > 0) await this.#sending;
    const leader = this.#leadership.value;
    if (leader === undefined) return;
    const answer = await voice.tickwireSend(LEADER_KEY, EVENT_LOG, leader, 0, channel, bytes);
    if (answer === 0) this.#leadership.stepDown();
  }

  /**
   * Appends a command that does nothing but move the engine's time on. Twice does no harm, so its fate is not followed up.
   * @throws Fenced
   */
  async advanceTime(timeUs: number): Promise<void> {
    const leader = this.#leadership.value;
    if (leader === undefined) throw new Fenced("this engine does not lead any more");
    const commands = [{ requestNo: 1n, body: { case: "advanceTime", value: {} } as const }];
    const batch = create(CommandBatchSchema, { ingressId: this.#ingressId, timeUs: BigInt(timeUs), commands });
    await this.#writerReady();
    const answer = await this.#writer.tickwireCommand(LEADER_KEY, COMMAND_LOG, leader, Buffer.from(toBinary(CommandBatchSchema, batch)));
    if (answer === 0) throw new Fenced("another engine leads");
  }

  /**
   * After a lost connection: waits for Redis, makes sure that it holds the history this engine made, and answers the
   * newest entry of the event log. `pending` are the entries applied, but not known to be in the event log.
   * @throws LogMismatch when it does not, Fenced when a leading engine finds that another one has gone on.
   */
  async verify(pending: readonly Outputs[]): Promise<number> {
    for (;;) {
      try {
        await this.#writerReady();
        await this.#checkServer();
        return await this.#compare(pending);
      } catch (error) {
        if (!isConnectionLoss(error) || this.#stopping) throw error;
        await pause(RECONNECT_PAUSE_MS);
      }
    }
  }

  async #compare(pending: readonly Outputs[]): Promise<number> {
    const leads = this.#leadership.value !== undefined;
    const [commands, events] = [await lastCommand(this.#writer), await lastEvent(this.#writer)];
    const known = this.#lastSent === undefined ? pending : [this.#lastSent, ...pending];
    const newest = known.at(-1);
    if (newest === undefined) return events;
    const first = known[0]?.entry ?? newest.entry;
    if (commands < newest.entry || events < (this.#lastSent?.entry ?? 0)) {
      throw new LogMismatch(`Redis came back behind this engine (${COMMAND_LOG} ends at ${commands}, the engine is at ${newest.entry}): its data was lost. Restore it before going on.`);
    }
    const logged = await commandRange(this.#writer, first, newest.entry);
    const written = await eventRange(this.#writer, first, newest.entry);
    for (const outputs of known) {
      const command = logged.find((e) => e.entry === outputs.entry);
      if (command === undefined || Buffer.compare(command.bytes, outputs.command) !== 0) throw differs(outputs.entry, "command log");
      const event = written.find((e) => e.entry === outputs.entry);
      if (event === undefined ? outputs.entry <= events : !outputs.events.equals(event.bytes)) throw differs(outputs.entry, "event log");
    }
    if (leads && !(await this.#leadership.confirmed(this.#writer))) throw new Fenced("another engine leads");
    return events;
  }

  /** The outputs of an entry that was found in the event log, or has been appended to it. */
  confirmed(outputs: Outputs | undefined): void {
    if (outputs !== undefined) this.#lastSent = outputs;
  }
}

/** What goes out in one step each: together of a bounded size, one at least. */
function* parts(outputs: readonly Outputs[]): Generator<readonly Outputs[]> {
  let first = 0;
  let bytes = 0;
  for (const [i, { events, marketData }] of outputs.entries()) {
    const size = 2 * events.length + marketData.reduce((sum, { bytes: { length } }) => sum + length, 0);
    if (i > first && bytes + size > SEND_BYTES_MAX) {
      yield outputs.slice(first, i);
      first = i;
      bytes = 0;
    }
    bytes += size;
  }
  yield outputs.slice(first);
}

const differs = (entry: number, log: string): LogMismatch =>
  new LogMismatch(`Redis came back with another history: entry ${entry} of the ${log} is not the one this engine applied.`);

/** Epoch and chain of a stored EventBatch. */
export function batchIdentity(bytes: Uint8Array): { epoch: number; chain: Uint8Array } {
  const { epoch, chain } = fromBinary(EventBatchSchema, bytes);
  return { epoch, chain };
}

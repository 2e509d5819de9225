// Puts one engine together: replay, then the loop with leadership, queries and heartbeats. For main.ts, and for tests and
// simulations that bring connections of their own.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { EVENT_LOG, LEADER_KEY } from "../shared/keys.ts";
import { HeartbeatBoard, HeartbeatSender } from "../shared/heartbeat.ts";
import type { Logger } from "../shared/logger.ts";
import { whenReady, type Redis } from "../shared/redis.ts";
import { CrashRecord } from "./crashRecord.ts";
import type { Engine } from "./engine.ts";
import { Leadership } from "./leadership.ts";
import type { LogReader, LogWriter } from "./log/logConnection.ts";
import { LogSettingsCheck } from "./log/logSettings.ts";
import { LogTrim } from "./log/logTrim.ts";
import { EngineLoop } from "./loop.ts";
import { Outbound, type OutboundOptions } from "./outbound.ts";
import { serveQueries } from "./queries.ts";
import { replay } from "./replay.ts";
import { readSeenMark, SeenMark } from "./log/seenMark.ts";
import type { SnapshotStore } from "./snapshotFiles.ts";

export interface EngineConnections {
  /** For blocking reads. */
  readonly reader: LogReader;
  /** For the outputs. */
  readonly writer: LogWriter & Redis;
  /** For what must not wait behind the outputs: beats, heartbeats, answers. */
  readonly voice: LogWriter & Redis;
  readonly subscriber: Redis;
}

export interface EngineOptions extends Pick<OutboundOptions, "replicasMin"> {
  /** Of this engine among those of one data directory: "engine", or "standby". */
  readonly name: string;
  /** For what it notes of itself. */
  readonly stateDir: string;
  readonly snapshots: SnapshotStore;
  /** The mark of how far it has gone is kept beside this folder. */
  readonly snapshotDir: string;
  readonly acceptUnsafeLog: boolean;
  readonly logger: Logger;
  /** An engine started as a standby does not open a new log, but waits for one. */
  readonly opensLog: boolean;
  readonly newEngine?: () => Engine;
}

export interface RunningLoop {
  readonly engine: Engine;
  readonly loop: EngineLoop;
  /** Rejects when the engine must end. */
  readonly running: Promise<void>;
  /** In order, with a last snapshot. */
  stop(): Promise<void>;
  /** At once, as far as a process can do that to itself. */
  abandon(): void;
}

/**
 * Resolves when the loop runs: leading soon if nobody else does, following otherwise.
 * @throws LogMismatch, LogSealed and what else keeps an engine from starting.
 */
export async function startEngine({ reader, writer, voice, subscriber }: EngineConnections, options: EngineOptions): Promise<RunningLoop> {
  const { name, stateDir, snapshots, snapshotDir, logger, opensLog, newEngine, replicasMin } = options;
  await Promise.all([whenReady(reader), whenReady(writer), whenReady(voice)]);
  const settings = new LogSettingsCheck(writer, options.acceptUnsafeLog, logger);
  await settings.run();
  const leadership = new Leadership(name, voice, logger);
  let loop: EngineLoop | undefined;
  let progress = "starting";
  // An engine that wakes up in the past must not be heard as the one that leads.
  const publisher = {
    get status() {
      return voice.status;
    },
    publish: (channel: string, bytes: Buffer): Promise<unknown> =>
      leadership.value === undefined ? voice.publish(channel, bytes) : voice.tickwireSend(LEADER_KEY, EVENT_LOG, leadership.value, 0, channel, bytes),
  };
  const heartbeat = new HeartbeatSender(publisher, () => (loop?.leading ?? opensLog ? "engine" : "standby"), randomBytes(6).toString("hex"), () => {
    if (loop === undefined) return { ready: false, detail: progress };
    const { engine } = loop;
    const snapshot = loop.snapshotStanding();
    return {
      ready: loop.live,
      detail: [loop.waitingFor, settings.warning, snapshot.problem].filter((text) => text !== "").join("; "),
      epoch: engine.epoch,
      entry: BigInt(engine.entry),
      seq: BigInt(engine.seq),
      venueVersion: BigInt(engine.venueVersion),
      snapshotEntry: BigInt(snapshot.entry),
      snapshotAgeSeconds: Math.round(snapshot.ageMs / 1_000),
    };
  });
  try {
    await leadership.listen(subscriber);
    const board = await HeartbeatBoard.listen(subscriber);
    const crashes = new CrashRecord(join(stateDir, `${name}-crash.json`), logger);
    const seen = readSeenMark(snapshotDir);
    if (seen === "damaged") logger.warn("the mark of how far the engine has gone is damaged; the log is believed without it");
    const { engine, applier, lastAnswered, replayed } = await replay({
      redis: writer,
      snapshots,
      crashes,
      logger,
      opensLog,
      seen: seen === "damaged" ? undefined : seen,
      progress: (text) => {
        progress = text;
      },
      ...(newEngine && { newEngine }),
    });
    const outbound = new Outbound(writer, leadership, logger, { replicasMin, checkServer: () => settings.run() });
    outbound.confirmed(lastAnswered);
    const storedEntry = (): number | undefined => {
      const entries = board.alive("recorder").filter(({ epoch }) => epoch === engine.epoch).map(({ entry }) => Number(entry));
      return entries.length === 0 ? undefined : Math.min(...entries);
    };
    const trim = new LogTrim(writer, storedEntry, logger);
    const started = new EngineLoop({ applier, reader, writer, leadership, outbound, snapshots, trim, replayed, seen: new SeenMark(snapshotDir, logger), logger, liveChanged: () => heartbeat.beat() });
    loop = started;
    await serveQueries(engine, subscriber, (channel, bytes) => outbound.answer(voice, channel, bytes), () => started.live, logger);
    const running = started.run();
    return {
      engine,
      loop: started,
      running,
      stop: async () => {
        heartbeat.stop();
        await started.stop(running);
      },
      abandon: () => {
        heartbeat.stop();
        started.abandon();
      },
    };
  } catch (error) {
    heartbeat.stop();
    leadership.stop();
    throw error;
  }
}

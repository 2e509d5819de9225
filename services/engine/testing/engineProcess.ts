// An engine on a real Redis, in this process, with a way to end it as kill -9 would.
import { createLogger } from "../../shared/logger.ts";
import { connectReader, connectSubscriber, connectWriter, whenReady } from "../../shared/redis.ts";
import type { Engine } from "../engine.ts";
import { LogTrim } from "../logTrim.ts";
import { EngineLoop } from "../loop.ts";
import { Outbound } from "../outbound.ts";
import { serveQueries } from "../queries.ts";
import { replay } from "../replay.ts";
import { readSeenMark, SeenMark } from "../seenMark.ts";
import { SnapshotFiles } from "../snapshotFiles.ts";

export interface RunningEngine {
  readonly engine: Engine;
  readonly loop: EngineLoop;
  /** Rejects when the engine gives up. */
  readonly running: Promise<void>;
  /** In order, with a last snapshot. */
  stop(): Promise<void>;
  /** At once: connections are cut, nothing is written. */
  crash(): void;
}

/** Starts an engine as main.ts does. */
export async function startEngine(redisUrl: string, snapshotDir: string): Promise<RunningEngine> {
  const logger = createLogger("engine-test");
  logger.level = "silent";
  const reader = connectReader(redisUrl, "reader", logger);
  const writer = connectWriter(redisUrl, "writer", logger);
  const subscriber = connectSubscriber(redisUrl, "queries", logger);
  const disconnect = (): void => {
    for (const connection of [reader, writer, subscriber]) connection.disconnect();
  };
  try {
    await Promise.all([whenReady(reader), whenReady(writer)]);
    const snapshots = new SnapshotFiles(snapshotDir, logger);
    const seen = readSeenMark(snapshotDir);
    const { engine, lastAnswered } = await replay(reader, snapshots, logger, seen === "damaged" ? undefined : seen);
    const outbound = new Outbound(writer, logger);
    if (lastAnswered !== undefined) outbound.resumeAfter(lastAnswered);
    const mark = new SeenMark(snapshotDir, logger);
    const trim = new LogTrim(writer, () => undefined, engine.entry, logger);
    const loop = new EngineLoop(engine, reader, outbound, snapshots, trim, logger, mark);
    await serveQueries(engine, subscriber, writer, () => loop.live, logger);
    const running = loop.run();
    running.catch(() => undefined);
    return {
      engine,
      loop,
      running,
      stop: async () => {
        await loop.stop(running);
        disconnect();
      },
      crash: () => {
        loop.abandon();
        disconnect();
      },
    };
  } catch (error) {
    disconnect();
    throw error;
  }
}

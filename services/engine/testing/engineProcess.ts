// An engine on a real Redis, in this process, with a way to end it as kill -9 would.
import { join } from "node:path";
import { createLogger } from "../../shared/logger.ts";
import { connectReader, connectSubscriber, connectWriter } from "../../shared/redis.ts";
import * as compose from "../compose.ts";
import type { Engine } from "../engine.ts";
import { withFencedCommands } from "../log/logConnection.ts";
import type { EngineLoop } from "../loop.ts";
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

export type EngineTestOptions = Partial<Pick<compose.EngineOptions, "name" | "opensLog" | "replicasMin" | "newEngine">> & {
  /** Folders of snapshots of other engines. */
  readonly otherSnapshotDirs?: readonly string[];
};

/** Starts an engine as main.ts does. */
export async function startEngine(redisUrl: string, snapshotDir: string, options: EngineTestOptions = {}): Promise<RunningEngine> {
  const logger = createLogger("engine-test");
  logger.level = "silent";
  const connections = {
    reader: connectReader(redisUrl, "reader", logger),
    writer: withFencedCommands(connectWriter(redisUrl, "writer", logger)),
    voice: withFencedCommands(connectWriter(redisUrl, "voice", logger)),
    subscriber: connectSubscriber(redisUrl, "queries", logger),
  };
  const disconnect = (): void => {
    for (const connection of Object.values(connections)) connection.disconnect();
  };
  try {
    const engine = await compose.startEngine(connections, {
      name: "engine",
      stateDir: join(snapshotDir, ".."),
      snapshotDir,
      acceptUnsafeLog: false,
      snapshots: new SnapshotFiles(snapshotDir, logger, undefined, options.otherSnapshotDirs),
      logger,
      opensLog: true,
      replicasMin: 0,
      ...options,
    });
    engine.running.catch(() => undefined);
    return {
      ...engine,
      stop: async () => {
        await engine.stop();
        disconnect();
      },
      crash: () => {
        engine.abandon();
        disconnect();
      },
    };
  } catch (error) {
    disconnect();
    throw error;
  }
}

// An engine as its main.ts starts it, in a simulated process: the leader, or one that follows it.
import { startEngine as compose } from "../../services/engine/compose.ts";
import type { Engine } from "../../services/engine/engine.ts";
import { withFencedCommands } from "../../services/engine/log/logConnection.ts";
import type { SnapshotFiles } from "../../services/engine/snapshotFiles.ts";
import { connectReader, connectSubscriber, connectWriter, type Redis } from "../../services/shared/redis.ts";
import { REDIS_URL, type Part, type PartEnvironment } from "./part.ts";

export interface EnginePart extends Part {
  readonly engine: Engine;
  readonly live: boolean;
}

export interface EngineEnvironment extends PartEnvironment {
  readonly stateDir: string;
  readonly snapshotDir: string;
  readonly openSnapshots: (dir: string) => SnapshotFiles;
  readonly standby: boolean;
  /** Planted: what becomes of the connection that writes. */
  readonly writerAs?: <R extends Redis>(writer: R) => R;
}

export async function startEngine({ process, logger, stateDir, snapshotDir, openSnapshots, standby, writerAs }: EngineEnvironment): Promise<EnginePart> {
  const { name } = process;
  const writer = withFencedCommands(connectWriter(REDIS_URL, `${name}-writer`, logger));
  const connections = {
    reader: connectReader(REDIS_URL, `${name}-log-reader`, logger),
    writer: writerAs?.(writer) ?? writer,
    voice: withFencedCommands(connectWriter(REDIS_URL, `${name}-voice`, logger)),
    subscriber: connectSubscriber(REDIS_URL, `${name}-queries`, logger),
  };
  const { engine, loop, running, stop } = await compose(connections, {
    name,
    stateDir,
    snapshots: openSnapshots(snapshotDir),
    snapshotDir,
    acceptUnsafeLog: false,
    logger,
    opensLog: !standby,
    replicasMin: 0,
  });
  return {
    engine,
    get live() {
      return loop.live;
    },
    running,
    stop: async () => {
      await stop();
      for (const connection of Object.values(connections)) connection.disconnect();
    },
  };
}

// Composition root of the engine: configuration and connections; compose.ts puts the rest together.
//
// `--standby` makes it one that follows from the start: it waits for a log instead of opening one. Which of several
// engines leads is decided between them, not by flags.
import { randomInt } from "node:crypto";
import { readConfig } from "../shared/config.ts";
import { createLogger } from "../shared/logger.ts";
import { connectReader, connectSubscriber, connectWriter } from "../shared/redis.ts";
import { runService } from "../shared/serviceProcess.ts";
import { scatterClientIds } from "./clientOrderId.ts";
import { startEngine } from "./compose.ts";
import { STOP_TIMEOUT_MS } from "./limits.ts";
import { withFencedCommands } from "./log/logConnection.ts";
import { SnapshotFiles } from "./snapshotFiles.ts";

const standby = process.argv.includes("--standby");
const name = standby ? "standby" : "engine";
const logger = createLogger(name);
scatterClientIds(randomInt(2 ** 32));

await runService(logger, async () => {
  const config = readConfig();
  // Each engine of a data directory writes to a folder of its own, and may start from what the other one wrote.
  const { snapshotDir: leaderDir, standbySnapshotDir: standbyDir } = config;
  const [snapshotDir, otherDir] = standby ? [standbyDir, leaderDir] : [leaderDir, standbyDir];
  const connections = {
    reader: connectReader(config.redisUrl, `${name}-log-reader`, logger),
    writer: withFencedCommands(connectWriter(config.redisUrl, `${name}-writer`, logger)),
    voice: withFencedCommands(connectWriter(config.redisUrl, `${name}-voice`, logger)),
    subscriber: connectSubscriber(config.redisUrl, `${name}-queries`, logger),
  };
  const engine = await startEngine(connections, {
    name,
    stateDir: config.dataDir,
    snapshots: new SnapshotFiles(snapshotDir, logger, new URL("./snapshotThread.js", import.meta.url), [otherDir]),
    snapshotDir,
    acceptUnsafeLog: config.acceptUnsafeLog,
    logger,
    opensLog: !standby,
    replicasMin: config.redisReplicasMin,
  });
  return async () => {
    await engine.stop();
    for (const connection of Object.values(connections)) connection.disconnect();
  };
}, STOP_TIMEOUT_MS);

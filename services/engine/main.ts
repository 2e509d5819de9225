// Composition root of the engine: configuration, connections, replay, then the loop with queries and heartbeats.
import { randomBytes } from "node:crypto";
import { readConfig } from "../shared/config.ts";
import { HeartbeatBoard, HeartbeatSender } from "../shared/heartbeat.ts";
import { createLogger } from "../shared/logger.ts";
import { connectReader, connectSubscriber, connectWriter, whenReady } from "../shared/redis.ts";
import { runService } from "../shared/serviceProcess.ts";
import { LogSettingsCheck } from "./logSettings.ts";
import { LogTrim } from "./logTrim.ts";
import { EngineLoop } from "./loop.ts";
import { Outbound } from "./outbound.ts";
import { serveQueries } from "./queries.ts";
import { replay } from "./replay.ts";
import { readSeenMark, SeenMark } from "./seenMark.ts";
import { SnapshotFiles } from "./snapshotFiles.ts";

const logger = createLogger("engine");

await runService(logger, async () => {
  const config = readConfig();
  const reader = connectReader(config.redisUrl, "engine-log-reader", logger);
  const writer = connectWriter(config.redisUrl, "engine-writer", logger);
  const subscriber = connectSubscriber(config.redisUrl, "engine-queries", logger);
  await Promise.all([whenReady(reader), whenReady(writer)]);

  const settings = new LogSettingsCheck(writer, config.acceptUnsafeLog, logger);
  await settings.run();
  const board = await HeartbeatBoard.listen(subscriber);
  const snapshots = new SnapshotFiles(config.snapshotDir, logger);
  const seen = readSeenMark(config.snapshotDir);
  if (seen === "damaged") logger.warn("the mark of how far the engine has gone is damaged; the log is believed without it");
  const { engine, lastAnswered } = await replay(reader, snapshots, logger, seen === "damaged" ? undefined : seen);
  const outbound = new Outbound(writer, logger, () => settings.run());
  if (lastAnswered !== undefined) outbound.resumeAfter(lastAnswered);
  const storedEntry = (): number | undefined => {
    const entries = board.alive("recorder").filter(({ epoch }) => epoch === engine.epoch).map(({ entry }) => Number(entry));
    return entries.length === 0 ? undefined : Math.min(...entries);
  };
  const trim = new LogTrim(writer, storedEntry, engine.entry, logger);
  const loop = new EngineLoop(engine, reader, outbound, snapshots, trim, logger, new SeenMark(config.snapshotDir, logger));
  const live = (): boolean => loop.live;
  await serveQueries(engine, subscriber, writer, live, logger);
  const heartbeat = new HeartbeatSender(writer, "engine", randomBytes(6).toString("hex"), () => ({
    ready: live(),
    detail: live() ? settings.warning : "waiting for Redis",
    epoch: engine.epoch,
    entry: BigInt(engine.entry),
    seq: BigInt(engine.seq),
    venueVersion: BigInt(engine.venueVersion),
  }));

  const running = loop.run();
  return async () => {
    heartbeat.stop();
    await loop.stop(running);
    for (const connection of [reader, writer, subscriber]) connection.disconnect();
  };
});

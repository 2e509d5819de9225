// A recorder put together as its main.ts does it, on the simulated database.
import { randomBytes } from "node:crypto";
import { untilReachable } from "../../services/recorder/outage.ts";
import { Recorder } from "../../services/recorder/recorder.ts";
import type { StartState } from "../../services/recorder/startState.ts";
import { storedPosition } from "../../services/recorder/sink.ts";
import { HeartbeatSender } from "../../services/shared/heartbeat.ts";
import { marketStatsChannel } from "../../services/shared/keys.ts";
import { connectReader, connectWriter, whenReady } from "../../services/shared/redis.ts";
import type { SimulatedDatabase } from "../world/database.ts";
import { REDIS_URL, type Part, type PartEnvironment } from "./part.ts";

export interface RecorderEnvironment extends PartEnvironment {
  readonly database: SimulatedDatabase;
}

export async function startRecorder({ process, logger, database: server }: RecorderEnvironment): Promise<Part> {
  const publishing = connectWriter(REDIS_URL, "recorder-publisher", logger);
  const reading = connectReader(REDIS_URL, "recorder-follower", logger);
  const database = server.connect(process);
  await whenReady(publishing);
  let recorder: Recorder | undefined;
  const heartbeat = new HeartbeatSender(publishing, "recorder", `recorder-${randomBytes(6).toString("hex")}`, () => recorder?.state() ?? { ready: false });
  // What readStartState reads in SQL; the tickers' minutes are left out, nothing here looks at them.
  const start = await untilReachable({ logger, signal: new AbortController().signal, onReachable: () => undefined }, async (): Promise<StartState> => {
    const position = await storedPosition(database);
    const symbols = server.rows("history.markets").map((row) => [Number(row["market_id"]), row["symbol"] ?? ""] as const);
    return { position, candles: server.newestCandles(), minutes: [], symbols };
  });
  recorder = new Recorder({
    redis: reading,
    database,
    start,
    logger,
    beat: () => heartbeat.beat(),
    send: (symbol, bytes) => {
      if (publishing.status === "ready") publishing.publish(marketStatsChannel(symbol), Buffer.from(bytes)).catch(() => undefined);
    },
  });
  const running = recorder.run();
  return {
    running,
    stop: async () => {
      heartbeat.stop();
      recorder.stop();
      reading.disconnect();
      await running;
      publishing.disconnect();
    },
  };
}

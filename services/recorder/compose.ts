// Puts one recorder together: heartbeat, what it knows from the database, then the loop. For main.ts, and for simulations
// that bring connections of their own.
//
//   event log ─▶ follower ─▶ recording + candles ─▶ sink ─▶ PostgreSQL
//                                             └───▶ publisher ─▶ stats channels
//
// Owns the two connections to Redis from then on; the database stays its caller's.
import { randomBytes } from "node:crypto";
import type { Database } from "../shared/database/connection.ts";
import { HeartbeatSender } from "../shared/heartbeat.ts";
import { marketStatsChannel } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { whenReady, type Redis } from "../shared/redis.ts";
import { untilReachable } from "./outage.ts";
import { Recorder } from "./recorder.ts";
import type { StartState } from "./startState.ts";

export interface RecorderConnections {
  /** For heartbeats and live frames. */
  readonly publishing: Redis;
  /** For blocking reads of the event log. */
  readonly reading: Redis;
  readonly database: Database;
}

export interface RecorderComposition {
  /** Makes the database ready and reads what is known; tried again while the database is away. */
  readonly readStart: () => Promise<StartState>;
  readonly logger: Logger;
}

export interface RunningRecorder {
  /** Rejects when the recorder must end, as Recorder.run does. */
  readonly running: Promise<void>;
  /** In order: after the commit under way. */
  stop(): Promise<void>;
}

/**
 * Resolves when the loop runs.
 * @throws what `readStart` throws, unless the database is only away: that is waited for.
 */
export async function startRecorder({ publishing, reading, database }: RecorderConnections, { readStart, logger }: RecorderComposition): Promise<RunningRecorder> {
  await whenReady(publishing);
  let recorder: Recorder | undefined;
  const heartbeat = new HeartbeatSender(publishing, "recorder", `recorder-${randomBytes(6).toString("hex")}`, () => recorder?.state() ?? { ready: false, detail: "waiting for PostgreSQL" });
  try {
    const start = await untilReachable({ logger, signal: new AbortController().signal, onReachable: () => undefined }, readStart);
    const started = new Recorder({
      redis: reading,
      database,
      start,
      logger,
      beat: () => heartbeat.beat(),
      // Live frames are newest-wins: one that cannot be sent now is worth nothing later.
      send: (symbol, bytes) => {
        if (publishing.status === "ready") publishing.publish(marketStatsChannel(symbol), Buffer.from(bytes)).catch(() => undefined);
      },
    });
    recorder = started;
    const running = started.run();
    return {
      running,
      stop: async () => {
        heartbeat.stop();
        started.stop();
        reading.disconnect();
        await running;
        publishing.disconnect();
      },
    };
  } catch (error) {
    heartbeat.stop();
    throw error;
  }
}

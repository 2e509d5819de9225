// A recorder as its main.ts starts it, on the simulated database.
import { startRecorder as compose } from "../../services/recorder/compose.ts";
import type { StartState } from "../../services/recorder/startState.ts";
import { storedPosition } from "../../services/recorder/sink.ts";
import { connectReader, connectWriter } from "../../services/shared/redis.ts";
import type { SimulatedDatabase } from "../world/database.ts";
import { REDIS_URL, type Part, type PartEnvironment } from "./part.ts";

export interface RecorderEnvironment extends PartEnvironment {
  readonly database: SimulatedDatabase;
}

export async function startRecorder({ process, logger, database: server }: RecorderEnvironment): Promise<Part> {
  const database = server.connect(process);
  const connections = {
    publishing: connectWriter(REDIS_URL, "recorder-publisher", logger),
    reading: connectReader(REDIS_URL, "recorder-follower", logger),
    database,
  };
  // What readStartState reads in SQL; the tickers' minutes are left out, nothing here looks at them.
  const readStart = async (): Promise<StartState> => {
    const position = await storedPosition(database);
    const symbols = server.rows("history.markets").map((row) => [Number(row["market_id"]), row["symbol"] ?? ""] as const);
    return { position, candles: server.newestCandles(), minutes: [], symbols };
  };
  return await compose(connections, { readStart, logger });
}

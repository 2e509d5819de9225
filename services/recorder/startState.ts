// What a recorder knows when it starts: everything it holds in memory, read back from the database at one moment.
import type { Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { Database } from "../shared/database/connection.ts";
import { sql } from "../shared/database/sql.ts";
import { CANDLE_INTERVALS } from "../shared/history/intervals.ts";
import { readCandles } from "../shared/history/candles.ts";
import { readMinutes, type MarketMinutes } from "../shared/history/tickers.ts";
import type { Position } from "./position.ts";
import { storedPosition } from "./sink.ts";

export interface StartState {
  readonly position: Position | undefined;
  /** The newest candle of each market and interval. */
  readonly candles: readonly Candle[];
  readonly minutes: readonly MarketMinutes[];
  /** Symbols by market id. */
  readonly symbols: readonly (readonly [number, string])[];
}

/** Reads the start state in one snapshot of the database, so that position and candles belong together. */
export async function readStartState(database: Database, nowUs: bigint): Promise<StartState> {
  return await database.snapshot(async (tx) => {
    const position = await storedPosition(tx);
    const markets = await tx.query<{ marketId: number; symbol: string }>(sql`SELECT market_id AS "marketId", symbol FROM history.markets ORDER BY market_id`);
    const marketIds = markets.map(({ marketId }) => marketId);
    const newest = marketIds.flatMap((marketId) =>
      CANDLE_INTERVALS.map((interval) =>
        readCandles(tx, sql`market_id = ${marketId} AND interval = ${interval} ORDER BY open_time_us DESC LIMIT 1`),
      ),
    );
    return {
      position,
      candles: (await Promise.all(newest)).flat(),
      minutes: await readMinutes(tx, { marketIds, nowUs }),
      symbols: markets.map(({ marketId, symbol }) => [marketId, symbol] as const),
    };
  });
}

// A span of time as a span of trade ids: within a market both grow together, so one look at the index by time spares
// every other index a column.
import { empty, sql, type Sql } from "../database/sql.ts";

/** Both inclusive. */
export interface TradeSpan {
  readonly marketId: number;
  readonly startTimeUs?: bigint;
  readonly endTimeUs?: bigint;
}

/** Conditions on trade_id, each with its AND; empty without bounds. */
export const withinSpan = ({ marketId, startTimeUs, endTimeUs }: TradeSpan): Sql => sql`
  ${
    startTimeUs === undefined
      ? empty
      : sql`AND trade_id >= (SELECT b.trade_id FROM history.trades b WHERE b.market_id = ${marketId} AND b.time_us >= ${startTimeUs}
          ORDER BY b.time_us, b.trade_id LIMIT 1)`
  }
  ${
    endTimeUs === undefined
      ? empty
      : sql`AND trade_id <= (SELECT b.trade_id FROM history.trades b WHERE b.market_id = ${marketId} AND b.time_us <= ${endTimeUs}
          ORDER BY b.time_us DESC, b.trade_id DESC LIMIT 1)`
  }`;

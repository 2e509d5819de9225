// What PostgreSQL holds, held against the event log: every order, trade, balance change and transfer once, and candles
// that add up to the trades.
//
// A row written twice cannot stand beside the first, for its key is taken; it would show in sums (candles), a missing
// one in counts and rows. So rows are compared one by one, counts by account, and sums by market and interval.
import { CANDLE_INTERVALS } from "../../services/shared/history/intervals.ts";
import type { HistoryReader } from "../../services/shared/history/historyReader.ts";
import { recordedPosition } from "../../services/shared/history/position.ts";
import { sql } from "../../services/shared/database/sql.ts";
import type { EventFold } from "./eventFold.ts";
import type { Findings } from "./findings.ts";

const PAGE_ROWS = 5_000;

export interface RecordedCounts {
  readonly orders: number;
  readonly trades: number;
  readonly balanceChanges: number;
}

/** Compares the whole history with the fold of the whole event log. */
export async function checkRecorded(fold: EventFold, database: HistoryReader, findings: Findings): Promise<RecordedCounts> {
  const position = await recordedPosition(database);
  if (position?.entry !== BigInt(fold.entries) || position.epoch !== fold.epoch) findings.add("recorded", `the recorder stands at entry ${position?.entry}; the event log ends at ${fold.entries}`);
  const orders = await checkOrders(fold, database, findings);
  const trades = await checkTrades(fold, database, findings);
  const balanceChanges = await checkBalanceChanges(fold, database, findings);
  const [transfers] = await database.query<{ rows: bigint }>(sql`SELECT count(*) AS rows FROM history.transfers`);
  if (transfers?.rows !== BigInt(fold.transfers.size)) findings.add("recorded", `${transfers?.rows} transfers are recorded of ${fold.transfers.size}`);
  const [accounts] = await database.query<{ rows: bigint }>(sql`SELECT count(*) AS rows FROM history.accounts`);
  if (accounts?.rows !== BigInt(fold.externalIds.size)) findings.add("recorded", `${accounts?.rows} accounts are recorded of ${fold.externalIds.size}`);
  await checkCandles(fold, database, findings);
  return { orders, trades, balanceChanges };
}

interface OrderRow {
  readonly order_id: bigint;
  readonly account_id: bigint;
  readonly market_id: number;
  readonly client_order_id: string;
  readonly status: number;
  readonly executed_lots: bigint;
  readonly executed_quote_units: bigint;
  readonly last_seq: bigint;
}

async function checkOrders(fold: EventFold, database: HistoryReader, findings: Findings): Promise<number> {
  let seen = 0;
  for (let after = 0n; ; ) {
    const page = await database.query<OrderRow>(sql`
      SELECT order_id, account_id, market_id, client_order_id, status, executed_lots, executed_quote_units, last_seq
      FROM history.orders WHERE order_id > ${after} ORDER BY order_id LIMIT ${PAGE_ROWS}`);
    for (const row of page) {
      seen++;
      const order = fold.orders.get(Number(row.order_id));
      if (order === undefined) findings.add("recorded", `order ${row.order_id} is recorded, and the event log does not have it`);
      else if (
        Number(row.account_id) !== order.accountId ||
        row.market_id !== order.marketId ||
        row.client_order_id !== order.clientOrderId ||
        row.status !== order.status ||
        Number(row.executed_lots) !== order.executedLots ||
        Number(row.executed_quote_units) !== order.executedQuoteUnits ||
        Number(row.last_seq) !== order.lastSeq
      ) {
        findings.add("recorded", `order ${row.order_id} is recorded with status ${row.status}, ${row.executed_lots} lots filled at seq ${row.last_seq}; the event log says ${order.status}, ${order.executedLots} at ${order.lastSeq}`);
      }
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.order_id;
  }
  if (seen !== fold.orders.size) findings.add("recorded", `${seen} orders are recorded of ${fold.orders.size}`);
  return seen;
}

async function checkTrades(fold: EventFold, database: HistoryReader, findings: Findings): Promise<number> {
  let seen = 0;
  for (const marketId of fold.markets.keys()) {
    for (let after = 0n; ; ) {
      const page = await database.query<{ trade_id: bigint; taker_order_id: bigint; quantity_lots: bigint }>(sql`
        SELECT trade_id, taker_order_id, quantity_lots FROM history.trades
        WHERE market_id = ${marketId} AND trade_id > ${after} ORDER BY trade_id LIMIT ${PAGE_ROWS}`);
      for (const row of page) {
        seen++;
        const trade = fold.tradesById.get(`${marketId}/${row.trade_id}`);
        if (trade?.takerOrderId !== Number(row.taker_order_id) || trade.quantityLots !== Number(row.quantity_lots)) findings.add("recorded", `trade ${row.trade_id} of market ${marketId} is not recorded as it was`);
      }
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.trade_id;
    }
  }
  if (seen !== fold.trades) findings.add("recorded", `${seen} trades are recorded of ${fold.trades}`);
  return seen;
}

async function checkBalanceChanges(fold: EventFold, database: HistoryReader, findings: Findings): Promise<number> {
  const rows = await database.query<{ account_id: bigint; rows: bigint; newest: bigint }>(sql`
    SELECT account_id, count(*) AS rows, max(balance_seq) AS newest FROM history.balance_changes GROUP BY account_id`);
  const recorded = new Map(rows.map((row) => [Number(row.account_id), row]));
  for (const [accountId, newest] of fold.balanceEvents) {
    const row = recorded.get(accountId);
    if (Number(row?.rows ?? 0) !== newest || Number(row?.newest ?? 0) !== newest) findings.add("recorded", `${row?.rows ?? 0} balance changes of account ${accountId} are recorded of ${newest}`);
  }
  const sums = await database.query<{ key: string; available: string; held: string }>(sql`
    SELECT account_id || '/' || asset_id AS key, sum(available_change_units)::text AS available, sum(held_change_units)::text AS held
    FROM history.balance_changes GROUP BY account_id, asset_id`);
  for (const { key, available, held } of sums) {
    const balance = fold.balances.get(key) ?? { available: 0n, held: 0n };
    if (balance.available.toString() !== available || balance.held.toString() !== held) findings.add("recorded", `recorded changes of ${key} (account/asset) add up to ${available} + ${held} held, the balance is ${balance.available} + ${balance.held}`);
  }
  return rows.reduce((sum, row) => sum + Number(row.rows), 0);
}

async function checkCandles(fold: EventFold, database: HistoryReader, findings: Findings): Promise<void> {
  const expected = new Map<number, { trades: number; lots: number }>();
  for (const [key, { quantityLots }] of fold.tradesById) {
    const marketId = Number(key.split("/")[0]);
    const sum = expected.get(marketId) ?? { trades: 0, lots: 0 };
    expected.set(marketId, { trades: sum.trades + 1, lots: sum.lots + quantityLots });
  }
  const rows = await database.query<{ market_id: number; interval: number; trades: string; lots: string }>(sql`
    SELECT market_id, interval, sum(trade_count)::text AS trades, sum(volume_lots)::text AS lots FROM history.candles GROUP BY market_id, interval`);
  const recorded = new Map(rows.map((row) => [`${row.market_id}/${row.interval}`, row]));
  for (const [marketId, { trades, lots }] of expected) {
    for (const interval of CANDLE_INTERVALS) {
      const row = recorded.get(`${marketId}/${interval}`);
      if (Number(row?.trades ?? 0) !== trades || Number(row?.lots ?? 0) !== lots) {
        findings.add("recorded", `candles of interval ${interval} of market ${marketId} add up to ${row?.trades ?? 0} trades of ${row?.lots ?? 0} lots; there were ${trades} of ${lots}`);
      }
    }
  }
}

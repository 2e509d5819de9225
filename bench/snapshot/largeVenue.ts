// A venue as large as one likes, as the log entries that make it: accounts with several balances, transfers kept for
// ever, and open orders of every kind that rests or waits, each with a client order id.
//
// Never: draws a random number; the same sizes give the same bytes.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { OrderListType, OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";

type CommandInit = MessageInitShape<typeof CommandSchema>;
type PlaceOrderInit = Extract<NonNullable<CommandInit["body"]>, { case?: "placeOrder" }>["value"];

export interface VenueSize {
  readonly accounts: number;
  /** Open orders at the end. */
  readonly orders: number;
  /** Deposits per account and asset; each leaves a transfer id behind. */
  readonly depositsPerAsset: number;
}

const ENTRY_COMMANDS = 64;
const ASSETS = ["BTC", "ETH", "SOL", "USDT"];
const QUOTE = ASSETS.length;
const MARKETS = QUOTE - 1;
const MIDDLE_TICKS = 100_000;
/** Prices on each side of every market: a deep book, some orders at each price. */
const LEVELS = 5_000;
const START_US = 1_700_000_000_000_000n;
const FAR_AHEAD_US = START_US + 86_400_000_000n;
/** One order in so many is ... */
const STOP_EVERY = 20;
const GOOD_TILL_DATE_EVERY = 10;
const ICEBERG_EVERY = 50;
const LIST_EVERY = 100;

/** The entries in order; the first one opens the log. */
export function* largeVenueLog(size: VenueSize): Generator<Uint8Array> {
  let pending: CommandInit[] = [];
  let entries = 0;
  for (const command of commands(size)) {
    pending.push({ requestNo: BigInt(pending.length + 1), ...command });
    if (pending.length < ENTRY_COMMANDS) continue;
    yield entryBytes(pending, ++entries);
    pending = [];
  }
  if (pending.length > 0) yield entryBytes(pending, ++entries);
}

/** An entry in which the first `count` accounts trade a lot with each other, so that state keeps changing. */
export function tradingEntry(size: VenueSize, round: number, count: number): Uint8Array {
  const traded: CommandInit[] = [];
  for (let i = 0; i < count; i++) {
    const accountId = accountOf(size, round * count + i);
    const order = { marketId: 1, side: i % 2 === 0 ? Side.SELL : Side.BUY, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, quantityLots: 1n, clientOrderId: `live-${round}-${i}` };
    traded.push({ requestNo: BigInt(i + 1), accountId, body: { case: "placeOrder", value: { ...order, priceTicks: BigInt(MIDDLE_TICKS) } } });
  }
  return entryBytes(traded, round);
}

function entryBytes(list: readonly CommandInit[], entry: number): Uint8Array {
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "large-venue", timeUs: START_US + BigInt(entry), commands: [...list] }));
}

// Account 1 is the house; the others take turns.
const accountOf = ({ accounts }: VenueSize, turn: number): bigint => BigInt(2 + (turn % Math.max(1, accounts - 1)));

function* commands(size: VenueSize): Generator<CommandInit> {
  yield { body: { case: "openLog", value: { epoch: 7, venue: "Large" } } };
  for (const code of ASSETS) yield { body: { case: "listAsset", value: { asset: { code, name: code, scale: 0 } } } };
  for (let market = 1; market <= MARKETS; market++) {
    const rules = { minPriceTicks: 1n, maxPriceTicks: 1_000_000_000n, minQuantityLots: 1n, maxQuantityLots: 1_000_000_000n, maxMarketQuantityLots: 1_000_000n, minNotionalUnits: 1n, maxNotionalUnits: BigInt(Number.MAX_SAFE_INTEGER), maxNumOrders: 100_000 };
    const value = { symbol: `${ASSETS[market - 1] ?? ""}USDT`, baseAssetId: market, quoteAssetId: QUOTE, tickSizeUnits: 1n, lotSizeUnits: 1n, makerFeePpm: 1_000, takerFeePpm: 2_000, ...rules };
    yield { body: { case: "listMarket", value: { market: value } } };
  }
  for (let account = 0; account < size.accounts; account++) {
    yield { body: { case: "openAccount", value: { externalId: `user-${String(account).padStart(9, "0")}-b1d7`, name: `Trader number ${account}` } } };
  }
  for (let deposit = 0; deposit < size.depositsPerAsset; deposit++) {
    for (let account = 1n; account <= size.accounts; account++) {
      for (let assetId = 1; assetId <= ASSETS.length; assetId++) {
        yield { accountId: account, body: { case: "deposit", value: { assetId, amountUnits: 1_000_000_000_000n + account, transferId: `tx-${deposit}-${assetId}-9f8e7d6c5b4a` } } };
      }
    }
  }
  // A trade in each market gives the waiting orders a price to wait for.
  for (let marketId = 1; marketId <= MARKETS; marketId++) {
    for (const side of [Side.SELL, Side.BUY]) {
      yield placed(size, side, { marketId, side, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: BigInt(MIDDLE_TICKS), quantityLots: 5n, clientOrderId: `first-${side}` });
    }
  }
  for (let order = 0; order < size.orders; ) {
    if (order % LIST_EVERY === 0 && order + 2 <= size.orders) {
      yield pair(size, order);
      order += 2;
    } else yield single(size, order++);
  }
}

const placed = (size: VenueSize, turn: number, value: PlaceOrderInit): CommandInit => ({ accountId: accountOf(size, turn), body: { case: "placeOrder", value } });

function single(size: VenueSize, order: number): CommandInit {
  const marketId = 1 + (order % MARKETS);
  const side = Math.floor(order / MARKETS) % 2 === 0 ? Side.BUY : Side.SELL;
  const away = 1 + ((order * 7_919) % LEVELS);
  const priceTicks = BigInt(side === Side.BUY ? MIDDLE_TICKS - away : MIDDLE_TICKS + away);
  const plain = { marketId, side, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks, quantityLots: BigInt(10 + (order % 90)), clientOrderId: `order-${String(order).padStart(8, "0")}-3c2b1a` };
  if (order % STOP_EVERY === 1) return placed(size, order, { ...plain, type: OrderType.STOP_LOSS_LIMIT, stopPriceTicks: side === Side.BUY ? priceTicks + BigInt(2 * away) : priceTicks - BigInt(2 * away) });
  if (order % GOOD_TILL_DATE_EVERY === 2) return placed(size, order, { ...plain, timeInForce: TimeInForce.GTD, expireTimeUs: FAR_AHEAD_US + BigInt(order) });
  if (order % ICEBERG_EVERY === 3) return placed(size, order, { ...plain, icebergLots: 5n });
  return placed(size, order, plain);
}

// A seller takes profit above the market and stops the loss below it.
function pair(size: VenueSize, order: number): CommandInit {
  const away = BigInt(1 + (order % LEVELS));
  const common = { marketId: 1 + (order % MARKETS), side: Side.SELL, quantityLots: 10n };
  const above = { ...common, type: OrderType.LIMIT_MAKER, priceTicks: BigInt(MIDDLE_TICKS) + away, clientOrderId: `above-${order}` };
  const below = { ...common, type: OrderType.STOP_LOSS, stopPriceTicks: BigInt(MIDDLE_TICKS) - away, clientOrderId: `below-${order}` };
  return { accountId: accountOf(size, order), body: { case: "placeOrderList", value: { type: OrderListType.OCO, clientOrderListId: `pair-${order}`, orders: [above, below] } } };
}

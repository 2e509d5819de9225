// Answers questions about live state, which are asked over Pub/Sub and leave no trace in the log.
//
// Never: changes anything. An answer is of one moment between two entries and carries its seq.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { BookSnapshotSchema } from "../../gen/tickwire/v1/market_data_pb.ts";
import { AccountSnapshotSchema } from "../../gen/tickwire/v1/private_data_pb.ts";
import { QueryRequestSchema, QueryResponseSchema, type BookOrderSchema, type QueryRequest, type QueuePositionSchema } from "../../gen/tickwire/v1/query_pb.ts";
import { BalanceSchema, OrderSchema, RejectReason, type Balance, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { answerChannel, QUERY_CHANNEL } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { statusUpdate } from "./auctionStatus.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import type { Engine } from "./engine.ts";
import { ORDER_BYTES_MAX, writeOrder } from "./eventWriter.ts";
import { QUERY_LEVELS_MAX } from "./limits.ts";
import type { BusListener } from "./log/logConnection.ts";
import { bookLevels } from "./marketData.ts";
import { marketMessage, type Market } from "./markets.ts";
import { BUY, NO_ASK, NO_BID, SELL } from "./orderBook.ts";
import { ACCOUNT, LEVEL, MARKET, NO_SLOT, ORDER_ID, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE } from "./orderStore.ts";
import { ProtobufWriter } from "./protobufWriter.ts";
import { stateHash } from "./snapshot.ts";
import { bookOf } from "./uncross.ts";
import { whatIf } from "./whatIf.ts";

type Body = NonNullable<MessageInitShape<typeof QueryResponseSchema>["body"]>;

const rejected = (reason: RejectReason): Body => ({ case: "rejected", value: { reason } });

/** The answer to one query, from the engine as it stands. */
export function answer(engine: Engine, query: QueryRequest["body"]): Body {
  switch (query.case) {
    case "venue":
      return { case: "venue", value: { assets: engine.markets.assets, markets: engine.markets.markets.map(marketMessage) } };
    case "book": {
      const market = engine.markets.byId(query.value.marketId);
      if (market === undefined) return rejected(RejectReason.UNKNOWN_MARKET);
      const depth = query.value.depth === 0 ? QUERY_LEVELS_MAX : Math.min(query.value.depth, QUERY_LEVELS_MAX);
      return {
        case: "book",
        value: create(BookSnapshotSchema, {
          marketId: market.id,
          epoch: engine.epoch,
          seq: BigInt(market.feed.bookSeq),
          timeUs: BigInt(engine.timeUs),
          ...bookLevels(market.book, depth),
        }),
      };
    }
    case "account": {
      const row = engine.accounts.row(Number(query.value.accountId));
      if (row < 0) return rejected(RejectReason.UNKNOWN_ACCOUNT);
      return { case: "account", value: accountSnapshot(engine, row) };
    }
    case "order": {
      const { accountId, orderId, clientOrderId } = query.value;
      const row = engine.accounts.row(Number(accountId));
      if (row < 0) return rejected(RejectReason.UNKNOWN_ACCOUNT);
      const slot = findOrder(engine, row, Number(orderId), clientOrderId);
      return slot === NO_SLOT ? rejected(RejectReason.UNKNOWN_ORDER) : { case: "order", value: orderMessage(engine, slot) };
    }
    case "status":
      return { case: "status", value: { stateHash: stateHash(engine), openOrders: BigInt(engine.orders.size), accounts: BigInt(engine.accounts.count) } };
    case "whatIf":
      if (query.value.order === undefined) return rejected(RejectReason.MALFORMED_COMMAND);
      return { case: "whatIf", value: whatIf(engine, query.value.accountId, query.value.order) };
    case "queuePosition": {
      const row = engine.accounts.row(Number(query.value.accountId));
      if (row < 0) return rejected(RejectReason.UNKNOWN_ACCOUNT);
      const slot = findOrder(engine, row, Number(query.value.orderId), "");
      // An order that waits for a price or for another order stands in no queue.
      if (slot === NO_SLOT || engine.orders.i32[slot * RECORD_I32 + LEVEL] === 0) return rejected(RejectReason.UNKNOWN_ORDER);
      return { case: "queuePosition", value: queuePosition(engine, slot) };
    }
    case "marketStatus": {
      const market = engine.markets.byId(query.value.marketId);
      return market === undefined ? rejected(RejectReason.UNKNOWN_MARKET) : { case: "marketStatus", value: statusUpdate(market, engine.seq) };
    }
    case "bookByOrder": {
      const market = engine.markets.byId(query.value.marketId);
      if (market === undefined) return rejected(RejectReason.UNKNOWN_MARKET);
      const depth = query.value.depth === 0 ? QUERY_LEVELS_MAX : Math.min(query.value.depth, QUERY_LEVELS_MAX);
      const { book } = market;
      const bids = bookOrders(engine, market, BUY, book.bestBidTicks, NO_BID, depth);
      const asks = bookOrders(engine, market, SELL, book.bestAskTicks, NO_ASK, depth);
      return { case: "bookByOrder", value: { marketId: market.id, seq: BigInt(market.feed.bookSeq), bids, asks } };
    }
    case undefined:
      return rejected(RejectReason.UNSUPPORTED_COMMAND);
    default:
      return query satisfies never;
  }
}

// What stands before a resting order at its price, as it shows.
function queuePosition(engine: Engine, slot: number): MessageInitShape<typeof QueuePositionSchema> {
  const { orders } = engine;
  const { f64, i32, u8 } = orders;
  const market = engine.markets.markets[i32[slot * RECORD_I32 + MARKET] as number] as Market;
  const book = bookOf(orders, slot, market);
  const ticks = i32[slot * RECORD_I32 + PRICE_TICKS] as number;
  const side = u8[recordAt(slot) + SIDE] as number;
  // What an auction collects stands behind what rested at the price before.
  const before = book === market.book ? undefined : market.book;
  let ordersAhead = before?.ordersAt(side, ticks) ?? 0;
  let lotsAhead = before?.lotsAt(side, ticks) ?? 0;
  const others = before ?? market.auction?.queue(side);
  for (let other = book.front(ticks); other !== slot; other = book.after(other)) {
    ordersAhead++;
    lotsAhead += f64[other * RECORD_F64 + REMAINING_LOTS] as number;
  }
  return {
    orderId: BigInt(f64[slot * RECORD_F64 + ORDER_ID] as number),
    priceTicks: BigInt(ticks),
    ordersAhead,
    lotsAhead: BigInt(lotsAhead),
    levelOrders: book.ordersAt(side, ticks) + (others?.ordersAt(side, ticks) ?? 0),
    levelLots: BigInt(book.lotsAt(side, ticks) + (others?.lotsAt(side, ticks) ?? 0)),
  };
}

function bookOrders(engine: Engine, { book }: Market, side: number, best: number, none: number, most: number): MessageInitShape<typeof BookOrderSchema>[] {
  const { f64 } = engine.orders;
  const found: MessageInitShape<typeof BookOrderSchema>[] = [];
  for (let ticks = best; ticks !== none; ticks = book.nextBehind(side, ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) {
      if (found.length === most) return found;
      found.push({
        orderId: BigInt(f64[slot * RECORD_F64 + ORDER_ID] as number),
        priceTicks: BigInt(ticks),
        quantityLots: BigInt(f64[slot * RECORD_F64 + REMAINING_LOTS] as number),
      });
    }
  }
  return found;
}

function findOrder(engine: Engine, row: number, orderId: number, clientOrderId: string): number {
  if (orderId === 0) {
    const id = ClientOrderId.of(row, Buffer.from(clientOrderId));
    return id === undefined ? NO_SLOT : engine.orders.findClientId(row, id);
  }
  const slot = engine.orders.find(orderId);
  return slot !== NO_SLOT && engine.orders.i32[slot * RECORD_I32 + ACCOUNT] === row ? slot : NO_SLOT;
}

function accountSnapshot(engine: Engine, row: number): MessageInitShape<typeof AccountSnapshotSchema> {
  const openOrders: Order[] = [];
  for (let slot = engine.accounts.firstOrder(row); slot !== NO_SLOT; slot = engine.accounts.nextOrder(slot)) openOrders.push(orderMessage(engine, slot));
  const balances: Balance[] = [];
  for (const asset of engine.markets.assets) {
    const availableUnits = engine.ledger.availableUnits(row, asset.assetId - 1);
    const heldUnits = engine.ledger.heldUnits(row, asset.assetId - 1);
    if (availableUnits !== 0n || heldUnits !== 0n) balances.push(create(BalanceSchema, { assetId: asset.assetId, availableUnits, heldUnits }));
  }
  return {
    epoch: engine.epoch,
    seq: BigInt(engine.seq),
    executionSeq: BigInt(engine.accounts.executionSeq[row] as number),
    balanceSeq: BigInt(engine.accounts.balanceSeq[row] as number),
    openOrders,
    balances,
  };
}

function orderMessage(engine: Engine, slot: number): Order {
  const out = new ProtobufWriter(ORDER_BYTES_MAX);
  writeOrder(out, engine.orders, slot);
  return fromBinary(OrderSchema, out.written());
}

/** Sends an answer to its channel, or nothing when it may not be said. */
export type Say = (channel: string, bytes: Buffer) => Promise<void>;

/** Listens for queries and answers those that come while `live()`. */
export async function serveQueries(engine: Engine, subscriber: BusListener, say: Say, live: () => boolean, logger: Logger): Promise<void> {
  subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
    if (channel.toString("latin1") !== QUERY_CHANNEL || !live()) return;
    let request: QueryRequest;
    try {
      request = fromBinary(QueryRequestSchema, payload);
    } catch (error) {
      logger.warn({ err: String(error) }, "a query could not be read");
      return;
    }
    const response = toBinary(
      QueryResponseSchema,
      create(QueryResponseSchema, {
        requestNo: request.requestNo,
        epoch: engine.epoch,
        seq: BigInt(engine.seq),
        entry: BigInt(engine.entry),
        timeUs: BigInt(engine.timeUs),
        body: answer(engine, request.body),
      }),
    );
    say(answerChannel(request.ingressId), Buffer.from(response)).catch((error: unknown) => logger.debug({ err: String(error) }, "an answer was lost"));
  });
  await subscriber.subscribe(QUERY_CHANNEL);
}

// A running engine as a StateView: what its state is right now, read from its own books and tables.
//
// Never: outlives the next entry. Everything is looked up afresh, so that what frozenState.ts copies or keeps ready has
// something to be equal to.
import { toBinary } from "@bufbuild/protobuf";
import { AssetSchema, MarketSchema, OrderListSchema, OrderListStatus } from "../../gen/tickwire/v1/types_pb.ts";
import type { Engine } from "./engine.ts";
import { marketMessage, type Market } from "./markets.ts";
import { NO_ASK, NO_BID } from "./orderBook.ts";
import { listMessage } from "./orderLists.ts";
import { NO_SLOT, ORDER_ID, RECORD_F64 } from "./orderStore.ts";
import { WORKING } from "./orderTerms.ts";
import { writePending, type AccountColumns, type MarketHead, type StateHead, type StateView } from "./stateWriter.ts";
import { TextsByOwner } from "./textLog.ts";

export function liveState(engine: Engine): StateView {
  const { accounts, markets } = engine;
  const { timers, lists } = engine.trading;
  return {
    head: stateHead(engine),
    assets: assetMessages(engine),
    markets: markets.markets.map((market) => ({
      ...marketHead(market),
      forEachOrder: (visit: (slot: number) => void) => forEachOrder(market, visit),
      forEachCollected: (visit: (slot: number) => void) => forEachCollected(market, visit),
    })),
    orders: engine.orders,
    waiting: waitingOrders(engine),
    lists: Array.from(lists.all(), (list) => toBinary(OrderListSchema, listMessage(list, OrderListStatus.EXECUTING, 0))),
    takenClientIds: engine.trading.dedupe.copy(),
    accounts: {
      ...accountColumns(engine),
      texts: new TextsByOwner(accounts.freezeTexts(), accounts.count),
      transferIds: new TextsByOwner(accounts.transferIds.freeze(), accounts.count),
      pending: (row) => writePending(accounts.pendingTransfers(row)),
      switchUs: (row) => timers.switchUs(row),
    },
  };
}

export function stateHead(engine: Engine): StateHead {
  const { epoch, entry, seq, chain, timeUs, venue } = engine;
  return { epoch, entry, seq, chain, timeUs, venue, nextOrderId: engine.trading.nextOrderId, nextOrderListId: engine.trading.lists.nextId };
}

export const assetMessages = ({ markets }: Engine): Uint8Array[] => markets.assets.map((asset) => toBinary(AssetSchema, asset));

export function marketHead(market: Market): MarketHead {
  return {
    row: market.row,
    definition: toBinary(MarketSchema, marketMessage(market)),
    nextTradeId: market.nextTradeId,
    bookSeq: market.feed.bookSeq,
    lastPriceTicks: market.lastPriceTicks,
    auctionPriceCapTicks: market.auction?.priceCapTicks ?? 0,
    minutes: market.reference.minutes(),
  };
}

export function accountColumns({ accounts, ledger }: Engine): AccountColumns {
  const { count, frozen, feeTier, tradeGroup, executionSeq, balanceSeq } = accounts;
  return { count, frozen, feeTier, tradeGroup, executionSeq, balanceSeq, limbs: ledger.limbs, assetColumns: ledger.assetColumns };
}

/** Calls `visit` for each resting order: bids best first, then asks best first; within a level oldest first. */
export function forEachOrder({ book }: Pick<Market, "book">, visit: (slot: number) => void): void {
  for (let ticks = book.bestBidTicks; ticks !== NO_BID; ticks = book.nextBelow(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK; ticks = book.nextAbove(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
}

/** Calls `visit` for each order that an auction has collected, in the same order. */
export function forEachCollected({ auction }: Market, visit: (slot: number) => void): void {
  if (auction === undefined) return;
  forEachOrder({ book: auction.bids }, visit);
  forEachOrder({ book: auction.asks }, visit);
}

/** Open orders that are not in the book, untriggered or pending, by id. */
export function waitingOrders({ accounts, orders }: Engine): number[] {
  const waiting: number[] = [];
  for (let row = 0; row < accounts.count; row++) {
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      const terms = orders.termsOf(slot);
      if (terms !== undefined && terms.phase !== WORKING) waiting.push(slot);
    }
  }
  const id = (slot: number): number => orders.f64[slot * RECORD_F64 + ORDER_ID] as number;
  return waiting.sort((a, b) => id(a) - id(b));
}

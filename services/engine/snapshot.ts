// The engine's whole state as one EngineSnapshot message, and back.
//
// Never: touches a file (snapshotFiles.ts does). Invariant: an engine restored from a snapshot writes the same
// snapshot again; `restore` proves it by the state hash, so a snapshot that decodes to something else is refused.
import { createHash } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { EngineSnapshotSchema } from "../../gen/tickwire/v1/snapshot_pb.ts";
import { OrderStatus, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { Auction } from "./auction.ts";
import { Engine } from "./engine.ts";
import { invariant } from "./invariants.ts";
import { liveState } from "./liveState.ts";
import type { Market } from "./markets.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  clientIdHash,
  CREATED_US,
  EXECUTED_LOTS,
  EXECUTED_QUOTE_UNITS,
  MARKET,
  ORDER_ID,
  PREVENTED_LOTS,
  PRICE_TICKS,
  QUANTITY_LOTS,
  QUOTE_ORDER_UNITS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  REMAINING_LOTS,
  SELF_TRADE_PREVENTION,
  SIDE,
  STATUS,
  TIME_IN_FORCE,
  TYPE,
  UPDATED_US,
  WORKING_US,
} from "./orderStore.ts";
import { PENDING, UNTRIGGERED } from "./orderTerms.ts";
import { writeState, type StateView } from "./stateWriter.ts";

export { forEachCollected, forEachOrder, waitingOrders } from "./liveState.ts";

// Tag, length and a SHA-256.
const HASH_FIELD_BYTES = 34;

/** SHA-256 of the whole state: equal for engines that applied the same entries. */
export function stateHash(engine: Engine): Uint8Array {
  return createHash("sha256").update(writeState(liveState(engine)).written()).digest();
}

/** EngineSnapshot bytes of a state, and the hash of the state in them. */
export function snapshotOf(view: StateView): { bytes: Uint8Array; stateHash: Uint8Array } {
  const out = writeState(view);
  const stateHash = createHash("sha256").update(out.written()).digest();
  out.reserve(HASH_FIELD_BYTES);
  out.bytesField(0x2a, stateHash, 0, stateHash.length);
  return { bytes: out.written(), stateHash };
}

/** EngineSnapshot bytes of a running engine, written while it waits. */
export const takeSnapshot = (engine: Engine): Uint8Array => snapshotOf(liveState(engine)).bytes;

/**
 * An engine in the state that EngineSnapshot bytes tell, whose hash they say, and is `expectedHash` if that is given.
 * @throws Error or InvariantViolation when the bytes are not a faithful snapshot.
 */
export function restoreSnapshot(bytes: Uint8Array, expectedHash?: Uint8Array): Engine {
  const snapshot = fromBinary(EngineSnapshotSchema, bytes);
  const engine = new Engine();
  const { accounts, ledger, markets } = engine;
  engine.epoch = snapshot.epoch;
  engine.entry = Number(snapshot.entry);
  engine.seq = Number(snapshot.seq);
  engine.chain = snapshot.chain;
  engine.timeUs = Number(snapshot.timeUs);
  engine.venue = snapshot.venue;
  engine.venueVersion = engine.seq;
  engine.trading.nextOrderId = Number(snapshot.nextOrderId);
  engine.trading.dedupe.setTime(engine.timeUs);
  engine.trading.dedupe.restore(snapshot.takenClientIds);
  for (const asset of snapshot.assets) markets.addAsset(asset);
  ledger.reserve(snapshot.accounts.length, snapshot.assets.length);
  accounts.reserveMarkets(snapshot.markets.length);
  for (const account of snapshot.accounts) {
    const row = accounts.open(account.externalId, account.name);
    invariant(account.accountId === BigInt(row + 1), "a snapshot's accounts are not in order");
    accounts.frozen[row] = account.frozen ? 1 : 0;
    accounts.executionSeq[row] = Number(account.executionSeq);
    accounts.balanceSeq[row] = Number(account.balanceSeq);
    for (const balance of account.balances) ledger.restore(row, balance.assetId - 1, balance.availableUnits, balance.heldUnits);
    accounts.feeTier[row] = account.feeTier;
    accounts.tradeGroup[row] = Number(account.tradeGroupId);
    for (const { transferId, assetId, amountUnits, direction } of account.pendingTransfers) {
      accounts.announce(row, transferId, { direction, asset: assetId - 1, units: Number(amountUnits) });
    }
    for (const transferId of account.transferIds) accounts.transferIds.add(row, transferId);
    engine.trading.timers.setSwitch(row, Number(account.deadMansSwitchUs));
  }
  const { lists } = engine.trading;
  lists.nextId = Number(snapshot.nextOrderListId);
  for (const { orderListId, accountId, marketId, type, clientOrderListId, orderIds } of snapshot.orderLists) {
    lists.add({ id: Number(orderListId), account: Number(accountId) - 1, market: marketId - 1, type, clientId: clientOrderListId, orderIds: orderIds.map(Number) });
  }
  const slots: number[] = [];
  for (const state of snapshot.markets) {
    if (state.market === undefined) throw new Error("a snapshot's market has no definition");
    const market = markets.addMarket(state.market);
    market.nextTradeId = Number(state.nextTradeId);
    market.feed.bookSeq = Number(state.bookSeq);
    market.lastPriceTicks = Number(state.lastPriceTicks);
    for (const { minute, lots, ticksTimesLots } of state.tradedMinutes) market.reference.restore(Number(minute), lots, ticksTimesLots);
    const visible = new Map(state.orderTerms.map(({ orderId, visibleLots }) => [orderId, Number(visibleLots)]));
    const restoreShown = (slot: number, order: Order): number => {
      const terms = engine.orders.termsOf(slot);
      if (terms === undefined || terms.icebergLots === 0) return 0;
      const shown = visible.get(order.orderId) ?? 0;
      terms.hiddenLots = (engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) - shown;
      engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = shown;
      return terms.hiddenLots;
    };
    for (const order of state.orders) {
      const slot = restoreOrder(engine, market, order);
      const hidden = restoreShown(slot, order);
      if (hidden !== 0) market.book.hide(Number(order.priceTicks), hidden);
      market.book.add(slot);
      slots.push(slot);
    }
    if (state.auctionPriceCapTicks !== 0n) {
      const auction = new Auction(engine.orders);
      market.auction = auction;
      for (const order of state.auctionOrders) {
        const slot = restoreOrder(engine, market, order);
        auction.add(slot, restoreShown(slot, order));
        slots.push(slot);
      }
      auction.priceCapTicks = Number(state.auctionPriceCapTicks);
    }
    const held = new Map(state.orderTerms.map(({ orderId, heldUnits }) => [orderId, Number(heldUnits)]));
    for (const order of state.waitingOrders) {
      const slot = restoreOrder(engine, market, order);
      const terms = engine.orders.termsOf(slot);
      if (terms === undefined) throw new Error("a snapshot's waiting order does not say what it waits for");
      terms.phase = order.status === OrderStatus.PENDING_NEW ? PENDING : UNTRIGGERED;
      terms.heldUnits = held.get(order.orderId) ?? 0;
      if (terms.phase === UNTRIGGERED) market.triggers.add(terms, market.lastPriceTicks);
      slots.push(slot);
    }
    market.feed.forget(market.book);
  }
  // Each account's list is in the order of acceptance, which is the order of ids.
  const { f64 } = engine.orders;
  const id = (slot: number): number => f64[slot * RECORD_F64 + ORDER_ID] as number;
  slots.sort((a, b) => id(a) - id(b));
  for (const slot of slots) accounts.link(slot);
  const hash = stateHash(engine);
  if (Buffer.compare(hash, snapshot.stateHash) !== 0) throw new Error("the restored state does not have the snapshot's hash");
  if (expectedHash !== undefined && Buffer.compare(hash, expectedHash) !== 0) throw new Error("the restored state does not have the expected hash");
  return engine;
}

function restoreOrder(engine: Engine, market: Market, order: Order): number {
  const { orders } = engine;
  const slot = orders.add(Number(order.orderId));
  const { f64, i32, u8 } = orders;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  const account = Number(order.accountId) - 1;
  i32[w + ACCOUNT] = account;
  i32[w + MARKET] = market.row;
  i32[w + PRICE_TICKS] = Number(order.priceTicks);
  u8[b + SIDE] = order.side;
  u8[b + TYPE] = order.type;
  u8[b + TIME_IN_FORCE] = order.timeInForce;
  u8[b + STATUS] = order.status;
  u8[b + SELF_TRADE_PREVENTION] = order.selfTradePreventionMode;
  f64[d + QUANTITY_LOTS] = Number(order.quantityLots);
  f64[d + QUOTE_ORDER_UNITS] = Number(order.quoteOrderUnits);
  f64[d + EXECUTED_LOTS] = Number(order.executedLots);
  f64[d + EXECUTED_QUOTE_UNITS] = Number(order.executedQuoteUnits);
  f64[d + REMAINING_LOTS] = Number(order.quantityLots - order.executedLots - order.preventedLots);
  f64[d + PREVENTED_LOTS] = Number(order.preventedLots);
  f64[d + CREATED_US] = Number(order.createdUs);
  f64[d + UPDATED_US] = Number(order.updatedUs);
  f64[d + WORKING_US] = Number(order.workingUs);
  i32[w + AMEND_COUNT] = order.amendCount;
  restoreTerms(engine, slot, order);
  const clientId = Buffer.from(order.clientOrderId, "latin1");
  orders.setClientId(slot, clientIdHash(account, clientId, 0, clientId.length), clientId, 0, clientId.length);
  return slot;
}

function restoreTerms(engine: Engine, slot: number, order: Order): void {
  if (order.expireTimeUs === 0n && order.stopPriceTicks === 0n && order.trailingDeltaBips === 0 && order.orderListId === 0n && order.icebergLots === 0n && order.pegType === 0) return;
  const terms = engine.orders.addTerms(slot);
  if (order.orderListId !== 0n) {
    terms.list = engine.trading.lists.byId(Number(order.orderListId));
    invariant(terms.list !== undefined, "an order is of a list that is not there");
  }
  terms.icebergLots = Number(order.icebergLots);
  terms.pegType = order.pegType;
  terms.pegOffsetLevels = order.pegOffsetLevels;
  terms.stopPriceTicks = Number(order.stopPriceTicks);
  terms.trailingDeltaBips = order.trailingDeltaBips;
  terms.trailingExtremeTicks = Number(order.trailingExtremeTicks);
  terms.triggeredUs = Number(order.triggeredUs);
  terms.expireTimeUs = Number(order.expireTimeUs);
  if (terms.expireTimeUs !== 0) terms.timer = engine.trading.timers.expireOrder(terms.orderId, terms.expireTimeUs);
}

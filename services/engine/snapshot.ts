// The engine's whole state as one EngineSnapshot message, and back.
//
// Never: touches a file (snapshotFiles.ts does). Invariant: an engine restored from a snapshot writes the same
// snapshot again; `restore` proves it by the state hash, so a snapshot that decodes to something else is refused.
import { createHash } from "node:crypto";
import { OrderStatus, type PegType } from "../../gen/tickwire/v1/types_pb.ts";
import { Auction } from "./auction.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import { Engine } from "./engine.ts";
import { invariant } from "./invariants.ts";
import { liveState } from "./liveState.ts";
import type { Market } from "./markets.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
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
import { isAlgo, PENDING, UNTRIGGERED } from "./orderTerms.ts";
import { AccountFields, OrderFields, snapshotParts, type AccountSink } from "./snapshotReader.ts";
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
  // What the engine writes is the only way to write its state: bytes that say the same otherwise were altered.
  const hashAt = Math.max(0, bytes.length - HASH_FIELD_BYTES);
  const bytesHash = createHash("sha256").update(bytes.subarray(0, hashAt)).digest();
  if (Buffer.compare(bytesHash, bytes.subarray(hashAt + 2)) !== 0) throw new Error("its bytes do not have the hash they say");
  const { head, accounts: accountSpans, markets: marketParts } = snapshotParts(bytes);
  const engine = new Engine();
  const { accounts, ledger, markets } = engine;
  engine.epoch = head.epoch;
  engine.entry = Number(head.entry);
  engine.seq = Number(head.seq);
  engine.chain = head.chain;
  engine.timeUs = Number(head.timeUs);
  engine.venue = head.venue;
  engine.venueVersion = engine.seq;
  engine.trading.nextOrderId = Number(head.nextOrderId);
  engine.trading.dedupe.setTime(engine.timeUs);
  engine.trading.dedupe.restore(head.takenClientIds);
  for (const asset of head.assets) markets.addAsset(asset);
  ledger.reserve(accountSpans.length, head.assets.length);
  accounts.reserveMarkets(marketParts.length);
  const sink = accountSink(engine);
  const account = new AccountFields(bytes);
  for (const span of accountSpans) account.read(span, sink);
  const { lists } = engine.trading;
  lists.nextId = Number(head.nextOrderListId);
  for (const { orderListId, accountId, marketId, type, clientOrderListId, orderIds } of head.orderLists) {
    lists.add({ id: Number(orderListId), account: Number(accountId) - 1, market: marketId - 1, type, clientId: clientOrderListId, orderIds: orderIds.map(Number) });
  }
  const slots: number[] = [];
  const order = new OrderFields(bytes);
  for (const { state, orders, auctionOrders, waitingOrders } of marketParts) {
    if (state.market === undefined) throw new Error("a snapshot's market has no definition");
    const market = markets.addMarket(state.market);
    market.nextTradeId = Number(state.nextTradeId);
    market.feed.bookSeq = Number(state.bookSeq);
    market.lastPriceTicks = Number(state.lastPriceTicks);
    for (const { minute, lots, ticksTimesLots } of state.tradedMinutes) market.reference.restore(Number(minute), lots, ticksTimesLots);
    const visible = new Map(state.orderTerms.map(({ orderId, visibleLots }) => [Number(orderId), Number(visibleLots)]));
    const restoreShown = (slot: number): number => {
      const terms = engine.orders.termsOf(slot);
      if (terms === undefined || terms.icebergLots === 0) return 0;
      const shown = visible.get(terms.orderId) ?? 0;
      terms.hiddenLots = (engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) - shown;
      engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = shown;
      return terms.hiddenLots;
    };
    for (const span of orders) {
      order.read(span);
      const slot = restoreOrder(engine, market, order);
      const hidden = restoreShown(slot);
      if (hidden !== 0) market.book.hide(order.priceTicks, hidden);
      market.book.add(slot);
      slots.push(slot);
    }
    if (state.auctionPriceCapTicks !== 0n) {
      const auction = new Auction(engine.orders);
      market.auction = auction;
      for (const span of auctionOrders) {
        order.read(span);
        const slot = restoreOrder(engine, market, order);
        auction.add(slot, restoreShown(slot));
        slots.push(slot);
      }
      auction.priceCapTicks = Number(state.auctionPriceCapTicks);
    }
    const held = new Map(state.orderTerms.map(({ orderId, heldUnits }) => [Number(orderId), Number(heldUnits)]));
    for (const span of waitingOrders) {
      order.read(span);
      const slot = restoreOrder(engine, market, order);
      const terms = engine.orders.termsOf(slot);
      if (terms === undefined) throw new Error("a snapshot's waiting order does not say what it waits for");
      terms.phase = order.status === OrderStatus.PENDING_NEW ? PENDING : UNTRIGGERED;
      terms.heldUnits = held.get(terms.orderId) ?? 0;
      if (terms.phase === UNTRIGGERED) market.triggers.add(terms, market.lastPriceTicks);
      else if (isAlgo(terms.type)) market.triggers.announce(terms.account);
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
  if (Buffer.compare(hash, head.stateHash) !== 0) throw new Error("the restored state does not have the snapshot's hash");
  if (expectedHash !== undefined && Buffer.compare(hash, expectedHash) !== 0) throw new Error("the restored state does not have the expected hash");
  return engine;
}

function accountSink({ accounts, ledger, trading }: Engine): AccountSink {
  let row = -1;
  return {
    open(accountId, externalId, name) {
      row = accounts.open(externalId, name);
      invariant(accountId === row + 1, "a snapshot's accounts are not in order");
    },
    balance: (assetId, ...limbs) => ledger.restore(row, assetId - 1, ...limbs),
    transferId: (id) => accounts.transferIds.addBytes(row, id),
    pendingTransfer({ transferId, assetId, amountUnits, direction }) {
      accounts.announce(row, transferId, { direction, asset: assetId - 1, units: Number(amountUnits) });
    },
    number(field, value) {
      switch (field) {
        case "frozen":
          accounts.frozen[row] = value;
          break;
        case "executionSeq":
          accounts.executionSeq[row] = value;
          break;
        case "balanceSeq":
          accounts.balanceSeq[row] = value;
          break;
        case "feeTier":
          accounts.feeTier[row] = value;
          break;
        case "tradeGroupId":
          accounts.tradeGroup[row] = value;
          break;
        case "deadMansSwitchUs":
          trading.timers.setSwitch(row, value);
          break;
      }
    },
  };
}

function restoreOrder(engine: Engine, market: Market, order: OrderFields): number {
  const { orders } = engine;
  invariant(order.marketId === market.id, "an order stands with another market");
  const slot = orders.add(order.orderId);
  const { f64, i32, u8 } = orders;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  const account = order.accountId - 1;
  i32[w + ACCOUNT] = account;
  i32[w + MARKET] = market.row;
  i32[w + PRICE_TICKS] = order.priceTicks;
  u8[b + SIDE] = order.side;
  u8[b + TYPE] = order.type;
  u8[b + TIME_IN_FORCE] = order.timeInForce;
  u8[b + STATUS] = order.status;
  u8[b + SELF_TRADE_PREVENTION] = order.selfTradePreventionMode;
  f64[d + QUANTITY_LOTS] = order.quantityLots;
  f64[d + QUOTE_ORDER_UNITS] = order.quoteOrderUnits;
  f64[d + EXECUTED_LOTS] = order.executedLots;
  f64[d + EXECUTED_QUOTE_UNITS] = order.executedQuoteUnits;
  f64[d + REMAINING_LOTS] = order.quantityLots - order.executedLots - order.preventedLots;
  f64[d + PREVENTED_LOTS] = order.preventedLots;
  f64[d + CREATED_US] = order.createdUs;
  f64[d + UPDATED_US] = order.updatedUs;
  f64[d + WORKING_US] = order.workingUs;
  i32[w + AMEND_COUNT] = order.amendCount;
  restoreTerms(engine, slot, order);
  const { bytes, clientIdAt, clientIdLength } = order;
  const clientId = ClientOrderId.of(account, bytes.subarray(clientIdAt, clientIdAt + clientIdLength));
  invariant(clientId !== undefined, "an order's client order id is none");
  orders.setClientId(slot, clientId);
  return slot;
}

function restoreTerms(engine: Engine, slot: number, order: OrderFields): void {
  if (order.expireTimeUs === 0 && order.stopPriceTicks === 0 && order.trailingDeltaBips === 0 && order.orderListId === 0 && order.icebergLots === 0 && order.pegType === 0) return;
  const terms = engine.orders.addTerms(slot);
  if (order.orderListId !== 0) {
    terms.list = engine.trading.lists.byId(order.orderListId);
    invariant(terms.list !== undefined, "an order is of a list that is not there");
  }
  terms.icebergLots = order.icebergLots;
  terms.pegType = order.pegType as PegType;
  terms.pegOffsetLevels = order.pegOffsetLevels;
  terms.stopPriceTicks = order.stopPriceTicks;
  terms.trailingDeltaBips = order.trailingDeltaBips;
  terms.trailingExtremeTicks = order.trailingExtremeTicks;
  terms.triggeredUs = order.triggeredUs;
  terms.expireTimeUs = order.expireTimeUs;
  if (terms.expireTimeUs !== 0) terms.timer = engine.trading.timers.expireOrder(terms.orderId, terms.expireTimeUs);
}

// The engine's whole state as one EngineSnapshot message, and back.
//
// Never: touches a file (snapshotFiles.ts does). Invariant: an engine restored from a snapshot writes the same
// snapshot again; `restore` proves it by the state hash, so a snapshot that decodes to something else is refused.
import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { EngineSnapshotSchema, PendingTransferSchema, TradedMinuteSchema } from "../../gen/tickwire/v1/snapshot_pb.ts";
import { AssetSchema, MarketSchema, OrderListSchema, OrderListStatus, OrderStatus, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { Engine } from "./engine.ts";
import { ORDER_BYTES_MAX, writeOrder } from "./eventWriter.ts";
import { invariant } from "./invariants.ts";
import { marketMessage, type Market } from "./markets.ts";
import { NO_ASK, NO_BID } from "./orderBook.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  clientIdHash,
  CREATED_US,
  EXECUTED_LOTS,
  EXECUTED_QUOTE_UNITS,
  MARKET,
  NO_SLOT,
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
  TERMS,
  TIME_IN_FORCE,
  TYPE,
  UPDATED_US,
  WORKING_US,
} from "./orderStore.ts";
import { listMessage } from "./orderLists.ts";
import { PENDING, UNTRIGGERED, WORKING } from "./orderTerms.ts";
import { ProtobufWriter } from "./protobufWriter.ts";

const FIELDS_BYTES_MAX = 512;
const BALANCE_BYTES_MAX = 64;

/** The state without its own hash: what the hash is taken of. */
function writeState(engine: Engine): ProtobufWriter {
  const out = new ProtobufWriter(1 << 20);
  const bytes = (tag: number, value: Uint8Array): void => {
    out.reserve(FIELDS_BYTES_MAX + value.length);
    out.bytesField(tag, value, 0, value.length);
  };
  // A field from 16 on, whose tag takes two bytes.
  const bytes2 = (tag: number, tagHigh: number, value: Uint8Array): void => {
    out.reserve(FIELDS_BYTES_MAX + value.length);
    out.byte(tag);
    out.bytesField(tagHigh, value, 0, value.length);
  };
  const text = (tag: number, value: string): void => bytes(tag, Buffer.from(value));
  out.uintField(0x08, engine.epoch);
  out.uintField(0x10, engine.entry);
  out.uintField(0x18, engine.seq);
  bytes(0x22, engine.chain);
  out.uintField(0x30, engine.timeUs);
  text(0x3a, engine.venue);
  out.uintField(0x40, engine.trading.nextOrderId);
  const waiting = waitingOrders(engine);
  for (const asset of engine.markets.assets) bytes(0x4a, toBinary(AssetSchema, asset));
  for (const market of engine.markets.markets) {
    out.reserve(FIELDS_BYTES_MAX);
    const start = out.begin4(0x52);
    bytes(0x0a, toBinary(MarketSchema, marketMessage(market)));
    out.uintField(0x10, market.nextTradeId);
    out.uintField(0x18, market.feed.bookSeq);
    out.uintField(0x20, market.lastPriceTicks);
    forEachOrder(market, (slot) => {
      out.reserve(FIELDS_BYTES_MAX + ORDER_BYTES_MAX);
      const order = out.begin2(0x2a);
      writeOrder(out, engine.orders, slot);
      out.end2(order);
    });
    for (const { minute, lots, ticksTimesLots } of market.reference.minutes()) bytes(0x52, toBinary(TradedMinuteSchema, create(TradedMinuteSchema, { minute: BigInt(minute), lots, ticksTimesLots })));
    for (const slot of waiting) {
      if (engine.orders.i32[slot * RECORD_I32 + MARKET] !== market.row) continue;
      out.reserve(FIELDS_BYTES_MAX + ORDER_BYTES_MAX);
      // Field 20: a tag of two bytes.
      out.byte(0xa2);
      const order = out.begin2(0x01);
      writeOrder(out, engine.orders, slot);
      out.end2(order);
    }
    const icebergs: number[] = [];
    forEachOrder(market, (slot) => {
      if (engine.orders.i32[slot * RECORD_I32 + TERMS] !== 0 && engine.orders.termsOf(slot)?.icebergLots !== 0) icebergs.push(slot);
    });
    for (const slot of [...icebergs, ...waiting]) {
      const terms = engine.orders.termsOf(slot);
      if (terms === undefined || engine.orders.i32[slot * RECORD_I32 + MARKET] !== market.row) continue;
      out.reserve(FIELDS_BYTES_MAX);
      out.byte(0xaa);
      const state = out.begin2(0x01);
      out.uintField(0x08, terms.orderId);
      if (terms.phase === WORKING) out.uintField(0x10, engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number);
      out.uintField(0x18, terms.heldUnits);
      out.end2(state);
    }
    out.end4(start);
  }
  out.reserve(FIELDS_BYTES_MAX);
  out.uintField2(160, engine.trading.lists.nextId);
  for (const list of engine.trading.lists.all()) bytes2(0xaa, 0x01, toBinary(OrderListSchema, listMessage(list, OrderListStatus.EXECUTING, 0)));
  const { accounts, ledger } = engine;
  for (let row = 0; row < accounts.count; row++) {
    out.reserve(FIELDS_BYTES_MAX);
    const start = out.begin4(0x5a);
    out.uintField(0x08, row + 1);
    text(0x12, accounts.externalIds[row] as string);
    text(0x1a, accounts.names[row] as string);
    out.uintField(0x20, accounts.frozen[row] as number);
    out.uintField(0x28, accounts.executionSeq[row] as number);
    out.uintField(0x30, accounts.balanceSeq[row] as number);
    for (let asset = 0; asset < engine.markets.assets.length; asset++) {
      const available = ledger.availableUnits(row, asset);
      const held = ledger.heldUnits(row, asset);
      if (available === 0n && held === 0n) continue;
      out.reserve(BALANCE_BYTES_MAX);
      const balance = out.begin2(0x3a);
      out.uintField(0x08, asset + 1);
      out.limbsField(0x10, Number(available >> 48n), Number(available & 0xffff_ffff_ffffn));
      out.limbsField(0x18, Number(held >> 48n), Number(held & 0xffff_ffff_ffffn));
      out.end2(balance);
    }
    for (const transferId of accounts.transferIds[row] ?? []) text(0x42, transferId);
    for (const [transferId, { direction, asset, units }] of accounts.pendingTransfers[row] ?? []) {
      bytes(0x52, toBinary(PendingTransferSchema, create(PendingTransferSchema, { transferId, assetId: asset + 1, amountUnits: BigInt(units), direction })));
    }
    out.reserve(BALANCE_BYTES_MAX);
    out.uintField(0x58, accounts.feeTier[row] as number);
    out.uintField(0x60, accounts.tradeGroup[row] as number);
    out.uintField2(160, engine.trading.timers.switchUs(row));
    out.end4(start);
  }
  return out;
}

/** Calls `visit` for each resting order: bids best first, then asks best first; within a level oldest first. */
export function forEachOrder({ book }: Market, visit: (slot: number) => void): void {
  for (let ticks = book.bestBidTicks; ticks !== NO_BID; ticks = book.nextBelow(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK; ticks = book.nextAbove(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
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

/** SHA-256 of the whole state: equal for engines that applied the same entries. */
export function stateHash(engine: Engine): Uint8Array {
  return createHash("sha256").update(writeState(engine).written()).digest();
}

/** EngineSnapshot bytes. */
export function takeSnapshot(engine: Engine): Uint8Array {
  const out = writeState(engine);
  const hash = createHash("sha256").update(out.written()).digest();
  out.reserve(FIELDS_BYTES_MAX);
  out.bytesField(0x2a, hash, 0, hash.length);
  return out.written();
}

/**
 * An engine in the state that EngineSnapshot bytes tell.
 * @throws Error or InvariantViolation when the bytes are not a faithful snapshot.
 */
export function restoreSnapshot(bytes: Uint8Array): Engine {
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
      accounts.pendingTransfers[row]?.set(transferId, { direction, asset: assetId - 1, units: Number(amountUnits) });
    }
    for (const transferId of account.transferIds) accounts.transferIds[row]?.add(transferId);
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
    for (const order of state.orders) {
      const slot = restoreOrder(engine, market, order);
      const terms = engine.orders.termsOf(slot);
      if (terms !== undefined && terms.icebergLots !== 0) {
        const remaining = engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
        const shown = visible.get(order.orderId) ?? 0;
        terms.hiddenLots = remaining - shown;
        engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = shown;
        if (terms.hiddenLots !== 0) market.book.hide(Number(order.priceTicks), terms.hiddenLots);
      }
      market.book.add(slot);
      slots.push(slot);
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
  if (Buffer.compare(stateHash(engine), snapshot.stateHash) !== 0) throw new Error("the restored state does not have the snapshot's hash");
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

// The whole state as EngineSnapshot bytes, field by field, whoever holds it: a running engine (liveState.ts) or a moment
// of one, in another thread (frozenState.ts). Both give the same bytes.
//
// To add to the state: a field in snapshot.proto, here, in both views and in snapshot.ts's `restore`. Never: looks at
// anything but the view. Invariant: equal states give equal bytes.
import { create, toBinary } from "@bufbuild/protobuf";
import { TradedMinuteSchema } from "../../gen/tickwire/v1/snapshot_pb.ts";
import type { PendingTransfer } from "./accounts.ts";
import { ORDER_BYTES_MAX, writeOrder } from "./eventWriter.ts";
import { AVAILABLE, BALANCE_F64, HELD } from "./ledger.ts";
import { MARKET, RECORD_F64, RECORD_I32, REMAINING_LOTS, TERMS, type OrderRecords } from "./orderStore.ts";
import { WORKING } from "./orderTerms.ts";
import { ProtobufWriter } from "./protobufWriter.ts";
import type { TextsByOwner } from "./textLog.ts";

const FIELDS_BYTES_MAX = 512;
const BALANCE_BYTES_MAX = 64;
const TRANSFER_BYTES_MAX = 64;

/** Numbers and texts of the engine as a whole. */
export interface StateHead {
  readonly epoch: number;
  readonly entry: number;
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly timeUs: number;
  readonly venue: string;
  readonly nextOrderId: number;
  readonly nextOrderListId: number;
}

/** One market without its orders. */
export interface MarketHead {
  readonly row: number;
  /** A Market message. */
  readonly definition: Uint8Array;
  readonly nextTradeId: number;
  readonly bookSeq: number;
  readonly lastPriceTicks: number;
  /** Of the open auction; 0 when there is none. */
  readonly auctionPriceCapTicks: number;
  readonly minutes: readonly { readonly minute: number; readonly lots: number; readonly ticksTimesLots: number }[];
}

export interface MarketView extends MarketHead {
  /** Calls `visit` for each resting order: bids best first, then asks best first; within a level oldest first. */
  forEachOrder(visit: (slot: number) => void): void;
  /** The same for the orders that an auction has collected. */
  forEachCollected(visit: (slot: number) => void): void;
}

/** What accounts keep in flat arrays, a row each. */
export interface AccountColumns {
  readonly count: number;
  readonly frozen: Uint8Array;
  readonly feeTier: Int32Array;
  readonly tradeGroup: Float64Array;
  readonly executionSeq: Float64Array;
  readonly balanceSeq: Float64Array;
  /** Balances, `assetColumns` of them per row, as the ledger keeps them. */
  readonly limbs: Float64Array;
  readonly assetColumns: number;
}

export interface AccountsView extends AccountColumns {
  /** External id and name of each. */
  readonly texts: TextsByOwner;
  readonly transferIds: TextsByOwner;
  /** The pending transfers of a row as AccountState fields, if it has any. */
  pending(row: number): Uint8Array | undefined;
  switchUs(row: number): number;
}

export interface StateView {
  readonly head: StateHead;
  /** Asset messages. */
  readonly assets: readonly Uint8Array[];
  readonly markets: readonly MarketView[];
  readonly orders: OrderRecords;
  /** Open orders that are not in a book, untriggered or pending, by id. */
  readonly waiting: readonly number[];
  /** OrderList messages, by id. */
  readonly lists: Iterable<Uint8Array>;
  /** Client order ids that are taken for a while, as Dedupe writes them. */
  readonly takenClientIds: Uint8Array;
  readonly accounts: AccountsView;
}

/** EngineSnapshot bytes without the state's hash: what the hash is taken of. */
export function writeState(view: StateView): ProtobufWriter {
  const out = new ProtobufWriter(1 << 16);
  const { head } = view;
  out.reserve(FIELDS_BYTES_MAX);
  out.uintField(0x08, head.epoch);
  out.uintField(0x10, head.entry);
  out.uintField(0x18, head.seq);
  bytesField(out, 0x22, head.chain);
  out.uintField(0x30, head.timeUs);
  bytesField(out, 0x3a, Buffer.from(head.venue));
  out.uintField(0x40, head.nextOrderId);
  for (const asset of view.assets) bytesField(out, 0x4a, asset);
  for (const market of view.markets) writeMarket(out, view, market);
  out.reserve(FIELDS_BYTES_MAX);
  out.uintField2(160, head.nextOrderListId);
  for (const list of view.lists) bytesField2(out, 0xaa, 0x01, list);
  for (let row = 0; row < view.accounts.count; row++) writeAccount(out, view.accounts, row, view.assets.length);
  if (view.takenClientIds.length !== 0) bytesField2(out, 0xf2, 0x01, view.takenClientIds);
  return out;
}

function writeMarket(out: ProtobufWriter, { orders, waiting }: StateView, market: MarketView): void {
  out.reserve(FIELDS_BYTES_MAX);
  const start = out.begin4(0x52);
  bytesField(out, 0x0a, market.definition);
  out.uintField(0x10, market.nextTradeId);
  out.uintField(0x18, market.bookSeq);
  out.uintField(0x20, market.lastPriceTicks);
  const ofMarket = waiting.filter((slot) => orders.i32[slot * RECORD_I32 + MARKET] === market.row);
  const icebergs: number[] = [];
  const write = (tag: number, slot: number): void => {
    out.reserve(FIELDS_BYTES_MAX + ORDER_BYTES_MAX);
    const order = out.begin2(tag);
    writeOrder(out, orders, slot);
    out.end2(order);
    if (orders.i32[slot * RECORD_I32 + TERMS] !== 0 && orders.termsOf(slot)?.icebergLots !== 0) icebergs.push(slot);
  };
  market.forEachOrder((slot) => write(0x2a, slot));
  for (const { minute, lots, ticksTimesLots } of market.minutes) bytesField(out, 0x52, toBinary(TradedMinuteSchema, create(TradedMinuteSchema, { minute: BigInt(minute), lots, ticksTimesLots })));
  market.forEachCollected((slot) => write(0x5a, slot));
  out.reserve(FIELDS_BYTES_MAX);
  out.uintField(0x60, market.auctionPriceCapTicks);
  for (const slot of ofMarket) {
    out.reserve(FIELDS_BYTES_MAX + ORDER_BYTES_MAX);
    // Field 20: a tag of two bytes.
    out.byte(0xa2);
    const order = out.begin2(0x01);
    writeOrder(out, orders, slot);
    out.end2(order);
  }
  for (const slot of [...icebergs, ...ofMarket]) {
    const terms = orders.termsOf(slot);
    if (terms === undefined) continue;
    out.reserve(FIELDS_BYTES_MAX);
    out.byte(0xaa);
    const state = out.begin2(0x01);
    out.uintField(0x08, terms.orderId);
    if (terms.phase === WORKING) out.uintField(0x10, orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number);
    out.uintField(0x18, terms.heldUnits);
    out.end2(state);
  }
  out.end4(start);
}

function writeAccount(out: ProtobufWriter, accounts: AccountsView, row: number, assets: number): void {
  out.reserve(FIELDS_BYTES_MAX);
  const start = out.begin4(0x5a);
  out.uintField(0x08, row + 1);
  let tag = 0x12;
  accounts.texts.forEach(row, (bytes, from, length) => {
    out.reserve(FIELDS_BYTES_MAX + length);
    out.bytesField(tag, bytes, from, length);
    tag += 8;
  });
  out.uintField(0x20, accounts.frozen[row] as number);
  out.uintField(0x28, accounts.executionSeq[row] as number);
  out.uintField(0x30, accounts.balanceSeq[row] as number);
  const { limbs } = accounts;
  for (let asset = 0; asset < assets; asset++) {
    const at = (row * accounts.assetColumns + asset) * BALANCE_F64;
    const low = limbs[at + AVAILABLE] as number;
    const high = limbs[at + AVAILABLE + 1] as number;
    const heldLow = limbs[at + HELD] as number;
    const heldHigh = limbs[at + HELD + 1] as number;
    if (low === 0 && high === 0 && heldLow === 0 && heldHigh === 0) continue;
    out.reserve(BALANCE_BYTES_MAX);
    const balance = out.begin2(0x3a);
    out.uintField(0x08, asset + 1);
    out.limbsField(0x10, high, low);
    out.limbsField(0x18, heldHigh, heldLow);
    out.end2(balance);
  }
  accounts.transferIds.forEach(row, (bytes, from, length) => {
    out.reserve(FIELDS_BYTES_MAX + length);
    out.bytesField(0x42, bytes, from, length);
  });
  const pending = accounts.pending(row);
  if (pending !== undefined) {
    out.reserve(pending.length);
    out.copy(pending, 0, pending.length);
  }
  out.reserve(BALANCE_BYTES_MAX);
  out.uintField(0x58, accounts.feeTier[row] as number);
  out.uintField(0x60, accounts.tradeGroup[row] as number);
  out.uintField2(160, accounts.switchUs(row));
  out.end4(start);
}

/** AccountState.pending_transfers of one account. */
export function writePending(transfers: Iterable<[transferId: string, transfer: PendingTransfer]>): Uint8Array {
  const out = new ProtobufWriter(TRANSFER_BYTES_MAX);
  for (const [transferId, { direction, asset, units }] of transfers) {
    const id = Buffer.from(transferId);
    out.reserve(TRANSFER_BYTES_MAX + id.length);
    const start = out.begin2(0x52);
    out.bytesField(0x0a, id, 0, id.length);
    out.uintField(0x10, asset + 1);
    out.uintField(0x18, units);
    out.uintField(0x20, direction);
    out.end2(start);
  }
  return out.written();
}

function bytesField(out: ProtobufWriter, tag: number, value: Uint8Array): void {
  out.reserve(FIELDS_BYTES_MAX + value.length);
  out.bytesField(tag, value, 0, value.length);
}

// A field from 16 on, whose tag takes two bytes.
function bytesField2(out: ProtobufWriter, tag: number, tagHigh: number, value: Uint8Array): void {
  out.reserve(FIELDS_BYTES_MAX + value.length);
  out.byte(tag);
  out.bytesField(tagHigh, value, 0, value.length);
}

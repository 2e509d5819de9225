// The engine's events as EventBatch bytes, written straight into one buffer: no object per event on the hot path.
//
// Never: decides what happened; it is told in primitive arguments (EventSink), so that a test can listen in its place.
// Proven decode-equal to protobuf-es by eventWriter.test.ts.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { EventSchema } from "../../gen/tickwire/v1/event_pb.ts";
import type { CancelReason, ExpiryReason, RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import type { Accounts } from "./accounts.ts";
import { LIMB, type BalanceSink } from "./ledger.ts";
import { EXACT_MAX } from "./limits.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  CANCEL_REASON,
  CLIENT_ID,
  CLIENT_ID_LENGTH,
  CREATED_US,
  EXECUTED_LOTS,
  EXECUTED_QUOTE_UNITS,
  EXPIRY_REASON,
  KEPT_FIELDS,
  KEPT_FIELDS_LENGTH,
  MARKET,
  ORDER_ID,
  PREVENTED_LOTS,
  PRICE_TICKS,
  QUANTITY_LOTS,
  QUOTE_ORDER_UNITS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  SELF_TRADE_PREVENTION,
  SIDE,
  STATUS,
  TERMS,
  TIME_IN_FORCE,
  TYPE,
  UPDATED_US,
  WORKING_US,
  type OrderRecords,
  type OrderStore,
} from "./orderStore.ts";
import type { ToldTerms } from "./orderTerms.ts";
import { ProtobufWriter, putSmall, putWide, putWideAt } from "./protobufWriter.ts";

export type EventInit = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

/** Where the core says what happened. Orders are named by slot and told as they stand at the moment of the call. */
export interface EventSink extends BalanceSink {
  orderAccepted(slot: number): void;
  orderRejected(reason: RejectReason, marketId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void;
  tradeExecuted(
    marketId: number,
    tradeId: number,
    priceTicks: number,
    quantityLots: number,
    quoteUnits: number,
    takerSide: number,
    maker: number,
    makerFeeUnits: number,
    makerFeeAsset: number,
    taker: number,
    takerFeeUnits: number,
    takerFeeAsset: number,
  ): void;
  orderAmended(slot: number, keptPriority: boolean): void;
  amendRejected(reason: RejectReason, marketId: number, orderId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void;
  /** Both orders as they stand afterwards. */
  tradePrevented(taker: number, maker: number, lots: number, priceTicks: number): void;
  orderTriggered(slot: number): void;
  orderCanceled(slot: number, reason: CancelReason): void;
  orderExpired(slot: number, reason: ExpiryReason): void;
  ordersCanceled(count: number): void;
  cancelRejected(reason: RejectReason, marketId: number, orderId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void;
  commandRejected(reason: RejectReason): void;
  timeAdvanced(): void;
  /** Any event that is rare. */
  other(event: EventInit): void;
}

// Bounds for `reserve`: an Order with every varint at its longest, and events made of one or two of them.
const ORDER_BYTES_MAX = 480;
const EVENT_BYTES_MAX = 128;
const GROUP_BYTES_MAX = 64;
const BATCH_BYTES_MAX = 256;

/** A balance whose upper limb is below this is exact in one double. */
const EXACT_LIMB = 32;
/** A change up to this size is exact in a double when zigzag has doubled it. */
const ZIGZAG_EXACT = 2 ** 52 - 1;

const EVENTS = 0x22; // EventGroup.events
const ORDER_2 = 0x12; // field 2 of the events that carry one order

/** Writes one Order, fields in order; the caller has reserved ORDER_BYTES_MAX. */
export function writeOrder(out: ProtobufWriter, orders: OrderRecords, slot: number): void {
  const { f64, i32, u8 } = orders;
  const { view } = out;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  let at = out.at;
  view.setUint8(at, 0x08);
  at = putWide(view, at + 1, f64[d + ORDER_ID] as number);
  view.setUint8(at, 0x10);
  at = putSmall(view, at + 1, (i32[w + ACCOUNT] as number) + 1);
  view.setUint8(at, 0x18);
  at = putSmall(view, at + 1, (i32[w + MARKET] as number) + 1);
  const idLength = u8[b + CLIENT_ID_LENGTH] as number;
  if (idLength !== 0) {
    view.setUint16(at, 0x22 | (idLength << 8), true);
    at += 2;
    // Whole words: what is copied beyond the id is overwritten by what follows it.
    for (let i = 0; i < idLength; i += 4) view.setInt32(at + i, orders.view.getInt32(b + CLIENT_ID + i, true), true);
    at += idLength;
  }
  const side = u8[b + SIDE] as number;
  const type = u8[b + TYPE] as number;
  const timeInForce = u8[b + TIME_IN_FORCE] as number;
  const status = u8[b + STATUS] as number;
  if (side !== 0 && type !== 0 && timeInForce !== 0 && status !== 0) {
    view.setInt32(at, 0x0030_0028 | (side << 8) | (type << 24), true);
    view.setInt32(at + 4, 0x0040_0038 | (timeInForce << 8) | (status << 24), true);
    at += 8;
  } else {
    out.at = at;
    out.uintField(0x28, side);
    out.uintField(0x30, type);
    out.uintField(0x38, timeInForce);
    out.uintField(0x40, status);
    at = out.at;
  }
  const priceTicks = i32[w + PRICE_TICKS] as number;
  if (priceTicks !== 0) {
    view.setUint8(at, 0x48);
    at = putWide(view, at + 1, priceTicks);
  }
  at = putField(view, at, 0x50, f64[d + QUANTITY_LOTS] as number);
  at = putField(view, at, 0x58, f64[d + QUOTE_ORDER_UNITS] as number);
  at = putField(view, at, 0x60, f64[d + EXECUTED_LOTS] as number);
  at = putField(view, at, 0x68, f64[d + EXECUTED_QUOTE_UNITS] as number);
  at = putField(view, at, 0x70, f64[d + CREATED_US] as number);
  at = putField(view, at, 0x78, f64[d + UPDATED_US] as number);
  // Seldom set: reasons of an end, self-trade prevention, terms.
  const expiryReason = u8[b + EXPIRY_REASON] as number;
  const cancelReason = u8[b + CANCEL_REASON] as number;
  const selfTradePrevention = u8[b + SELF_TRADE_PREVENTION] as number;
  const preventedLots = f64[d + PREVENTED_LOTS] as number;
  const terms = i32[w + TERMS] === 0 ? undefined : orders.termsOf(slot);
  if ((expiryReason | cancelReason | selfTradePrevention) !== 0 || preventedLots !== 0 || terms !== undefined) {
    out.at = at;
    out.uintField2(128, expiryReason);
    out.uintField2(136, cancelReason);
    out.uintField2(144, selfTradePrevention);
    out.uintField2(152, preventedLots);
    if (terms !== undefined) writeFirstTerms(out, terms);
    at = out.at;
  }
  const workingUs = f64[d + WORKING_US] as number;
  if (workingUs !== 0) {
    view.setUint16(at, 0x01c8, true);
    at = putWide(view, at + 2, workingUs);
  }
  out.at = at;
  out.uintField2(232, i32[w + AMEND_COUNT] as number);
  if (terms !== undefined) writeLastTerms(out, terms);
}

// The field, unless its value is 0.
function putField(view: DataView, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  view.setUint8(at, tag);
  return putWide(view, at + 1, value);
}

// The same with a double that is named by its place.
function putFieldAt(view: DataView, at: number, tag: number, from: Float64Array, index: number): number {
  if (from[index] === 0) return at;
  view.setUint8(at, tag);
  return putWideAt(view, at + 1, from, index);
}

/**
 * Encodes into a plain order's record the fields that it keeps until it is amended; answers how many bytes they are.
 * They are told with every event of the order, and copying them costs a fraction of encoding them.
 */
export function encodeKeptFields(orders: OrderStore, slot: number): number {
  const { f64, i32, u8, view } = orders;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  const idLength = u8[b + CLIENT_ID_LENGTH] as number;
  view.setUint16(b + KEPT_FIELDS, 0x22 | (idLength << 8), true);
  let at = b + CLIENT_ID + idLength;
  view.setUint8(at, 0x08);
  at = putWideAt(view, at + 1, f64, d + ORDER_ID);
  view.setUint8(at, 0x10);
  at = putSmall(view, at + 1, (i32[w + ACCOUNT] as number) + 1);
  view.setUint8(at, 0x18);
  at = putSmall(view, at + 1, (i32[w + MARKET] as number) + 1);
  const priceTicks = i32[w + PRICE_TICKS] as number;
  if (priceTicks !== 0) {
    view.setUint8(at, 0x48);
    at = putWide(view, at + 1, priceTicks);
  }
  at = putFieldAt(view, at, 0x50, f64, d + QUANTITY_LOTS);
  at = putFieldAt(view, at, 0x58, f64, d + QUOTE_ORDER_UNITS);
  at = putFieldAt(view, at, 0x70, f64, d + CREATED_US);
  const selfTradePrevention = u8[b + SELF_TRADE_PREVENTION] as number;
  if (selfTradePrevention !== 0) {
    view.setUint16(at, 0x0190, true);
    at = putSmall(view, at + 2, selfTradePrevention);
  }
  if (f64[d + WORKING_US] !== 0) {
    view.setUint16(at, 0x01c8, true);
    at = putWideAt(view, at + 2, f64, d + WORKING_US);
  }
  const length = at - b - KEPT_FIELDS;
  u8[b + KEPT_FIELDS_LENGTH] = length;
  return length;
}

/** Whether what is encoded in an order's record is what the record says. For checks: it encodes afresh. */
export function keptFieldsHold(orders: OrderStore, slot: number): boolean {
  const { u8 } = orders;
  const b = recordAt(slot);
  const length = u8[b + KEPT_FIELDS_LENGTH] as number;
  if (length === 0) return true;
  const encoded = Buffer.from(u8.subarray(b + KEPT_FIELDS, b + KEPT_FIELDS + length));
  return encodeKeptFields(orders, slot) === length && encoded.equals(u8.subarray(b + KEPT_FIELDS, b + KEPT_FIELDS + length));
}

// Fields 20 to 24, and 26 on.
function writeFirstTerms(out: ProtobufWriter, terms: ToldTerms): void {
  out.uintField2(160, terms.stopPriceTicks);
  out.uintField2(168, terms.trailingDeltaBips);
  out.uintField2(176, terms.icebergLots);
  out.uintField2(184, terms.expireTimeUs);
  if (terms.list !== undefined) out.uintField2(192, terms.list.id);
}

function writeLastTerms(out: ProtobufWriter, terms: ToldTerms): void {
  out.uintField2(208, terms.pegType);
  out.uintField2(216, terms.pegOffsetLevels);
  out.uintField2(224, terms.triggeredUs);
  out.uintField2(240, terms.trailingExtremeTicks);
}

// The sint64 field of a difference between exact amounts, unless it is 0.
function putChange(view: DataView, at: number, tag: number, change: number): number {
  if (change === 0) return at;
  view.setUint8(at, tag);
  const zigzag = change < 0 ? -change * 2 - 1 : change * 2;
  if (zigzag <= EXACT_MAX) return putWide(view, at + 1, zigzag);
  // One bit more than a double is exact to: the lowest byte is apart.
  const size = change < 0 ? -change : change;
  const upper = Math.floor((size - (change < 0 ? 1 : 0)) / 64);
  const lower = (size - (change < 0 ? 1 : 0) - upper * 64) * 2 + (change < 0 ? 1 : 0);
  view.setUint8(at + 1, lower | 0x80);
  return putWide(view, at + 2, upper);
}

// The length of a nested message in the two bytes kept for it.
function putLength(view: DataView, at: number, length: number): void {
  view.setUint16(at, (length & 127) | 128 | ((length >>> 7) << 8), true);
}

// The sint64 field of a difference, given as two balances of two limbs.
function changeField(out: ProtobufWriter, tag: number, limbs: Float64Array, at: number, before: Float64Array, was: number): void {
  let low = (limbs[at] as number) - (before[was] as number);
  let high = (limbs[at + 1] as number) - (before[was + 1] as number);
  const down = high < 0 || (high === 0 && low < 0);
  if (down) {
    low = -low;
    high = -high;
  }
  if (low < 0) {
    low += LIMB;
    high -= 1;
  }
  out.signedLimbsField(tag, down, high, low);
}

export { ORDER_BYTES_MAX };

export class EventWriter implements EventSink {
  readonly #out = new ProtobufWriter(1 << 16);
  readonly #orders: OrderStore;
  readonly #accounts: Accounts;
  #group = 0;
  #empty = true;
  // The batch's time, and how it is encoded: nearly every order that an event tells was updated at it.
  #timeUs = 0;
  #timeLow = 0;
  #timeHigh = 0;
  #timeLength = 0;
  // The four amounts of a BalanceChanged.
  readonly #amounts = new Float64Array(4);

  constructor(orders: OrderStore, accounts: Accounts) {
    this.#orders = orders;
    this.#accounts = accounts;
  }

  /** The ingress's id stands in `bytes`. */
  startBatch(epoch: number, entry: number, chain: Uint8Array, bytes: Uint8Array, ingressIdAt: number, ingressIdLength: number, timeUs: number): void {
    const out = this.#out;
    out.at = 0;
    out.reserve(BATCH_BYTES_MAX + ingressIdLength);
    out.uintField(0x08, epoch);
    out.uintField(0x10, entry);
    out.bytesField(0x1a, chain, 0, chain.length);
    out.bytesField(0x22, bytes, ingressIdAt, ingressIdLength);
    if (timeUs !== 0) {
      out.byte(0x28);
      const start = out.at;
      out.varint(timeUs);
      this.#timeUs = timeUs;
      this.#timeLow = out.view.getInt32(start, true);
      this.#timeHigh = out.view.getInt32(start + 4, true);
      this.#timeLength = out.at - start;
    }
  }

  startGroup(seq: number, requestNo: number, accountId: number): void {
    const out = this.#out;
    out.reserve(GROUP_BYTES_MAX);
    this.#group = out.begin4(0x32);
    const { view } = out;
    let at = putField(view, out.at, 0x08, seq);
    at = putField(view, at, 0x10, requestNo);
    out.at = putField(view, at, 0x18, accountId);
    this.#empty = true;
  }

  /** Whether the running group has no event yet. */
  get groupEmpty(): boolean {
    return this.#empty;
  }

  endGroup(): void {
    this.#out.end4(this.#group);
  }

  /** The batch; valid until the next `startBatch`. */
  batch(): Uint8Array {
    return this.#out.written();
  }

  orderAccepted(slot: number): void {
    this.#orderEvent(0x0a, slot);
  }

  orderTriggered(slot: number): void {
    this.#orderEvent(0x52, slot);
  }

  orderCanceled(slot: number, reason: CancelReason): void {
    this.#orders.u8[recordAt(slot) + CANCEL_REASON] = reason;
    this.#orderEvent(0x22, slot);
  }

  orderExpired(slot: number, reason: ExpiryReason): void {
    this.#orders.u8[recordAt(slot) + EXPIRY_REASON] = reason;
    this.#orderEvent(0x2a, slot);
  }

  orderRejected(reason: RejectReason, marketId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + clientIdLength);
    const body = out.begin2(0x12);
    out.uintField(0x08, reason);
    out.uintField(0x10, marketId);
    out.bytesField(0x1a, bytes, clientIdAt, clientIdLength);
    out.end2(body);
    out.end2(event);
  }

  tradeExecuted(
    marketId: number,
    tradeId: number,
    priceTicks: number,
    quantityLots: number,
    quoteUnits: number,
    takerSide: number,
    maker: number,
    makerFeeUnits: number,
    makerFeeAsset: number,
    taker: number,
    takerFeeUnits: number,
    takerFeeAsset: number,
  ): void {
    this.#empty = false;
    const out = this.#out;
    out.reserve(EVENT_BYTES_MAX * 2 + ORDER_BYTES_MAX * 2);
    const { view } = out;
    const amounts = this.#amounts;
    amounts[0] = quoteUnits;
    amounts[1] = makerFeeUnits;
    amounts[2] = takerFeeUnits;
    const start = out.at;
    view.setUint8(start, EVENTS);
    view.setUint8(start + 3, 0x1a);
    view.setUint8(start + 6, 0x08);
    let at = putSmall(view, start + 7, marketId);
    view.setUint8(at, 0x10);
    at = putWide(view, at + 1, tradeId);
    view.setUint8(at, 0x18);
    at = putWide(view, at + 1, priceTicks);
    view.setUint8(at, 0x20);
    at = putWide(view, at + 1, quantityLots);
    view.setUint8(at, 0x28);
    at = putWideAt(view, at + 1, amounts, 0);
    view.setUint16(at, 0x30 | (takerSide << 8), true);
    at = this.#putTradeSide(view, at + 2, 0x3a, maker, 1, makerFeeAsset);
    at = this.#putTradeSide(view, at, 0x42, taker, 2, takerFeeAsset);
    out.at = at;
    putLength(view, start + 4, at - start - 6);
    putLength(view, start + 1, at - start - 3);
  }

  tradePrevented(taker: number, maker: number, lots: number, priceTicks: number): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX * 2 + ORDER_BYTES_MAX * 2);
    const body = out.begin2(0x5a);
    out.uintField(0x08, this.#accounts.executionSeq[this.#countExecution(taker)] as number);
    const takerOrder = out.begin2(ORDER_2);
    out.at = this.#putOrder(out.view, out.at, taker);
    out.end2(takerOrder);
    const makerOrder = out.begin2(0x1a);
    out.at = this.#putOrder(out.view, out.at, maker);
    out.end2(makerOrder);
    out.uintField(0x20, lots);
    out.uintField(0x28, priceTicks);
    out.uintField(0x30, this.#accounts.executionSeq[this.#countExecution(maker)] as number);
    out.end2(body);
    out.end2(event);
  }

  ordersCanceled(count: number): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    const body = out.begin2(0x62);
    out.uintField(0x08, count);
    out.end2(body);
    out.end2(event);
  }

  orderAmended(slot: number, keptPriority: boolean): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + ORDER_BYTES_MAX);
    const body = out.begin2(0x42);
    out.uintField(0x08, this.#accounts.executionSeq[this.#countExecution(slot)] as number);
    const order = out.begin2(ORDER_2);
    out.at = this.#putOrder(out.view, out.at, slot);
    out.end2(order);
    out.uintField(0x18, keptPriority ? 1 : 0);
    out.end2(body);
    out.end2(event);
  }

  cancelRejected(reason: RejectReason, marketId: number, orderId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void {
    this.#refusal(0x3a, reason, marketId, orderId, bytes, clientIdAt, clientIdLength);
  }

  amendRejected(reason: RejectReason, marketId: number, orderId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void {
    this.#refusal(0x4a, reason, marketId, orderId, bytes, clientIdAt, clientIdLength);
  }

  // CancelRejected and AmendRejected say the same.
  #refusal(tag: number, reason: RejectReason, marketId: number, orderId: number, bytes: Uint8Array, clientIdAt: number, clientIdLength: number): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + clientIdLength);
    const body = out.begin2(tag);
    out.uintField(0x08, reason);
    out.uintField(0x10, marketId);
    out.uintField(0x18, orderId);
    out.bytesField(0x22, bytes, clientIdAt, clientIdLength);
    out.end2(body);
    out.end2(event);
  }

  commandRejected(reason: RejectReason): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    const body = out.begin2(0x7a);
    out.uintField(0x08, reason);
    out.end2(body);
    out.end2(event);
  }

  timeAdvanced(): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    // Field 34, length-delimited, empty.
    out.byte(0x92);
    out.byte(0x02);
    out.byte(0);
    out.end2(event);
  }

  balanceChanged(account: number, asset: number, limbs: Float64Array, at: number, before: Float64Array, was: number): void {
    const seqs = this.#accounts.balanceSeq;
    const seq = (seqs[account] as number) + 1;
    seqs[account] = seq;
    this.#empty = false;
    const out = this.#out;
    out.reserve(EVENT_BYTES_MAX);
    const { view } = out;
    const start = out.at;
    view.setUint8(start, EVENTS);
    view.setUint8(start + 3, 0x32);
    view.setUint8(start + 6, 0x08);
    let to = putSmall(view, start + 7, account + 1);
    view.setUint8(to, 0x10);
    to = putWide(view, to + 1, seq);
    view.setUint8(to, 0x18);
    to = putSmall(view, to + 1, asset + 1);
    if ((limbs[at + 1] as number) < EXACT_LIMB && (limbs[at + 3] as number) < EXACT_LIMB && (before[was + 1] as number) < EXACT_LIMB && (before[was + 3] as number) < EXACT_LIMB) {
      // Nearly always: all four amounts are exact in doubles.
      const available = (limbs[at + 1] as number) * LIMB + (limbs[at] as number);
      const held = (limbs[at + 3] as number) * LIMB + (limbs[at + 2] as number);
      const availableChange = available - ((before[was + 1] as number) * LIMB + (before[was] as number));
      const heldChange = held - ((before[was + 3] as number) * LIMB + (before[was + 2] as number));
      if (availableChange <= ZIGZAG_EXACT && availableChange >= -ZIGZAG_EXACT && heldChange <= ZIGZAG_EXACT && heldChange >= -ZIGZAG_EXACT) {
        const amounts = this.#amounts;
        amounts[0] = available;
        amounts[1] = held;
        amounts[2] = availableChange < 0 ? -availableChange * 2 - 1 : availableChange * 2;
        amounts[3] = heldChange < 0 ? -heldChange * 2 - 1 : heldChange * 2;
        for (let i = 0; i < 4; i++) to = putFieldAt(view, to, 0x20 + i * 8, amounts, i);
      } else {
        to = putField(view, to, 0x20, available);
        to = putField(view, to, 0x28, held);
        to = putChange(view, to, 0x30, availableChange);
        to = putChange(view, to, 0x38, heldChange);
      }
      out.at = to;
    } else {
      out.at = to;
      out.limbsField(0x20, limbs[at + 1] as number, limbs[at] as number);
      out.limbsField(0x28, limbs[at + 3] as number, limbs[at + 2] as number);
      changeField(out, 0x30, limbs, at, before, was);
      changeField(out, 0x38, limbs, at + 2, before, was + 2);
    }
    putLength(view, start + 4, out.at - start - 6);
    putLength(view, start + 1, out.at - start - 3);
  }

  other(body: EventInit): void {
    const bytes = toBinary(EventSchema, create(EventSchema, { body }));
    const event = this.#startEvent(EVENT_BYTES_MAX + bytes.length);
    this.#out.copy(bytes, 0, bytes.length);
    this.#out.end2(event);
  }

  // An order as events tell it: a plain one's kept fields are copied, and only what changes is encoded. In what order the
  // fields of a message come makes no difference to who reads it.
  #putOrder(view: DataView, start: number, slot: number): number {
    const { f64, i32, u8 } = this.#orders;
    const w = slot * RECORD_I32;
    if (i32[w + TERMS] !== 0) {
      this.#out.at = start;
      writeOrder(this.#out, this.#orders, slot);
      return this.#out.at;
    }
    const d = slot * RECORD_F64;
    const b = recordAt(slot);
    let at = start;
    view.setInt32(at, 0x0030_0028 | ((u8[b + SIDE] as number) << 8) | ((u8[b + TYPE] as number) << 24), true);
    view.setInt32(at + 4, 0x0040_0038 | ((u8[b + TIME_IN_FORCE] as number) << 8) | ((u8[b + STATUS] as number) << 24), true);
    at += 8;
    const length = (u8[b + KEPT_FIELDS_LENGTH] as number) || encodeKeptFields(this.#orders, slot);
    // Whole words: what is copied beyond the length is overwritten by what follows.
    for (let word = w + KEPT_FIELDS / 4, to = at, end = at + length; to < end; word++, to += 4) view.setInt32(to, i32[word] as number, true);
    at += length;
    at = putFieldAt(view, at, 0x60, f64, d + EXECUTED_LOTS);
    at = putFieldAt(view, at, 0x68, f64, d + EXECUTED_QUOTE_UNITS);
    if (f64[d + UPDATED_US] === this.#timeUs) {
      view.setUint8(at, 0x78);
      view.setInt32(at + 1, this.#timeLow, true);
      view.setInt32(at + 5, this.#timeHigh, true);
      at += 1 + this.#timeLength;
    } else at = putFieldAt(view, at, 0x78, f64, d + UPDATED_US);
    const expiryReason = u8[b + EXPIRY_REASON] as number;
    const cancelReason = u8[b + CANCEL_REASON] as number;
    const amendCount = i32[w + AMEND_COUNT] as number;
    if ((expiryReason | cancelReason | amendCount) !== 0 || f64[d + PREVENTED_LOTS] !== 0) {
      const out = this.#out;
      out.at = at;
      out.uintField2(128, expiryReason);
      out.uintField2(136, cancelReason);
      out.uintField2(152, f64[d + PREVENTED_LOTS] as number);
      out.uintField2(232, amendCount);
      at = out.at;
    }
    return at;
  }

  #startEvent(bytesMax: number): number {
    this.#empty = false;
    this.#out.reserve(bytesMax);
    return this.#out.begin2(EVENTS);
  }

  #orderEvent(tag: number, slot: number): void {
    this.#empty = false;
    const out = this.#out;
    out.reserve(EVENT_BYTES_MAX + ORDER_BYTES_MAX);
    const { view } = out;
    const start = out.at;
    view.setUint8(start, EVENTS);
    view.setUint8(start + 3, tag);
    view.setUint8(start + 6, 0x08);
    const order = putWideAt(view, start + 7, this.#accounts.executionSeq, this.#countExecution(slot));
    view.setUint8(order, ORDER_2);
    const end = this.#putOrder(view, order + 3, slot);
    out.at = end;
    putLength(view, order + 1, end - order - 3);
    putLength(view, start + 4, end - start - 6);
    putLength(view, start + 1, end - start - 3);
  }

  #putTradeSide(view: DataView, start: number, tag: number, slot: number, feeUnits: number, feeAsset: number): number {
    view.setUint8(start, tag);
    view.setUint8(start + 3, 0x08);
    const order = putWideAt(view, start + 4, this.#accounts.executionSeq, this.#countExecution(slot));
    view.setUint8(order, ORDER_2);
    let at = this.#putOrder(view, order + 3, slot);
    putLength(view, order + 1, at - order - 3);
    at = putFieldAt(view, at, 0x18, this.#amounts, feeUnits);
    view.setUint8(at, 0x20);
    at = putSmall(view, at + 1, feeAsset + 1);
    putLength(view, start + 1, at - start - 3);
    return at;
  }

  // Counts one more event of the order's owner; answers his row, where the number stands.
  #countExecution(slot: number): number {
    const seqs = this.#accounts.executionSeq;
    const row = this.#orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
    seqs[row] = (seqs[row] as number) + 1;
    return row;
  }
}

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
import { ProtobufWriter, putFields, putSmall, putWide } from "./protobufWriter.ts";

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

/** The most fields in a row. */
const VALUES_MAX = 7;

const EVENTS = 0x22; // EventGroup.events
const ORDER_2 = 0x12; // field 2 of the events that carry one order

/** Writes one Order, fields in order; the caller has reserved ORDER_BYTES_MAX. */
export function writeOrder(out: ProtobufWriter, orders: OrderRecords, slot: number): void {
  out.at = putOrder(out, out.at, orders, slot);
}

function putOrder(out: ProtobufWriter, start: number, orders: OrderRecords, slot: number): number {
  const { f64, i32, u8 } = orders;
  const { bytes } = out;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  bytes[start] = 0x08;
  let at = putWide(bytes, start + 1, f64[d + ORDER_ID] as number);
  bytes[at] = 0x10;
  at = putSmall(bytes, at + 1, (i32[w + ACCOUNT] as number) + 1);
  bytes[at] = 0x18;
  at = putSmall(bytes, at + 1, (i32[w + MARKET] as number) + 1);
  const idLength = u8[b + CLIENT_ID_LENGTH] as number;
  if (idLength !== 0) {
    bytes[at] = 0x22;
    bytes[at + 1] = idLength;
    at += 2;
    // Whole words: what is copied beyond the id is overwritten by what follows it.
    for (let word = w + CLIENT_ID, end = word + ((idLength + 3) >> 2), to = at; word < end; word++, to += 4) {
      const four = i32[word] as number;
      bytes[to] = four;
      bytes[to + 1] = four >>> 8;
      bytes[to + 2] = four >>> 16;
      bytes[to + 3] = four >>> 24;
    }
    at += idLength;
  }
  // What an order always has.
  bytes[at] = 0x28;
  bytes[at + 1] = u8[b + SIDE] as number;
  bytes[at + 2] = 0x30;
  bytes[at + 3] = u8[b + TYPE] as number;
  bytes[at + 4] = 0x38;
  bytes[at + 5] = u8[b + TIME_IN_FORCE] as number;
  bytes[at + 6] = 0x40;
  bytes[at + 7] = u8[b + STATUS] as number;
  at += 8;
  const priceTicks = i32[w + PRICE_TICKS] as number;
  if (priceTicks !== 0) {
    bytes[at] = 0x48;
    at = putWide(bytes, at + 1, priceTicks);
  }
  // Quantity, quote amount, what of both was executed, created, updated.
  at = putFields(bytes, at, 0x50, f64, d + QUANTITY_LOTS, 6);
  // Seldom set: reasons of an end, self-trade prevention, amendments, terms.
  const rare = (u8[b + EXPIRY_REASON] as number) | (u8[b + CANCEL_REASON] as number) | (u8[b + SELF_TRADE_PREVENTION] as number) | (i32[w + AMEND_COUNT] as number) | (i32[w + TERMS] as number);
  if (rare !== 0 || f64[d + PREVENTED_LOTS] !== 0) {
    out.at = at;
    writeRareFields(out, orders, slot);
    at = out.at;
  }
  if (f64[d + WORKING_US] !== 0) {
    bytes[at] = 0xc8;
    bytes[at + 1] = 0x01;
    at = putWide(bytes, at + 2, f64[d + WORKING_US] as number);
  }
  return at;
}

// In what order the fields of a message come makes no difference to who reads it.
function writeRareFields(out: ProtobufWriter, orders: OrderRecords, slot: number): void {
  const { f64, i32, u8 } = orders;
  const b = recordAt(slot);
  out.uintField2(128, u8[b + EXPIRY_REASON] as number);
  out.uintField2(136, u8[b + CANCEL_REASON] as number);
  out.uintField2(144, u8[b + SELF_TRADE_PREVENTION] as number);
  out.uintField2(152, f64[slot * RECORD_F64 + PREVENTED_LOTS] as number);
  out.uintField2(232, i32[slot * RECORD_I32 + AMEND_COUNT] as number);
  const terms = i32[slot * RECORD_I32 + TERMS] === 0 ? undefined : orders.termsOf(slot);
  if (terms !== undefined) writeTerms(out, terms);
}

function writeTerms(out: ProtobufWriter, terms: ToldTerms): void {
  out.uintField2(160, terms.stopPriceTicks);
  out.uintField2(168, terms.trailingDeltaBips);
  out.uintField2(176, terms.icebergLots);
  out.uintField2(184, terms.expireTimeUs);
  if (terms.list !== undefined) out.uintField2(192, terms.list.id);
  out.uintField2(208, terms.pegType);
  out.uintField2(216, terms.pegOffsetLevels);
  out.uintField2(224, terms.triggeredUs);
  out.uintField2(240, terms.trailingExtremeTicks);
}

// The length of a nested message in the two bytes kept for it.
function putLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length | 0x80;
  bytes[at + 1] = length >>> 7;
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
  // Of a message's fields that come in a row: what `putFields` is given.
  readonly #values = new Float64Array(VALUES_MAX);

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
    out.uintField(0x28, timeUs);
  }

  startGroup(seq: number, requestNo: number, accountId: number): void {
    const out = this.#out;
    out.reserve(GROUP_BYTES_MAX);
    this.#group = out.begin4(0x32);
    const values = this.#values;
    values[0] = seq;
    values[1] = requestNo;
    values[2] = accountId;
    out.at = putFields(out.bytes, out.at, 0x08, values, 0, 3);
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
    const { bytes } = out;
    const values = this.#values;
    values[0] = marketId;
    values[1] = tradeId;
    values[2] = priceTicks;
    values[3] = quantityLots;
    values[4] = quoteUnits;
    values[5] = takerSide;
    const start = out.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = 0x1a;
    let at = putFields(bytes, start + 6, 0x08, values, 0, 6);
    values[0] = makerFeeUnits;
    values[1] = makerFeeAsset + 1;
    at = this.#putTradeSide(at, 0x3a, maker);
    values[0] = takerFeeUnits;
    values[1] = takerFeeAsset + 1;
    at = this.#putTradeSide(at, 0x42, taker);
    out.at = at;
    putLength(bytes, start + 4, at - start - 6);
    putLength(bytes, start + 1, at - start - 3);
  }

  tradePrevented(taker: number, maker: number, lots: number, priceTicks: number): void {
    const out = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX * 2 + ORDER_BYTES_MAX * 2);
    const body = out.begin2(0x5a);
    out.uintField(0x08, this.#accounts.executionSeq[this.#countExecution(taker)] as number);
    const takerOrder = out.begin2(ORDER_2);
    writeOrder(out, this.#orders, taker);
    out.end2(takerOrder);
    const makerOrder = out.begin2(0x1a);
    writeOrder(out, this.#orders, maker);
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
    writeOrder(out, this.#orders, slot);
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
    const { bytes } = out;
    const values = this.#values;
    values[0] = account + 1;
    values[1] = seq;
    values[2] = asset + 1;
    const start = out.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = 0x32;
    let fields = 3;
    if ((limbs[at + 1] as number) < EXACT_LIMB && (limbs[at + 3] as number) < EXACT_LIMB && (before[was + 1] as number) < EXACT_LIMB && (before[was + 3] as number) < EXACT_LIMB) {
      const available = (limbs[at + 1] as number) * LIMB + (limbs[at] as number);
      const held = (limbs[at + 3] as number) * LIMB + (limbs[at + 2] as number);
      const availableChange = available - ((before[was + 1] as number) * LIMB + (before[was] as number));
      const heldChange = held - ((before[was + 3] as number) * LIMB + (before[was + 2] as number));
      if (availableChange <= ZIGZAG_EXACT && availableChange >= -ZIGZAG_EXACT && heldChange <= ZIGZAG_EXACT && heldChange >= -ZIGZAG_EXACT) {
        // Nearly always: all four amounts are exact in doubles.
        values[3] = available;
        values[4] = held;
        values[5] = availableChange < 0 ? -availableChange * 2 - 1 : availableChange * 2;
        values[6] = heldChange < 0 ? -heldChange * 2 - 1 : heldChange * 2;
        fields = 7;
      }
    }
    out.at = putFields(bytes, start + 6, 0x08, values, 0, fields);
    if (fields === 3) {
      out.limbsField(0x20, limbs[at + 1] as number, limbs[at] as number);
      out.limbsField(0x28, limbs[at + 3] as number, limbs[at + 2] as number);
      changeField(out, 0x30, limbs, at, before, was);
      changeField(out, 0x38, limbs, at + 2, before, was + 2);
    }
    putLength(bytes, start + 4, out.at - start - 6);
    putLength(bytes, start + 1, out.at - start - 3);
  }

  other(body: EventInit): void {
    const bytes = toBinary(EventSchema, create(EventSchema, { body }));
    const event = this.#startEvent(EVENT_BYTES_MAX + bytes.length);
    this.#out.copy(bytes, 0, bytes.length);
    this.#out.end2(event);
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
    const { bytes } = out;
    const start = out.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = tag;
    const end = this.#putCountedOrder(start + 6, slot);
    out.at = end;
    putLength(bytes, start + 4, end - start - 6);
    putLength(bytes, start + 1, end - start - 3);
  }

  // Execution seq, and the order: the first two fields of all that tell one.
  #putCountedOrder(start: number, slot: number): number {
    const { bytes } = this.#out;
    bytes[start] = 0x08;
    const order = putWide(bytes, start + 1, this.#accounts.executionSeq[this.#countExecution(slot)] as number);
    bytes[order] = ORDER_2;
    const end = putOrder(this.#out, order + 3, this.#orders, slot);
    putLength(bytes, order + 1, end - order - 3);
    return end;
  }

  // Fee and its asset stand in `#values`.
  #putTradeSide(start: number, tag: number, slot: number): number {
    const { bytes } = this.#out;
    bytes[start] = tag;
    const end = putFields(bytes, this.#putCountedOrder(start + 3, slot), 0x18, this.#values, 0, 2);
    putLength(bytes, start + 1, end - start - 3);
    return end;
  }

  // Counts one more event of the order's owner; answers his row, where the number stands.
  #countExecution(slot: number): number {
    const seqs = this.#accounts.executionSeq;
    const row = this.#orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
    seqs[row] = (seqs[row] as number) + 1;
    return row;
  }
}

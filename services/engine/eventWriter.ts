// The engine's events as EventBatch bytes, written straight into one buffer: no object per event on the hot path. The
// frequent ones are encoded in WebAssembly (encoder/), the others here.
//
// Never: decides what happened; it is told in primitive arguments (EventSink), so that a test can listen in its place.
// Proven decode-equal to protobuf-es by eventWriter.test.ts.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { EventSchema } from "../../gen/tickwire/v1/event_pb.ts";
import type { CancelReason, ExpiryReason, RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import type { Accounts } from "./accounts.ts";
import { BATCH_AT, closeEvent, closeTradeSide, encoderWriter, ORDER_AT, putBalance, putGroupHead, putOrder, putTradeHead, TERMS_AT, TERMS_BYTES_MAX } from "./encoder/eventEncoder.ts";
import type { BalanceSink } from "./ledger.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  CANCEL_REASON,
  CLIENT_ID,
  CREATED_US,
  EXECUTED_LOTS,
  EXECUTED_QUOTE_UNITS,
  EXPIRY_REASON,
  MARKET,
  ORDER_ID,
  ORDER_ENDS,
  ORDER_KINDS,
  PREVENTED_LOTS,
  PRICE_TICKS,
  QUANTITY_LOTS,
  QUOTE_ORDER_UNITS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  TERMS,
  UPDATED_US,
  WORKING_US,
  type OrderRecords,
  type OrderStore,
} from "./orderStore.ts";
import type { ToldTerms } from "./orderTerms.ts";
import { ProtobufWriter } from "./protobufWriter.ts";

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

// Bounds for `reserve`: an Order with every varint at its longest, events made of one or two of them, and the eight bytes
// that the encoder may write beyond.
export const ORDER_BYTES_MAX = 480;
const EVENT_BYTES_MAX = 128;
const GROUP_BYTES_MAX = 64;
const BATCH_BYTES_MAX = 256;

const EVENTS = 0x22; // EventGroup.events
const ORDER_2 = 0x12; // field 2 of the events that carry one order

/** Writes one Order; the caller has reserved ORDER_BYTES_MAX. */
export function writeOrder(out: ProtobufWriter, orders: OrderRecords, slot: number): void {
  const end = putOrderOf(orders, slot, ORDER_AT, 0);
  out.copy(encoderWriter.bytes, ORDER_AT, end - ORDER_AT);
}

// An order where the encoder writes, at `start`; answers where it ends.
function putOrderOf(orders: OrderRecords, slot: number, start: number, executionSeq: number): number {
  const { f64, i32 } = orders;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  return putOrder(
    start,
    executionSeq,
    f64[d + ORDER_ID] as number,
    (i32[w + ACCOUNT] as number) + 1,
    (i32[w + MARKET] as number) + 1,
    i32[w + CLIENT_ID] as number,
    i32[w + CLIENT_ID + 1] as number,
    i32[w + CLIENT_ID + 2] as number,
    i32[w + CLIENT_ID + 3] as number,
    i32[w + CLIENT_ID + 4] as number,
    i32[w + CLIENT_ID + 5] as number,
    i32[w + CLIENT_ID + 6] as number,
    i32[w + CLIENT_ID + 7] as number,
    i32[w + CLIENT_ID + 8] as number,
    i32[w + ORDER_KINDS] as number,
    i32[w + ORDER_ENDS] as number,
    i32[w + PRICE_TICKS] as number,
    f64[d + QUANTITY_LOTS] as number,
    f64[d + QUOTE_ORDER_UNITS] as number,
    f64[d + EXECUTED_LOTS] as number,
    f64[d + EXECUTED_QUOTE_UNITS] as number,
    f64[d + CREATED_US] as number,
    f64[d + UPDATED_US] as number,
    f64[d + PREVENTED_LOTS] as number,
    i32[w + AMEND_COUNT] as number,
    f64[d + WORKING_US] as number,
    TERMS_AT,
    i32[w + TERMS] === 0 ? 0 : layTerms(orders.termsOf(slot)),
  );
}

const laidTerms = new ProtobufWriter(TERMS_BYTES_MAX);

// Few orders have terms: they are encoded here, and only copied into their place there. Answers how many bytes they take.
function layTerms(terms: ToldTerms | undefined): number {
  if (terms === undefined) return 0;
  laidTerms.at = 0;
  writeTerms(laidTerms, terms);
  encoderWriter.bytes.set(laidTerms.written(), TERMS_AT);
  return laidTerms.at;
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

export class EventWriter implements EventSink {
  readonly #out = encoderWriter;
  readonly #orders: OrderStore;
  readonly #accounts: Accounts;
  #group = 0;
  #empty = true;
  #batch = new Uint8Array(1 << 16);

  constructor(orders: OrderStore, accounts: Accounts) {
    this.#orders = orders;
    this.#accounts = accounts;
  }

  /** The ingress's id stands in `bytes`. */
  startBatch(epoch: number, entry: number, chain: Uint8Array, bytes: Uint8Array, ingressIdAt: number, ingressIdLength: number, timeUs: number): void {
    const out = this.#out;
    out.at = BATCH_AT;
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
    out.at = putGroupHead(out.at, seq, requestNo, accountId);
    this.#empty = true;
  }

  /** Whether the running group has no event yet. */
  get groupEmpty(): boolean {
    return this.#empty;
  }

  endGroup(): void {
    this.#out.end4(this.#group);
  }

  /** The batch, to be asked for before any other engine starts one; valid until this one's next `startBatch`. */
  batch(): Uint8Array {
    const { bytes, at } = this.#out;
    const length = at - BATCH_AT;
    if (length > this.#batch.length) this.#batch = new Uint8Array(Math.max(length, this.#batch.length * 2));
    this.#batch.set(bytes.subarray(BATCH_AT, at));
    return this.#batch.subarray(0, length);
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
    const start = out.at;
    const sides = putTradeHead(start + 6, marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide);
    const taken = closeTradeSide(sides, 0x3a, this.#putCountedOrder(sides + 3, maker), makerFeeUnits, makerFeeAsset + 1);
    const end = closeTradeSide(taken, 0x42, this.#putCountedOrder(taken + 3, taker), takerFeeUnits, takerFeeAsset + 1);
    closeEvent(start, 0x1a, end);
    out.at = end;
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
    this.#empty = false;
    out.reserve(EVENT_BYTES_MAX + ORDER_BYTES_MAX);
    const start = out.at;
    out.at = this.#putCountedOrder(start + 6, slot);
    out.uintField(0x18, keptPriority ? 1 : 0);
    closeEvent(start, 0x42, out.at);
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
    out.at = putBalance(
      out.at,
      account + 1,
      seq,
      asset + 1,
      limbs[at] as number,
      limbs[at + 1] as number,
      limbs[at + 2] as number,
      limbs[at + 3] as number,
      before[was] as number,
      before[was + 1] as number,
      before[was + 2] as number,
      before[was + 3] as number,
    );
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
    const start = out.at;
    const end = this.#putCountedOrder(start + 6, slot);
    closeEvent(start, tag, end);
    out.at = end;
  }

  // Execution seq, and the order: the first two fields of all that tell one.
  #putCountedOrder(start: number, slot: number): number {
    return putOrderOf(this.#orders, slot, start, this.#accounts.executionSeq[this.#countExecution(slot)] as number);
  }

  // Counts one more event of the order's owner; answers his row, where the number stands.
  #countExecution(slot: number): number {
    const seqs = this.#accounts.executionSeq;
    const row = this.#orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
    seqs[row] = (seqs[row] as number) + 1;
    return row;
  }
}

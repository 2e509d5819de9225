// Every open order, one fixed-size record in a flat buffer, found by order id or by (account, client order id).
//
// Never: decides anything about an order. Invariant: each slot in use is in both indexes exactly once; nothing here is
// visible to the outside in slot order, so slots may be reused freely.
import { copyClientIdWords, type ClientOrderId } from "./clientOrderId.ts";
import type { FreezeArea } from "./freezeArea.ts";
import { invariant } from "./invariants.ts";
import { freezeTerms, OrderTerms, TERMS_F64, type ToldTerms } from "./orderTerms.ts";
import { SlotIndex } from "./slotIndex.ts";

// A record is 192 bytes, three cache lines: what matching touches, what only events tell, and the client order id.
export const RECORD_BYTES = 192;
export const RECORD_F64 = RECORD_BYTES / 8;
export const RECORD_I32 = RECORD_BYTES / 4;

// Offsets in doubles.
export const REMAINING_LOTS = 0;
export const ORDER_ID = 1;
export const QUANTITY_LOTS = 8;
export const QUOTE_ORDER_UNITS = 9;
export const EXECUTED_LOTS = 10;
export const EXECUTED_QUOTE_UNITS = 11;
export const CREATED_US = 12;
export const UPDATED_US = 13;
export const WORKING_US = 14;
export const PREVENTED_LOTS = 15;
// Offsets in int32 words.
export const NEXT = 4;
export const PREVIOUS = 5;
export const LEVEL = 6;
export const PRICE_TICKS = 7;
export const ACCOUNT = 8;
export const MARKET = 9;
export const ACCOUNT_NEXT = 12;
export const ACCOUNT_PREVIOUS = 13;
export const CLIENT_HASH = 14;
/** Leads to the order's OrderTerms; 0 when it has none. */
export const TERMS = 15;
/** The first of CLIENT_ID_WORDS words. */
export const CLIENT_ID = 32;
export const AMEND_COUNT = 41;
/** Side, type, time in force and status as one word; self-trade prevention, both reasons and the id's length as another. */
export const ORDER_KINDS = 10;
export const ORDER_ENDS = 11;
// Offsets in bytes.
export const SIDE = 40;
export const TYPE = 41;
export const TIME_IN_FORCE = 42;
export const STATUS = 43;
export const SELF_TRADE_PREVENTION = 44;
export const EXPIRY_REASON = 45;
export const CANCEL_REASON = 46;
export const CLIENT_ID_LENGTH = 47;
/** 1 while an auction collects the order; it then stands in the auction's queues, not in the book. */
export const COLLECTED = 168;
const LAST_F64 = COLLECTED / 8;

/** No order: slots count from 1. */
export const NO_SLOT = 0;

/** Orders as records, for whoever only reads them. */
export interface OrderRecords {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  termsOf(slot: number): ToldTerms | undefined;
}

/** The store at one moment: the records from slot 0 on, the index that names the slots in use, and terms by index. */
export interface FrozenOrders {
  readonly records: Uint8Array;
  readonly slotIndex: Int32Array;
  readonly terms: Float64Array;
}

export class OrderStore implements OrderRecords {
  /** The records as doubles, words and bytes: one buffer, three views, replaced when it grows. */
  f64: Float64Array;
  i32: Int32Array;
  u8: Uint8Array;
  /** Called when an order with terms is about to be forgotten, while its record still stands. */
  onTermsEnd: (terms: OrderTerms) => void = () => undefined;
  readonly #terms: (OrderTerms | undefined)[] = [undefined];
  readonly #freeTerms: number[] = [];
  #capacity: number;
  #used = 0;
  #unusedFrom = 1;
  #free = NO_SLOT;
  // By the lower 32 bits of the order's id, and by the hash of its client order id.
  readonly #byId: SlotIndex;
  readonly #byClientId: SlotIndex;

  constructor(capacity: number) {
    let slots = 16;
    while (slots < capacity) slots *= 2;
    this.#capacity = slots;
    const buffer = new ArrayBuffer(slots * RECORD_BYTES);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.#byId = new SlotIndex(slots, false);
    this.#byClientId = new SlotIndex(slots, true);
  }

  /** Orders in the store. */
  get size(): number {
    return this.#used;
  }

  /** A cleared slot for an order with this id; give it a client order id with `setClientId`. */
  add(orderId: number): number {
    let slot = this.#free;
    if (slot !== NO_SLOT) {
      this.#free = this.i32[slot * RECORD_I32 + NEXT] as number;
      // In one line each: a loop costs three times as much. A client order id counts for nothing once its length is 0.
      const f64 = this.f64;
      const at = slot * RECORD_F64;
      f64[at] = 0;
      f64[at + 2] = 0;
      f64[at + 3] = 0;
      f64[at + 4] = 0;
      f64[at + 5] = 0;
      f64[at + 6] = 0;
      f64[at + 7] = 0;
      f64[at + 8] = 0;
      f64[at + 9] = 0;
      f64[at + 10] = 0;
      f64[at + 11] = 0;
      f64[at + 12] = 0;
      f64[at + 13] = 0;
      f64[at + 14] = 0;
      f64[at + 15] = 0;
      f64[at + LAST_F64] = 0;
      this.i32[slot * RECORD_I32 + AMEND_COUNT] = 0;
    } else {
      if (this.#unusedFrom === this.#capacity) this.#grow();
      slot = this.#unusedFrom++;
    }
    this.#used++;
    this.f64[slot * RECORD_F64 + ORDER_ID] = orderId;
    this.#byId.insert(slot, orderId | 0);
    return slot;
  }

  /** Gives the order its client order id; ACCOUNT must be set. */
  setClientId(slot: number, id: ClientOrderId): void {
    const { i32 } = this;
    const at = slot * RECORD_I32;
    copyClientIdWords(id.words, 0, i32, at + CLIENT_ID);
    i32[at + CLIENT_HASH] = id.hash;
    this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] = id.length;
    this.#byClientId.insert(slot, id.hash);
  }

  /** Terms for an order that has none; its id, account, type and side must be set. */
  addTerms(slot: number): OrderTerms {
    const index = this.#freeTerms.pop() ?? this.#terms.length;
    const terms = new OrderTerms({
      slot,
      orderId: this.f64[slot * RECORD_F64 + ORDER_ID] as number,
      account: this.i32[slot * RECORD_I32 + ACCOUNT] as number,
      type: this.u8[slot * RECORD_BYTES + TYPE] as number,
      side: this.u8[slot * RECORD_BYTES + SIDE] as number,
    });
    this.#terms[index] = terms;
    this.i32[slot * RECORD_I32 + TERMS] = index;
    return terms;
  }

  /** The order's terms; undefined for a plain order. */
  termsOf(slot: number): OrderTerms | undefined {
    return this.#terms[this.i32[slot * RECORD_I32 + TERMS] as number];
  }

  /** Gives the order another client order id. */
  replaceClientId(slot: number, id: ClientOrderId): void {
    if (this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] !== 0) this.#removeClientId(slot);
    this.setClientId(slot, id);
  }

  /** Forgets the order; its slot may be handed out again at once. */
  remove(slot: number): void {
    if (this.i32[slot * RECORD_I32 + TERMS] !== 0) this.#removeTerms(slot);
    invariant(this.#byId.remove(slot, (this.f64[slot * RECORD_F64 + ORDER_ID] as number) | 0), "an order is not in the order id index");
    if (this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] !== 0) this.#removeClientId(slot);
    this.i32[slot * RECORD_I32 + NEXT] = this.#free;
    this.#free = slot;
    this.#used--;
  }

  /** What `freeze` takes of its area. */
  get frozenBytes(): number {
    return this.#unusedFrom * RECORD_BYTES + this.#byId.entries.byteLength + this.#terms.length * TERMS_F64 * 8;
  }

  freeze(area: FreezeArea): FrozenOrders {
    const records = area.u8(this.u8, this.#unusedFrom * RECORD_BYTES);
    const terms = area.emptyF64(this.#terms.length * TERMS_F64);
    for (let index = 0, at = 0; index < this.#terms.length; index++, at += TERMS_F64) {
      const kept = this.#terms[index];
      if (kept !== undefined) freezeTerms(kept, terms, at);
    }
    return { records, slotIndex: area.i32(this.#byId.entries), terms };
  }

  /** The slot of an order id, or NO_SLOT. */
  find(orderId: number): number {
    const index = this.#byId;
    const { entries } = index;
    const f64 = this.f64;
    const key = orderId | 0;
    for (let at = index.start(key); ; at = index.after(at)) {
      const slot = entries[at] as number;
      if (slot === NO_SLOT || (entries[at + 1] === key && f64[slot * RECORD_F64 + ORDER_ID] === orderId)) return slot;
    }
  }

  /** The slot of an account's open order with this client order id, or NO_SLOT. */
  findClientId(account: number, id: ClientOrderId): number {
    const index = this.#byClientId;
    const { entries } = index;
    const i32 = this.i32;
    const { hash } = id;
    for (let at = index.start(hash); ; at = index.after(at)) {
      const slot = entries[at] as number;
      if (slot === NO_SLOT) return NO_SLOT;
      const w = slot * RECORD_I32;
      if (entries[at + 1] === hash && i32[w + ACCOUNT] === account && id.is(i32, w + CLIENT_ID)) return slot;
    }
  }

  /** The order's client order id as text. Not for the hot path. */
  clientIdText(slot: number): string {
    const at = (slot * RECORD_I32 + CLIENT_ID) * 4;
    return Buffer.from(this.u8.buffer, at, this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH]).toString("latin1");
  }

  #removeTerms(slot: number): void {
    const index = this.i32[slot * RECORD_I32 + TERMS] as number;
    const terms = this.#terms[index];
    invariant(terms !== undefined && terms.slot === slot, "an order leads to another's terms");
    this.onTermsEnd(terms);
    this.#terms[index] = undefined;
    this.#freeTerms.push(index);
  }

  #removeClientId(slot: number): void {
    const hash = this.i32[slot * RECORD_I32 + CLIENT_HASH] as number;
    invariant(this.#byClientId.remove(slot, hash), "an order is not in the client order id index");
  }

  #grow(): void {
    const slots = this.#capacity * 2;
    const buffer = new ArrayBuffer(slots * RECORD_BYTES);
    const u8 = new Uint8Array(buffer);
    u8.set(this.u8);
    this.u8 = u8;
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.#byId.grow();
    this.#byClientId.grow();
    this.#capacity = slots;
  }
}

/** Byte offset of a slot's record. */
export const recordAt = (slot: number): number => slot * RECORD_BYTES;

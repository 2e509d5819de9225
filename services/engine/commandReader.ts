// Reads a CommandBatch straight from the bytes of a log entry into one reused set of fields: no object per command.
//
// Never: decides whether a command is allowed; only whether it is a command. Bytes that are not a CommandBatch make
// `open` fail; a command whose own bytes are broken is `malformed` and leaves its neighbours readable. Text stays in
// the entry as (position, length). Integers beyond 2^53 read as some number above it, which every rule refuses.
import { EXACT_MAX } from "./limits.ts";

/** Command kinds are the field numbers of Command.body. */
export const PLACE_ORDER = 4;
export const CANCEL_ORDER = 5;
export const CANCEL_ALL_ORDERS = 6;
export const AMEND_ORDER = 7;
export const CANCEL_REPLACE_ORDER = 8;
export const PLACE_ORDER_LIST = 9;
export const SET_DEAD_MANS_SWITCH = 10;
export const CANCEL_ORDER_LIST = 11;
export const OPEN_ACCOUNT = 20;
export const DEPOSIT = 21;
export const WITHDRAW = 22;
export const SET_ACCOUNT_FROZEN = 23;
export const RESOLVE_TRANSFER = 24;
export const SET_FEE_TIER = 25;
export const SET_TRADE_GROUP = 26;
export const OPEN_LOG = 30;
export const LIST_ASSET = 31;
export const LIST_MARKET = 32;
export const SET_MARKET_STATUS = 33;
export const ADVANCE_TIME = 34;
export const UPDATE_MARKET = 35;
export const START_EPOCH = 36;
/** A body this engine does not know. */
const UNKNOWN_KIND = -1;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const VARINT_BYTES_MAX = 10;

export class CommandReader {
  /** The entry being read. */
  bytes: Uint8Array = new Uint8Array(0);
  ingressIdAt = 0;
  ingressIdLength = 0;
  timeUs = 0;

  // Of the current command.
  malformed = false;
  kind = 0;
  requestNo = 0;
  accountId = 0;
  deadlineUs = 0;
  bodyAt = 0;
  bodyEnd = 0;
  /** The body has a field this engine does not know: it must not be ignored silently. */
  unknownField = false;

  // Of the current order command.
  marketId = 0;
  side = 0;
  type = 0;
  timeInForce = 0;
  priceTicks = 0;
  quantityLots = 0;
  quoteOrderUnits = 0;
  clientIdAt = 0;
  clientIdLength = 0;
  selfTradePrevention = 0;
  stopPriceTicks = 0;
  trailingDeltaBips = 0;
  icebergLots = 0;
  expireTimeUs = 0;
  pegType = 0;
  pegOffsetLevels = 0;
  /** 1 when a post-only order moves out of the way. */
  postOnlySlide = 0;
  orderId = 0;
  restriction = 0;
  /** Of CancelAllOrders. */
  cancelReason = 0;
  /** Of AmendOrder; 0, or no text: as it was. */
  newQuantityLots = 0;
  newPriceTicks = 0;
  newClientIdAt = 0;
  newClientIdLength = 0;
  postOnly = 0;
  /** Of CancelReplaceOrder, whose halves are read by `selectCancel` and `selectPlace`. */
  replaceMode = 0;
  #cancelAt = 0;
  #cancelEnd = 0;
  #placeAt = 0;
  #placeEnd = 0;
  #wrapperUnknown = false;

  #at = 0;
  #end = 0;
  #bad = false;
  #entryEnd = 0;
  #nextCommandAt = 0;

  /** Starts reading an entry. False when its bytes are not a CommandBatch; then nothing else may be read. */
  open(bytes: Uint8Array): boolean {
    this.bytes = bytes;
    this.#entryEnd = bytes.length;
    this.#nextCommandAt = 0;
    this.ingressIdAt = 0;
    this.ingressIdLength = 0;
    this.timeUs = 0;
    this.#window(0, bytes.length);
    while (this.#at < this.#end) {
      const tag = this.#varint();
      const wire = tag % 8;
      const field = (tag - wire) / 8;
      if (field === 1 && wire === LENGTH_DELIMITED) {
        this.ingressIdLength = this.#length();
        this.ingressIdAt = this.#at;
        this.#at += this.ingressIdLength;
      } else if (field === 2 && wire === VARINT) this.timeUs = this.#varint();
      else if (field === 3 && wire === LENGTH_DELIMITED) this.#skip(field, wire);
      else if (field >= 1 && field <= 3) return false;
      else this.#skip(field, wire);
      if (this.#bad) return false;
    }
    return this.timeUs <= EXACT_MAX;
  }

  /** Reads the next command into the fields; false after the last. */
  next(): boolean {
    this.#window(this.#nextCommandAt, this.#entryEnd);
    while (this.#at < this.#end) {
      const tag = this.#varint();
      if (tag === 0x1a) {
        const length = this.#length();
        const start = this.#at;
        this.#nextCommandAt = start + length;
        this.#readCommand(start, start + length);
        return true;
      }
      this.#skip((tag - (tag % 8)) / 8, tag % 8);
    }
    return false;
  }

  #readCommand(start: number, end: number): void {
    this.kind = 0;
    this.requestNo = 0;
    this.accountId = 0;
    this.deadlineUs = 0;
    this.bodyAt = 0;
    this.bodyEnd = 0;
    this.unknownField = false;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08:
          this.requestNo = this.#id();
          break;
        case 0x10:
          this.accountId = this.#id();
          break;
        case 0x18:
          this.deadlineUs = this.#varint();
          break;
        default: {
          const wire = tag % 8;
          const field = (tag - wire) / 8;
          if (wire !== LENGTH_DELIMITED || field < PLACE_ORDER || this.kind !== 0) {
            // A known field in another shape, a second body, or something that cannot be a body.
            if (field < PLACE_ORDER || this.kind !== 0) this.#bad = true;
            else this.#skip(field, wire);
            if (this.kind === 0) this.kind = UNKNOWN_KIND;
            break;
          }
          this.kind = isKind(field) ? field : UNKNOWN_KIND;
          const length = this.#length();
          this.bodyAt = this.#at;
          this.bodyEnd = this.#at + length;
          this.#at += length;
        }
      }
    }
    if (this.kind === 0) this.#bad = true;
    if (!this.#bad) {
      if (this.kind === PLACE_ORDER) this.#readPlaceOrder(this.bodyAt, this.bodyEnd);
      else if (this.kind === CANCEL_ORDER) this.#readCancelOrder(this.bodyAt, this.bodyEnd);
      else if (this.kind === CANCEL_ALL_ORDERS) this.#readCancelAllOrders();
      else if (this.kind === AMEND_ORDER) this.#readAmendOrder();
      else if (this.kind === CANCEL_REPLACE_ORDER) this.#readCancelReplaceOrder();
    }
    this.malformed = this.#bad;
    if (this.#bad) this.kind = 0;
  }

  /** Makes the cancel half of a CancelReplaceOrder the current order command. */
  selectCancel(): void {
    this.unknownField = this.#wrapperUnknown;
    this.#readCancelOrder(this.#cancelAt, this.#cancelEnd);
  }

  /** Makes the place half of a CancelReplaceOrder the current order command. */
  selectPlace(): void {
    this.unknownField = this.#wrapperUnknown;
    this.#readPlaceOrder(this.#placeAt, this.#placeEnd);
  }

  #readCancelReplaceOrder(): void {
    this.replaceMode = 0;
    this.#cancelAt = -1;
    this.#placeAt = -1;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08: this.replaceMode = this.#varint(); break;
        case 0x12: {
          if (this.#cancelAt >= 0) this.#bad = true;
          const length = this.#length();
          this.#cancelAt = this.#at;
          this.#cancelEnd = this.#at + length;
          this.#at += length;
          break;
        }
        case 0x1a: {
          if (this.#placeAt >= 0) this.#bad = true;
          const length = this.#length();
          this.#placeAt = this.#at;
          this.#placeEnd = this.#at + length;
          this.#at += length;
          break;
        }
        default: this.#unknown(tag, 3);
      }
    }
    this.#wrapperUnknown = this.unknownField;
    if (this.#bad) return;
    // Both halves must be there and readable before either is carried out.
    this.#bad = this.#cancelAt < 0 || this.#placeAt < 0;
    if (!this.#bad) this.selectPlace();
    if (!this.#bad) this.selectCancel();
  }

  #readAmendOrder(): void {
    this.marketId = 0;
    this.orderId = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.newQuantityLots = 0;
    this.newPriceTicks = 0;
    this.newClientIdAt = 0;
    this.newClientIdLength = 0;
    this.postOnly = 0;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08: this.marketId = this.#varint(); break;
        case 0x10: this.orderId = this.#varint(); break;
        case 0x1a: this.#clientId(); break;
        case 0x20: this.newQuantityLots = this.#varint(); break;
        case 0x28: this.newPriceTicks = this.#varint(); break;
        case 0x32: {
          this.newClientIdLength = this.#length();
          this.newClientIdAt = this.#at;
          this.#at += this.newClientIdLength;
          break;
        }
        case 0x38: this.postOnly = this.#varint(); break;
        default: this.#unknown(tag, 7);
      }
    }
  }

  /** Where the orders of a PlaceOrderList stand in the entry: start and end of each. For a body that was decoded already. */
  listedOrders(): [start: number, end: number][] {
    const found: [number, number][] = [];
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      if (tag === 0x1a) {
        const length = this.#length();
        found.push([this.#at, this.#at + length]);
        this.#at += length;
      } else this.#skip((tag - (tag % 8)) / 8, tag % 8);
    }
    return found;
  }

  /** Makes one of `listedOrders` the current order command; false when its bytes are broken. */
  selectListed([start, end]: readonly [start: number, end: number]): boolean {
    this.unknownField = false;
    this.#readPlaceOrder(start, end);
    return !this.#bad;
  }

  #readPlaceOrder(start: number, end: number): void {
    this.marketId = 0;
    this.side = 0;
    this.type = 0;
    this.timeInForce = 0;
    this.priceTicks = 0;
    this.quantityLots = 0;
    this.quoteOrderUnits = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.selfTradePrevention = 0;
    this.stopPriceTicks = 0;
    this.trailingDeltaBips = 0;
    this.icebergLots = 0;
    this.expireTimeUs = 0;
    this.pegType = 0;
    this.pegOffsetLevels = 0;
    this.postOnlySlide = 0;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08: this.marketId = this.#varint(); break;
        case 0x10: this.side = this.#varint(); break;
        case 0x18: this.type = this.#varint(); break;
        case 0x20: this.timeInForce = this.#varint(); break;
        case 0x28: this.priceTicks = this.#varint(); break;
        case 0x30: this.quantityLots = this.#varint(); break;
        case 0x38: this.quoteOrderUnits = this.#varint(); break;
        case 0x42: this.#clientId(); break;
        case 0x48: this.selfTradePrevention = this.#varint(); break;
        case 0x50: this.stopPriceTicks = this.#varint(); break;
        case 0x58: this.trailingDeltaBips = this.#varint(); break;
        case 0x60: this.icebergLots = this.#varint(); break;
        case 0x68: this.expireTimeUs = this.#varint(); break;
        case 0x70: this.pegType = this.#varint(); break;
        case 0x78: this.pegOffsetLevels = this.#varint(); break;
        case 0x80: this.postOnlySlide = this.#varint(); break;
        default: this.#unknown(tag, 16);
      }
    }
  }

  #readCancelOrder(start: number, end: number): void {
    this.marketId = 0;
    this.orderId = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.restriction = 0;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08: this.marketId = this.#varint(); break;
        case 0x10: this.orderId = this.#varint(); break;
        case 0x1a: this.#clientId(); break;
        case 0x20: this.restriction = this.#varint(); break;
        default: this.#unknown(tag, 4);
      }
    }
  }

  #readCancelAllOrders(): void {
    this.marketId = 0;
    this.side = 0;
    this.cancelReason = 0;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 0x08: this.marketId = this.#varint(); break;
        case 0x10: this.side = this.#varint(); break;
        case 0x18: this.cancelReason = this.#varint(); break;
        default: this.#unknown(tag, 3);
      }
    }
  }

  #clientId(): void {
    this.clientIdLength = this.#length();
    this.clientIdAt = this.#at;
    this.#at += this.clientIdLength;
  }

  // A field number up to `known` in another wire type is broken; above it, it is newer than this engine.
  #unknown(tag: number, known: number): void {
    const wire = tag % 8;
    const field = (tag - wire) / 8;
    if (field <= known) this.#bad = true;
    else this.#skip(field, wire);
    this.unknownField = true;
  }

  #window(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    this.#bad = false;
  }

  #varint(): number {
    const bytes = this.bytes;
    const end = this.#end;
    let at = this.#at;
    if (at < end) {
      const first = bytes[at++] as number;
      if (first < 128) {
        this.#at = at;
        return first;
      }
      let value = first & 127;
      let scale = 128;
      const last = Math.min(end, at + VARINT_BYTES_MAX - 1);
      while (at < last) {
        const byte = bytes[at++] as number;
        value += (byte & 127) * scale;
        if (byte < 128) {
          this.#at = at;
          return value;
        }
        scale *= 128;
      }
    }
    this.#bad = true;
    this.#at = end;
    return 0;
  }

  // Ids are echoed, so they must be exact.
  #id(): number {
    const value = this.#varint();
    if (value <= EXACT_MAX) return value;
    this.#bad = true;
    return 0;
  }

  #length(): number {
    const length = this.#varint();
    if (length <= this.#end - this.#at) return length;
    this.#bad = true;
    this.#at = this.#end;
    return 0;
  }

  #skip(field: number, wire: number): void {
    if (field === 0) this.#bad = true;
    else if (wire === VARINT) this.#varint();
    else if (wire === FIXED64) this.#advance(8);
    else if (wire === LENGTH_DELIMITED) this.#advance(this.#length());
    else if (wire === FIXED32) this.#advance(4);
    else this.#bad = true;
  }

  #advance(count: number): void {
    if (this.#end - this.#at < count) this.#bad = true;
    else this.#at += count;
  }
}

function isKind(field: number): boolean {
  return (field >= PLACE_ORDER && field <= CANCEL_ORDER_LIST) || (field >= OPEN_ACCOUNT && field <= SET_TRADE_GROUP) || (field >= OPEN_LOG && field <= START_EPOCH);
}

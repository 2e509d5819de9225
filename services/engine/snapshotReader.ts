// Reads the heavy parts of an EngineSnapshot, its orders and accounts, straight from their bytes: decoding them into
// messages takes most of a start. The rest is left to protobuf-es.
//
// Never: passes over a field it does not know. Whether all was read as it was written, the state's hash tells.
import { fromBinary } from "@bufbuild/protobuf";
import { EngineSnapshotSchema, MarketStateSchema, PendingTransferSchema, type EngineSnapshot, type MarketState, type PendingTransfer } from "../../gen/tickwire/v1/snapshot_pb.ts";
import { EXACT_MAX } from "./limits.ts";

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const TWO_20 = 0x10_0000;
const TWO_28 = 0x1000_0000;
const ACCOUNTS = 11;
const MARKETS = 10;
const ORDERS = 5;
const AUCTION_ORDERS = 11;
const WAITING_ORDERS = 20;

/** A part of the snapshot's bytes. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A market without its orders, and where they are. */
export interface MarketParts {
  readonly state: MarketState;
  readonly orders: readonly Span[];
  readonly auctionOrders: readonly Span[];
  readonly waitingOrders: readonly Span[];
}

/** The snapshot without accounts and markets, and where those are. */
export interface SnapshotParts {
  readonly head: EngineSnapshot;
  readonly markets: readonly MarketParts[];
  readonly accounts: readonly Span[];
}

/** @throws Error when the bytes are not a snapshot. */
export function snapshotParts(bytes: Uint8Array): SnapshotParts {
  const accounts: Span[] = [];
  const markets: Span[] = [];
  const head = fromBinary(EngineSnapshotSchema, without(bytes, { from: 0, to: bytes.length }, new Map([[ACCOUNTS, accounts], [MARKETS, markets]])));
  return { head, accounts, markets: markets.map((span) => marketParts(bytes, span)) };
}

function marketParts(bytes: Uint8Array, span: Span): MarketParts {
  const orders: Span[] = [];
  const auctionOrders: Span[] = [];
  const waitingOrders: Span[] = [];
  const rest = without(bytes, span, new Map([[ORDERS, orders], [AUCTION_ORDERS, auctionOrders], [WAITING_ORDERS, waitingOrders]]));
  return { state: fromBinary(MarketStateSchema, rest), orders, auctionOrders, waitingOrders };
}

// The message but for these repeated messages, whose places are noted instead.
function without(bytes: Uint8Array, span: Span, heavy: ReadonlyMap<number, Span[]>): Uint8Array {
  const kept: Uint8Array[] = [];
  const reader = new WireReader(bytes, span);
  let from = span.from;
  while (reader.next()) {
    const spans = heavy.get(reader.field);
    if (spans === undefined) {
      reader.skip();
      continue;
    }
    kept.push(bytes.subarray(from, reader.tagAt));
    spans.push(reader.span());
    from = reader.at;
  }
  kept.push(bytes.subarray(from, span.to));
  return Buffer.concat(kept);
}

/** Walks the fields of one message. */
class WireReader {
  readonly bytes: Uint8Array;
  at = 0;
  field = 0;
  /** Where the field begins. */
  tagAt = 0;
  /** Of the integer read last: its lower 28 bits, and what is above them. */
  low = 0;
  high = 0;
  #wire = 0;
  #end = 0;

  constructor(bytes: Uint8Array, span: Span) {
    this.bytes = bytes;
    this.open(span);
  }

  open({ from, to }: Span): void {
    this.at = from;
    this.#end = to;
  }

  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.at === this.#end) return false;
    this.tagAt = this.at;
    const tag = this.#varint();
    this.field = tag >>> 3;
    this.#wire = tag & 7;
    return true;
  }

  /** The field as an integer up to 2^53 - 1. */
  uint(): number {
    if (this.#wire !== VARINT) throw this.#unreadable("is not an integer");
    return this.#varint();
  }

  /** The field as any uint64, left in `low` and `high`. */
  wide(): void {
    if (this.#wire !== VARINT) throw this.#unreadable("is not an integer");
    this.#readVarint();
  }

  /** Where the field's bytes are. */
  span(): Span {
    if (this.#wire !== LENGTH_DELIMITED) throw this.#unreadable("has no length");
    const length = this.#varint();
    const from = this.at;
    if (length > this.#end - from) throw this.#unreadable("goes beyond its message");
    this.at = from + length;
    return { from, to: this.at };
  }

  skip(): void {
    if (this.#wire === VARINT) this.#readVarint();
    else this.span();
  }

  unknown(): Error {
    return this.#unreadable("is not known");
  }

  #unreadable(why: string): Error {
    return new Error(`field ${this.field} of a snapshot's message ${why}`);
  }

  #varint(): number {
    this.#readVarint();
    const value = this.high * TWO_28 + this.low;
    if (value > EXACT_MAX) throw this.#unreadable("is larger than any number of this engine");
    return value;
  }

  #readVarint(): void {
    const { bytes } = this;
    const end = this.#end;
    let at = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 63) throw this.#unreadable("is cut off");
      const byte = bytes[at++] as number;
      if (shift < 28) low |= (byte & 127) << shift;
      else high += (byte & 127) * 2 ** (shift - 28);
      if (byte < 128) break;
    }
    this.at = at;
    this.low = low;
    this.high = high;
  }
}

/** The fields of an Order, read one after the other into the same object. */
export class OrderFields {
  orderId = 0;
  accountId = 0;
  marketId = 0;
  clientIdAt = 0;
  clientIdLength = 0;
  side = 0;
  type = 0;
  timeInForce = 0;
  status = 0;
  priceTicks = 0;
  quantityLots = 0;
  quoteOrderUnits = 0;
  executedLots = 0;
  executedQuoteUnits = 0;
  createdUs = 0;
  updatedUs = 0;
  selfTradePreventionMode = 0;
  preventedLots = 0;
  stopPriceTicks = 0;
  trailingDeltaBips = 0;
  icebergLots = 0;
  expireTimeUs = 0;
  orderListId = 0;
  workingUs = 0;
  pegType = 0;
  pegOffsetLevels = 0;
  triggeredUs = 0;
  amendCount = 0;
  trailingExtremeTicks = 0;
  readonly #reader: WireReader;

  constructor(bytes: Uint8Array) {
    this.#reader = new WireReader(bytes, { from: 0, to: 0 });
  }

  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  read(span: Span): void {
    const r = this.#reader;
    this.#clear();
    for (r.open(span); r.next(); ) {
      switch (r.field) {
        case 1: this.orderId = r.uint(); break;
        case 2: this.accountId = r.uint(); break;
        case 3: this.marketId = r.uint(); break;
        case 4: {
          const { from, to } = r.span();
          this.clientIdAt = from;
          this.clientIdLength = to - from;
          break;
        }
        case 5: this.side = r.uint(); break;
        case 6: this.type = r.uint(); break;
        case 7: this.timeInForce = r.uint(); break;
        case 8: this.status = r.uint(); break;
        case 9: this.priceTicks = r.uint(); break;
        case 10: this.quantityLots = r.uint(); break;
        case 11: this.quoteOrderUnits = r.uint(); break;
        case 12: this.executedLots = r.uint(); break;
        case 13: this.executedQuoteUnits = r.uint(); break;
        case 14: this.createdUs = r.uint(); break;
        case 15: this.updatedUs = r.uint(); break;
        case 18: this.selfTradePreventionMode = r.uint(); break;
        case 19: this.preventedLots = r.uint(); break;
        case 20: this.stopPriceTicks = r.uint(); break;
        case 21: this.trailingDeltaBips = r.uint(); break;
        case 22: this.icebergLots = r.uint(); break;
        case 23: this.expireTimeUs = r.uint(); break;
        case 24: this.orderListId = r.uint(); break;
        case 25: this.workingUs = r.uint(); break;
        case 26: this.pegType = r.uint(); break;
        case 27: this.pegOffsetLevels = r.uint(); break;
        case 28: this.triggeredUs = r.uint(); break;
        case 29: this.amendCount = r.uint(); break;
        case 30: this.trailingExtremeTicks = r.uint(); break;
        default: throw r.unknown();
      }
    }
  }

  #clear(): void {
    this.orderId = this.accountId = this.marketId = this.clientIdAt = this.clientIdLength = 0;
    this.side = this.type = this.timeInForce = this.status = this.priceTicks = this.quantityLots = this.quoteOrderUnits = 0;
    this.executedLots = this.executedQuoteUnits = this.createdUs = this.updatedUs = this.selfTradePreventionMode = this.preventedLots = 0;
    this.stopPriceTicks = this.trailingDeltaBips = this.icebergLots = this.expireTimeUs = this.orderListId = this.workingUs = 0;
    this.pegType = this.pegOffsetLevels = this.triggeredUs = this.amendCount = this.trailingExtremeTicks = 0;
  }
}

/** Told of an AccountState's fields, in the order in which they stand; id, external id and name first, together. */
export interface AccountSink {
  open(accountId: number, externalId: string, name: string): void;
  /** Amounts as limbs of 48 bits. */
  balance(assetId: number, availableHigh: number, availableLow: number, heldHigh: number, heldLow: number): void;
  transferId(id: Uint8Array): void;
  pendingTransfer(transfer: PendingTransfer): void;
  number(field: AccountNumber, value: number): void;
}

export type AccountNumber = "frozen" | "executionSeq" | "balanceSeq" | "feeTier" | "tradeGroupId" | "deadMansSwitchUs";

const ACCOUNT_NUMBERS = new Map<number, AccountNumber>([
  [4, "frozen"],
  [5, "executionSeq"],
  [6, "balanceSeq"],
  [11, "feeTier"],
  [12, "tradeGroupId"],
  [20, "deadMansSwitchUs"],
]);

/** Reads AccountStates, one after the other. */
export class AccountFields {
  readonly #bytes: Buffer;
  readonly #reader: WireReader;
  readonly #inner: WireReader;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#reader = new WireReader(bytes, { from: 0, to: 0 });
    this.#inner = new WireReader(bytes, { from: 0, to: 0 });
  }

  read(span: Span, sink: AccountSink): void {
    const r = this.#reader;
    let accountId = 0;
    let externalId = "";
    let name = "";
    let opened = false;
    for (r.open(span); r.next(); ) {
      if (r.field === 1) accountId = r.uint();
      else if (r.field === 2) externalId = this.#text(r.span());
      else if (r.field === 3) name = this.#text(r.span());
      else {
        if (!opened) sink.open(accountId, externalId, name);
        opened = true;
        this.#field(sink);
      }
    }
    if (!opened) sink.open(accountId, externalId, name);
  }

  #field(sink: AccountSink): void {
    const r = this.#reader;
    const number = ACCOUNT_NUMBERS.get(r.field);
    if (number !== undefined) sink.number(number, r.uint());
    else if (r.field === 7) this.#balance(r.span(), sink);
    else if (r.field === 8) {
      const { from, to } = r.span();
      sink.transferId(this.#bytes.subarray(from, to));
    } else if (r.field === 10) {
      const { from, to } = r.span();
      sink.pendingTransfer(fromBinary(PendingTransferSchema, this.#bytes.subarray(from, to)));
    } else throw r.unknown();
  }

  #balance(span: Span, sink: AccountSink): void {
    const r = this.#inner;
    let asset = 0;
    let availableHigh = 0;
    let availableLow = 0;
    let heldHigh = 0;
    let heldLow = 0;
    for (r.open(span); r.next(); ) {
      if (r.field === 1) asset = r.uint();
      else if (r.field === 2) {
        r.wide();
        availableHigh = Math.floor(r.high / TWO_20);
        availableLow = (r.high % TWO_20) * TWO_28 + r.low;
      } else if (r.field === 3) {
        r.wide();
        heldHigh = Math.floor(r.high / TWO_20);
        heldLow = (r.high % TWO_20) * TWO_28 + r.low;
      } else throw r.unknown();
    }
    sink.balance(asset, availableHigh, availableLow, heldHigh, heldLow);
  }

  #text({ from, to }: Span): string {
    return this.#bytes.toString("utf8", from, to);
  }
}

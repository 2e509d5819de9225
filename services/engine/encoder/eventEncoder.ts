// The compiled encoder of frequent events, and the memory that it writes into.
//
// One for all engines of a thread: a batch of events is written from start to end without a pause, and copied out when it
// is whole. Never: keeps anything from one batch to the next.
import { ProtobufWriter } from "../protobufWriter.ts";
import { EVENT_ENCODER } from "./eventEncoderModule.ts";

// TypeScript knows it only among the types of a browser.
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { readonly exports: unknown } };

/** What eventEncoder.as.ts exports; addresses are offsets in `memory`, and what is answered is where the bytes end. */
interface EventEncoder {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  putOrder(
    start: number,
    executionSeq: number,
    orderId: number,
    accountId: number,
    marketId: number,
    id0: number,
    id1: number,
    id2: number,
    id3: number,
    id4: number,
    id5: number,
    id6: number,
    id7: number,
    id8: number,
    kinds: number,
    ends: number,
    priceTicks: number,
    quantityLots: number,
    quoteOrderUnits: number,
    executedLots: number,
    executedQuoteUnits: number,
    createdUs: number,
    updatedUs: number,
    preventedLots: number,
    amendCount: number,
    workingUs: number,
    terms: number,
    termsLength: number,
  ): number;
  closeEvent(start: number, tag: number, end: number): void;
  putTradeHead(at: number, marketId: number, tradeId: number, priceTicks: number, quantityLots: number, quoteUnits: number, takerSide: number): number;
  closeTradeSide(start: number, tag: number, end: number, feeUnits: number, feeAssetId: number): number;
  putBalance(
    start: number,
    accountId: number,
    balanceSeq: number,
    assetId: number,
    available: number,
    availableHigh: number,
    held: number,
    heldHigh: number,
    wasAvailable: number,
    wasAvailableHigh: number,
    wasHeld: number,
    wasHeldHigh: number,
  ): number;
  putGroupHead(at: number, seq: number, requestNo: number, accountId: number): number;
}

const encoder = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(EVENT_ENCODER, "base64"))).exports as EventEncoder;

// As constants of the module, so that V8 calls them without looking.
export const putOrder = encoder.putOrder;
export const closeEvent = encoder.closeEvent;
export const putTradeHead = encoder.putTradeHead;
export const closeTradeSide = encoder.closeTradeSide;
export const putBalance = encoder.putBalance;
export const putGroupHead = encoder.putGroupHead;

/** Where what an order's terms say is laid for `putOrder`, up to TERMS_BYTES_MAX. */
export const TERMS_AT = 0;
export const TERMS_BYTES_MAX = 256;
/** Where one order is written that is to be copied elsewhere. */
export const ORDER_AT = 512;
/** Where a batch begins. */
export const BATCH_AT = 2048;

const PAGE_BYTES = 65_536;

class EncoderWriter extends ProtobufWriter {
  constructor() {
    super(0);
    this.bytes = new Uint8Array(encoder.memory.buffer);
    this.at = BATCH_AT;
  }

  // In place, but the view of before is worth nothing afterwards.
  protected override grow(count: number): void {
    const missing = Math.max(this.bytes.length, this.at + count - this.bytes.length);
    encoder.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.bytes = new Uint8Array(encoder.memory.buffer);
  }
}

/** Writes where the encoder does; `bytes` is the whole of its memory. */
export const encoderWriter: ProtobufWriter = new EncoderWriter();

// Finds the fills in EventBatch bytes, without decoding anything else: checking three million commands with the
// generated decoder would take longer than measuring them.
import { hashFill } from "./tape.ts";

// Paths of field numbers: EventBatch.groups, EventGroup.events, Event.trade_executed, and within it.
const GROUPS = 6;
const EVENTS = 4;
const TRADE_EXECUTED = 3;
const PRICE_TICKS = 3;
const QUANTITY_LOTS = 4;
const MAKER = 7;
const TAKER = 8;
const SIDE_ORDER = 2;
const ORDER_ID = 1;

export class EventFills {
  count = 0;
  hash: number;
  readonly #tapeIds: Int32Array;

  /** `tapeIds` gives the tape's order id for the engine's. */
  constructor(tapeIds: Int32Array, hash: number) {
    this.#tapeIds = tapeIds;
    this.hash = hash;
  }

  read(batch: Uint8Array): void {
    for (const group of fields(batch, 0, batch.length)) {
      if (group.field !== GROUPS) continue;
      for (const event of fields(batch, group.from, group.to)) {
        if (event.field !== EVENTS) continue;
        for (const body of fields(batch, event.from, event.to)) if (body.field === TRADE_EXECUTED) this.#trade(batch, body);
      }
    }
  }

  #trade(bytes: Uint8Array, { from, to }: Field): void {
    let price = 0;
    let quantity = 0;
    let maker = 0;
    let taker = 0;
    for (const part of fields(bytes, from, to)) {
      if (part.field === PRICE_TICKS) price = part.value;
      else if (part.field === QUANTITY_LOTS) quantity = part.value;
      else if (part.field === MAKER) maker = orderId(bytes, part);
      else if (part.field === TAKER) taker = orderId(bytes, part);
    }
    this.count++;
    this.hash = hashFill(this.hash, this.#tapeIds[taker] as number, this.#tapeIds[maker] as number, price, quantity);
  }
}

interface Field {
  readonly field: number;
  /** Of a varint. */
  readonly value: number;
  /** Of a nested message. */
  readonly from: number;
  readonly to: number;
}

function orderId(bytes: Uint8Array, side: Field): number {
  for (const order of fields(bytes, side.from, side.to)) {
    if (order.field !== SIDE_ORDER) continue;
    for (const part of fields(bytes, order.from, order.to)) if (part.field === ORDER_ID) return part.value;
  }
  return 0;
}

function* fields(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < to) {
    const tag = varint();
    const value = varint();
    if ((tag & 7) === 2) {
      yield { field: tag >>> 3, value: 0, from: at, to: at + value };
      at += value;
    } else yield { field: tag >>> 3, value, from: 0, to: 0 };
  }
}

// The one interface behind which the fast engine and the naive one stand: bytes of a log entry in, events out, and
// everything one can see of the state.
import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, type EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import { EngineSnapshotSchema, type EngineSnapshot } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { Side } from "../../../gen/tickwire/v1/types_pb.ts";
import { Engine } from "../engine.ts";
import { ModelEngine } from "../model/modelEngine.ts";
import { BUY } from "../orderBook.ts";
import { NO_SLOT, ORDER_ID, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE } from "../orderStore.ts";
import { forEachOrder, takeSnapshot } from "../snapshot.ts";

/** One order as it stands in a book. */
export interface BookEntry {
  readonly orderId: number;
  readonly buys: boolean;
  readonly priceTicks: number;
  readonly lots: number;
}

export interface EngineUnderTest {
  /** Applies the next entry of the log. */
  applyEntry(bytes: Uint8Array): EventGroup[];
  /** Every resting order: bids best first, then asks best first; at one price the oldest first. */
  book(marketId: number): BookEntry[];
  /** [available, held]. */
  balance(accountId: number, assetId: number): readonly [bigint, bigint];
  /** Ids of the account's open orders, oldest first. */
  openOrders(accountId: number): number[];
  /** SHA-256 of the whole state in its canonical encoding. */
  stateHash(): Uint8Array;
}

export class FastUnderTest implements EngineUnderTest {
  engine = new Engine();
  /** Bytes of the events of the last entry. */
  events: Uint8Array = new Uint8Array(0);

  applyEntry(bytes: Uint8Array): EventGroup[] {
    this.events = this.engine.applyEntry(bytes, this.engine.entry + 1).events;
    return fromBinary(EventBatchSchema, this.events).groups;
  }

  book(marketId: number): BookEntry[] {
    const market = this.engine.markets.byId(marketId);
    const { f64, i32, u8 } = this.engine.orders;
    const entries: BookEntry[] = [];
    if (market === undefined) return entries;
    forEachOrder(market, (slot) => {
      entries.push({
        orderId: f64[slot * RECORD_F64 + ORDER_ID] as number,
        buys: u8[recordAt(slot) + SIDE] === BUY,
        priceTicks: i32[slot * RECORD_I32 + PRICE_TICKS] as number,
        lots: f64[slot * RECORD_F64 + REMAINING_LOTS] as number,
      });
    });
    return entries;
  }

  balance(accountId: number, assetId: number): readonly [bigint, bigint] {
    const { ledger } = this.engine;
    return [ledger.availableUnits(accountId - 1, assetId - 1), ledger.heldUnits(accountId - 1, assetId - 1)];
  }

  openOrders(accountId: number): number[] {
    const { accounts, orders } = this.engine;
    const ids: number[] = [];
    for (let slot = accounts.firstOrder(accountId - 1); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) ids.push(orders.f64[slot * RECORD_F64 + ORDER_ID] as number);
    return ids;
  }

  // The fast engine's own hash is of bytes with padded lengths; this one is of the state as protobuf-es writes it.
  stateHash(): Uint8Array {
    return createHash("sha256").update(toBinary(EngineSnapshotSchema, this.state())).digest();
  }

  /** The whole state, decoded. */
  state(): EngineSnapshot {
    return { ...fromBinary(EngineSnapshotSchema, takeSnapshot(this.engine)), stateHash: new Uint8Array(0) };
  }
}

export class ModelUnderTest implements EngineUnderTest {
  readonly engine = new ModelEngine();

  applyEntry(bytes: Uint8Array): EventGroup[] {
    return this.engine.applyEntry(bytes);
  }

  book(marketId: number): BookEntry[] {
    return [Side.BUY, Side.SELL].flatMap((side) =>
      this.engine.side(marketId, side).map((o) => ({ orderId: Number(o.orderId), buys: side === Side.BUY, priceTicks: Number(o.priceTicks), lots: Number(this.engine.icebergs.visibleLots(o)) })),
    );
  }

  balance(accountId: number, assetId: number): readonly [bigint, bigint] {
    return this.engine.balances().get(`${accountId}/${assetId}`) ?? [0n, 0n];
  }

  openOrders(accountId: number): number[] {
    return this.engine.openOrders(BigInt(accountId)).map((o) => Number(o.orderId));
  }

  stateHash(): Uint8Array {
    return this.engine.stateHash();
  }
}

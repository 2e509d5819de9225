// The one interface behind which the fast engine and the naive one stand: bytes of a log entry in, events out, and
// everything one can see of the state.
import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, type EventBatch, type EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import { EngineSnapshotSchema, type EngineSnapshot } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { Side, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { checkInvariants } from "../checks.ts";
import { Engine, type AppliedEntry } from "../engine.ts";
import { invariant } from "../invariants.ts";
import { ModelEngine } from "../model/modelEngine.ts";
import { BUY } from "../orderBook.ts";
import { NO_SLOT, ORDER_ID, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE } from "../orderStore.ts";
import { forEachCollected, forEachOrder, takeSnapshot } from "../snapshot.ts";

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
  /** What the last entry came to, whole. */
  batch(): EventBatch;
  /** Every resting order: bids best first, then asks best first; at one price the oldest first. */
  book(marketId: number): BookEntry[];
  /** The same of what an auction has collected. */
  collected(marketId: number): BookEntry[];
  /** [available, held]. */
  balance(accountId: number, assetId: number): readonly [bigint, bigint];
  /** Ids of the account's open orders, oldest first. */
  openOrders(accountId: number): number[];
  /** SHA-256 of the whole state in its canonical encoding. */
  stateHash(): Uint8Array;
  /** @throws InvariantViolation when the state contradicts itself. */
  check(): void;
}

type EngineName = "fast" | "naive";

let engineName: EngineName = "fast";

/** From now on `openEngine` opens this one: the engine's tables of tests run on both. */
export function testOn(name: EngineName): void {
  engineName = name;
}

/** Whether tables of tests run on the fast engine, so that they may look inside. */
export const isFastUnderTest = (): boolean => engineName === "fast";

/** A new engine of the kind that tests run on. */
export const openEngine = (): EngineUnderTest => (engineName === "fast" ? new FastUnderTest() : new ModelUnderTest());

export class FastUnderTest implements EngineUnderTest {
  engine = new Engine();
  /** Bytes of the events of the last entry. */
  events: Uint8Array = new Uint8Array(0);

  /** What the last entry came to; undefined before the first. */
  applied: AppliedEntry | undefined;
  #batch = create(EventBatchSchema);

  applyEntry(bytes: Uint8Array): EventGroup[] {
    this.applied = this.engine.applyEntry(bytes, this.engine.entry + 1);
    this.events = this.applied.events;
    this.#batch = fromBinary(EventBatchSchema, this.events);
    return this.#batch.groups;
  }

  batch(): EventBatch {
    return this.#batch;
  }

  book(marketId: number): BookEntry[] {
    const market = this.engine.markets.byId(marketId);
    const entries: BookEntry[] = [];
    if (market !== undefined) forEachOrder(market, (slot) => entries.push(this.#entry(slot)));
    return entries;
  }

  collected(marketId: number): BookEntry[] {
    const market = this.engine.markets.byId(marketId);
    const entries: BookEntry[] = [];
    if (market !== undefined) forEachCollected(market, (slot) => entries.push(this.#entry(slot)));
    return entries;
  }

  #entry(slot: number): BookEntry {
    const { f64, i32, u8 } = this.engine.orders;
    return {
      orderId: f64[slot * RECORD_F64 + ORDER_ID] as number,
      buys: u8[recordAt(slot) + SIDE] === BUY,
      priceTicks: i32[slot * RECORD_I32 + PRICE_TICKS] as number,
      lots: f64[slot * RECORD_F64 + REMAINING_LOTS] as number,
    };
  }

  check(): void {
    checkInvariants(this.engine);
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
  #groups: EventGroup[] = [];

  applyEntry(bytes: Uint8Array): EventGroup[] {
    this.#groups = this.engine.applyEntry(bytes);
    return this.#groups;
  }

  batch(): EventBatch {
    const { epoch, entry, chain, ingressId, timeUs } = this.engine;
    // The naive engine leaves out what is zero; a message does not.
    const groups = this.#groups.map(({ seq, requestNo, accountId, events }) => ({ seq, requestNo, accountId, events: events.map(({ body }) => ({ body })) }));
    return create(EventBatchSchema, { epoch, entry, chain, ingressId, timeUs, groups });
  }

  book(marketId: number): BookEntry[] {
    return [Side.BUY, Side.SELL].flatMap((side) => this.engine.side(marketId, side).map((order) => this.#entry(order)));
  }

  collected(marketId: number): BookEntry[] {
    return [Side.BUY, Side.SELL].flatMap((side) => this.engine.auctions.queue(marketId, side).map((order) => this.#entry(order)));
  }

  #entry(order: Order): BookEntry {
    return { orderId: Number(order.orderId), buys: order.side === Side.BUY, priceTicks: Number(order.priceTicks), lots: Number(this.engine.icebergs.visibleLots(order)) };
  }

  check(): void {
    for (const [key, [available, held]] of this.engine.balances()) invariant(available >= 0n && held >= 0n, `account/asset ${key} owns less than nothing, or holds more than it owns`);
    for (const { rules } of this.engine.markets) {
      const [bid] = this.engine.side(rules.marketId, Side.BUY);
      const [ask] = this.engine.side(rules.marketId, Side.SELL);
      invariant(bid === undefined || ask === undefined || bid.priceTicks < ask.priceTicks, "the book is crossed");
    }
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

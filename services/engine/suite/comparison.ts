// Two engines side by side: the same log entries to both, and after each entry everything they say and show compared.
import { fromBinary } from "@bufbuild/protobuf";
import type { Event, EventBatch, EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import { EngineSnapshotSchema, type EngineSnapshot } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import type { Engine } from "../engine.ts";
import type { ModelEngine } from "../model/modelEngine.ts";
import { restoreSnapshot, stateHash, takeSnapshot } from "../snapshot.ts";
import { FrozenMoment } from "../testing/frozenMoment.ts";
import { FastUnderTest, ModelUnderTest, type EngineUnderTest } from "./engineUnderTest.ts";

export interface ComparisonOptions {
  /** Entries between two comparisons of the whole state by its hash; 0: none. */
  readonly hashEvery: number;
  /** Entries between two full checks of the invariants; 0: none. */
  readonly checkEvery: number;
  /**
   * Entries between two restores from a snapshot; 0: none. The copy then follows the log, and its bytes are compared. The
   * same moments are frozen, and written down at the next one.
   */
  readonly snapshotEvery: number;
}

export const EVERYTHING: ComparisonOptions = { hashEvery: 1, checkEvery: 1, snapshotEvery: 16 };

/** Events, books, balances and open orders only, which are compared after every entry anyway. */
export const WHAT_IS_SEEN: ComparisonOptions = { hashEvery: 0, checkEvery: 0, snapshotEvery: 0 };

/** The engines differ; `message` says where. */
class Difference extends Error {
  override readonly name = "Difference";
}

/** The fast engine, whole, so that its invariants and its snapshots can be looked at too. */
export interface FastEngine extends EngineUnderTest {
  readonly engine: Engine;
  readonly events: Uint8Array;
  state(): EngineSnapshot;
}

export class Comparison {
  readonly model = new ModelUnderTest();
  readonly #fast: FastEngine;
  readonly #options: ComparisonOptions;
  #entries = 0;
  #copy: Engine | undefined;
  #frozen: FrozenMoment | undefined;

  constructor(options: ComparisonOptions, fast: FastEngine = new FastUnderTest()) {
    this.#options = options;
    this.#fast = fast;
  }

  /** Applies an entry to both engines. @throws Difference, or whatever an engine throws. */
  apply(bytes: Uint8Array): void {
    const fast = this.#fast;
    const model = this.model;
    const entry = ++this.#entries;
    const told = fast.applyEntry(bytes);
    const expected = model.applyEntry(bytes);
    compare("events", inOneOrder(told), inOneOrder(expected));
    compare("head of the batch", headOf(fast.batch()), headOf(model.engine));
    for (const { rules } of model.engine.markets) {
      compare(`book of market ${rules.marketId}`, fast.book(rules.marketId), model.book(rules.marketId));
      compare(`auction of market ${rules.marketId}`, fast.collected(rules.marketId), model.collected(rules.marketId));
    }
    const balances = model.engine.balances();
    for (const { accountId } of model.engine.accounts) {
      for (const { assetId } of model.engine.assets) {
        compare(`balance of account ${accountId} in asset ${assetId}`, fast.balance(Number(accountId), assetId), balances.get(`${accountId}/${assetId}`) ?? [0n, 0n]);
      }
      compare(`open orders of account ${accountId}`, fast.openOrders(Number(accountId)), model.openOrders(Number(accountId)));
    }
    const due = (every: number): boolean => every !== 0 && entry % every === 0;
    if (due(this.#options.checkEvery)) {
      fast.check();
      model.check();
    }
    if (due(this.#options.hashEvery) && hex(fast.stateHash()) !== hex(model.stateHash())) {
      // Which part of the state it is says more than two hashes.
      compare("state", fast.state(), fromBinary(EngineSnapshotSchema, model.engine.snapshot()));
      throw new Difference("the states are equal, but their bytes are not");
    }
    this.#followWithCopy(bytes, due(this.#options.snapshotEvery));
  }

  // An engine restored from a snapshot goes on as if it had been there from the start.
  #followWithCopy(bytes: Uint8Array, renew: boolean): void {
    const { engine, events } = this.#fast;
    if (this.#copy !== undefined) {
      const copied = this.#copy.applyEntry(bytes, engine.entry);
      if (Buffer.compare(copied.events, events) !== 0) throw new Difference("an engine restored from a snapshot writes other bytes");
    }
    if (!renew) return;
    if (this.#copy !== undefined) compare("state hash of the restored engine", hex(stateHash(this.#copy)), hex(stateHash(engine)));
    this.#copy = restoreSnapshot(takeSnapshot(engine));
    this.#frozen?.check();
    this.#frozen = new FrozenMoment(engine);
  }
}

const headOf = ({ epoch, entry, chain, ingressId, timeUs }: ModelEngine | EventBatch): object => ({ epoch, entry, chain, ingressId, timeUs });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// The order of a command's balance events among each other is nobody's promise; that they come last, once per account
// and asset, and count without a hole, is. So they are sorted here, and their numbers dealt out anew in that order.
function inOneOrder(groups: readonly EventGroup[]): EventGroup[] {
  return groups.map((group) => {
    const first = group.events.findIndex((event) => event.body.case === "balanceChanged");
    if (first < 0) return group;
    const changes = group.events.slice(first).map(balanceOf);
    const place = (c: (typeof changes)[number]): bigint => c.accountId * 10_000n + BigInt(c.assetId);
    const next = new Map<bigint, bigint>();
    for (const { accountId, balanceSeq } of changes) {
      const last = next.get(accountId);
      if (last === undefined) next.set(accountId, balanceSeq);
      else if (balanceSeq <= last) throw new Difference(`balance_seq of account ${accountId} does not ascend`);
    }
    const sorted = changes
      .sort((a, b) => Number(place(a) - place(b)))
      .map((change) => {
        const balanceSeq = next.get(change.accountId) as bigint;
        next.set(change.accountId, balanceSeq + 1n);
        return { body: { case: "balanceChanged", value: { ...change, balanceSeq } } } as Event;
      });
    return { ...group, events: [...group.events.slice(0, first), ...sorted] };
  });
}

function balanceOf({ body }: Event) {
  if (body.case !== "balanceChanged") throw new Difference(`a ${body.case} event comes after a balance event`);
  return body.value;
}

/** @throws Difference naming the first place at which the two are not the same. An absent field is its zero. */
export function compare(what: string, fast: unknown, model: unknown): void {
  if (fast === model || (isZero(fast) && isZero(model))) return;
  if (typeof fast === "object" && typeof model === "object" && fast !== null && model !== null) {
    if (Array.isArray(fast) && Array.isArray(model)) {
      for (let i = 0; i < fast.length || i < model.length; i++) compare(`${what}[${i}]`, fast[i], model[i]);
      return;
    }
    if (fast instanceof Uint8Array && model instanceof Uint8Array) return compare(what, hex(fast), hex(model));
    const a = fast as Record<string, unknown>;
    const b = model as Record<string, unknown>;
    for (const key in a) if (key !== "$typeName") compare(`${what}.${key}`, a[key], b[key]);
    for (const key in b) if (key !== "$typeName" && !(key in a)) compare(`${what}.${key}`, undefined, b[key]);
    return;
  }
  throw new Difference(`${what}: the engine has ${shown(fast)}, the model ${shown(model)}`);
}

function isZero(value: unknown): boolean {
  return value === undefined || value === 0 || value === 0n || value === "" || value === false || ((Array.isArray(value) || value instanceof Uint8Array) && value.length === 0);
}

function shown(value: unknown): string {
  return JSON.stringify(value, (key, v: unknown) => (key === "$typeName" ? undefined : typeof v === "bigint" ? `${v}n` : v)) ?? "nothing";
}

// One moment of an engine's state, copied in some milliseconds, so that another thread can write it down while the
// engine goes on; and that copy as a StateView.
//
// Flat tables are copied as memory; what is only ever added to is shared; small things are encoded at once. Never: keeps
// a reference into the engine that its next entry would change.
import { DEDUPE_RECORD_BYTES } from "./dedupe.ts";
import type { Engine } from "./engine.ts";
import type { FreezeArea } from "./freezeArea.ts";
import { accountColumns, assetMessages, marketHead, stateHead } from "./liveState.ts";
import { BUY } from "./orderBook.ts";
import {
  COLLECTED,
  LEVEL,
  MARKET,
  NEXT,
  NO_SLOT,
  ORDER_ID,
  PREVIOUS,
  PRICE_TICKS,
  RECORD_BYTES,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  SIDE,
  TERMS,
  type FrozenOrders,
  type OrderRecords,
} from "./orderStore.ts";
import { thawTerms, TERMS_F64, WORKING } from "./orderTerms.ts";
import { slotsOf } from "./slotIndex.ts";
import { writePending, type AccountColumns, type AccountsView, type MarketHead, type MarketView, type StateHead, type StateView } from "./stateWriter.ts";
import { TextsByOwner, type FrozenTexts } from "./textLog.ts";

/** Plain data and shared memory: may be posted to another thread. */
export interface FrozenState {
  readonly head: StateHead;
  readonly assets: readonly Uint8Array[];
  readonly markets: readonly MarketHead[];
  readonly orders: FrozenOrders;
  /** OrderList messages, one after the other, and where each ends. */
  readonly lists: { readonly bytes: Uint8Array; readonly ends: Float64Array };
  readonly takenClientIds: Uint8Array;
  readonly accounts: FrozenAccounts;
}

interface FrozenAccounts extends AccountColumns {
  readonly texts: FrozenTexts;
  readonly transferIds: FrozenTexts;
  /** Of the accounts that have pending transfers: their row, and the fields. */
  readonly pending: readonly (readonly [row: number, fields: Uint8Array])[];
  /** Of the accounts that have a dead man's switch: row and time, in turns. */
  readonly switches: Float64Array;
}

/** What the area should hold for `freeze` to need no new memory: about, and rather more. */
export function frozenBytes(engine: Engine): number {
  const { accounts, ledger, orders, trading } = engine;
  const perAccount = 1 + 4 + 3 * 8;
  return orders.frozenBytes + accounts.count * perAccount + ledger.frozenBytes(accounts.count) + trading.dedupe.size * DEDUPE_RECORD_BYTES + (1 << 20);
}

/** The state as of now; `area.buffers` are to be transferred along with it. */
export function freeze(engine: Engine, area: FreezeArea): FrozenState {
  const { accounts, markets } = engine;
  const { dedupe } = engine.trading;
  const columns = accountColumns(engine);
  const { count } = columns;
  return {
    head: stateHead(engine),
    assets: assetMessages(engine),
    markets: markets.markets.map(marketHead),
    orders: engine.orders.freeze(area),
    lists: engine.trading.lists.freeze(),
    takenClientIds: dedupe.copy(area.emptyU8(dedupe.size * DEDUPE_RECORD_BYTES)),
    accounts: {
      count,
      frozen: area.u8(columns.frozen, count),
      feeTier: area.i32(columns.feeTier, count),
      tradeGroup: area.f64(columns.tradeGroup, count),
      executionSeq: area.f64(columns.executionSeq, count),
      balanceSeq: area.f64(columns.balanceSeq, count),
      limbs: engine.ledger.freeze(area, count),
      assetColumns: columns.assetColumns,
      texts: accounts.freezeTexts(),
      transferIds: accounts.transferIds.freeze(),
      pending: Array.from(accounts.pendingRows(), (row) => [row, writePending(accounts.pendingTransfers(row))] as const),
      switches: engine.trading.timers.freezeSwitches(area),
    },
  };
}

/** The copy, to be written. */
export function frozenView(state: FrozenState): StateView {
  const orders = new FrozenRecords(state.orders);
  const resting = restingOrders(orders, state.markets.length);
  return {
    head: state.head,
    assets: state.assets,
    markets: state.markets.map(
      (market): MarketView => ({
        ...market,
        forEachOrder: (visit) => forEachInBook(orders, resting.heads[market.row] ?? [], visit),
        forEachCollected: (visit) => forEachInBook(orders, resting.collectedHeads[market.row] ?? [], visit),
      }),
    ),
    orders,
    waiting: resting.waiting,
    lists: eachList(state.lists),
    takenClientIds: state.takenClientIds,
    accounts: accountsView(state.accounts),
  };
}

class FrozenRecords implements OrderRecords {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly slots: readonly number[];
  readonly #terms: Float64Array;

  constructor({ records, slotIndex, terms }: FrozenOrders) {
    this.u8 = records;
    this.f64 = new Float64Array(records.buffer, records.byteOffset, records.length / 8);
    this.i32 = new Int32Array(records.buffer, records.byteOffset, records.length / 4);
    this.slots = slotsOf(slotIndex);
    this.#terms = terms;
    if (this.slots.some((slot) => (slot + 1) * RECORD_BYTES > records.length)) throw new RangeError("a frozen order lies outside its memory");
  }

  termsOf(slot: number): ReturnType<OrderRecords["termsOf"]> {
    const index = this.i32[slot * RECORD_I32 + TERMS] as number;
    return index === 0 ? undefined : thawTerms(this.#terms, index * TERMS_F64);
  }

  orderId(slot: number): number {
    return this.f64[slot * RECORD_F64 + ORDER_ID] as number;
  }
}

// Which orders wait, by id, and per market the oldest order of each level, in the order of the book. The books themselves
// are not copied: a level's orders are linked, and the first of them has none before it.
function restingOrders(orders: FrozenRecords, markets: number): { heads: number[][]; collectedHeads: number[][]; waiting: number[] } {
  const heads: number[][] = Array.from({ length: markets }, () => []);
  const collectedHeads: number[][] = Array.from({ length: markets }, () => []);
  const waiting: number[] = [];
  for (const slot of orders.slots) {
    const at = slot * RECORD_I32;
    const terms = orders.i32[at + TERMS] === 0 ? undefined : orders.termsOf(slot);
    if (terms !== undefined && terms.phase !== WORKING) waiting.push(slot);
    else if (orders.i32[at + LEVEL] !== 0 && orders.i32[at + PREVIOUS] === NO_SLOT) {
      (orders.u8[recordAt(slot) + COLLECTED] === 0 ? heads : collectedHeads)[orders.i32[at + MARKET] as number]?.push(slot);
    }
  }
  const buys = (slot: number): boolean => orders.u8[recordAt(slot) + SIDE] === BUY;
  const ticks = (slot: number): number => orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number;
  for (const list of [...heads, ...collectedHeads]) list.sort((a, b) => (buys(a) !== buys(b) ? (buys(a) ? -1 : 1) : buys(a) ? ticks(b) - ticks(a) : ticks(a) - ticks(b)));
  return { heads, collectedHeads, waiting: waiting.sort((a, b) => orders.orderId(a) - orders.orderId(b)) };
}

function forEachInBook(orders: FrozenRecords, heads: readonly number[], visit: (slot: number) => void): void {
  for (const head of heads) for (let slot = head; slot !== NO_SLOT; slot = orders.i32[slot * RECORD_I32 + NEXT] as number) visit(slot);
}

function* eachList({ bytes, ends }: FrozenState["lists"]): Generator<Uint8Array> {
  let from = 0;
  for (const end of ends) {
    yield bytes.subarray(from, end);
    from = end;
  }
}

function accountsView(accounts: FrozenAccounts): AccountsView {
  const pending = new Map(accounts.pending);
  const switches = new Map<number, number>();
  for (let i = 0; i + 1 < accounts.switches.length; i += 2) switches.set(accounts.switches[i] as number, accounts.switches[i + 1] as number);
  return {
    ...accounts,
    texts: new TextsByOwner(accounts.texts, accounts.count),
    transferIds: new TextsByOwner(accounts.transferIds, accounts.count),
    pending: (row) => pending.get(row),
    switchUs: (row) => switches.get(row) ?? 0,
  };
}

// The accounts: who they are, what they have numbered so far, and the list of each one's open orders.
//
// Never: holds money (ledger.ts does). Invariant: account ids are contiguous from 1, an account's row is its id - 1;
// its open orders are linked in the order they were accepted, which is the order of their ids.
import type { TransferDirection } from "../../gen/tickwire/v1/event_pb.ts";
import { invariant } from "./invariants.ts";
import { ACCOUNT, ACCOUNT_NEXT, ACCOUNT_PREVIOUS, MARKET, NO_SLOT, ORDER_ID, RECORD_F64, RECORD_I32, type OrderStore } from "./orderStore.ts";
import { TextLog, type FrozenTexts } from "./textLog.ts";
import { TransferIds } from "./transferIds.ts";

/** The account that receives the fees: the first one opened. */
export const HOUSE_ACCOUNT = 0;

/** A transfer that waits to be posted or voided; a withdrawal holds its units meanwhile. */
export interface PendingTransfer {
  readonly direction: TransferDirection;
  readonly asset: number;
  readonly units: number;
}

export class Accounts {
  readonly externalIds: string[] = [];
  readonly names: string[] = [];
  readonly transferIds = new TransferIds();
  // Of accounts that have any: transfers announced but neither posted nor voided, by id, oldest first.
  readonly #pendingTransfers = new Map<number, Map<string, PendingTransfer>>();
  // External id and name of each account, in this order, for snapshots.
  readonly #texts = new TextLog();
  frozen = new Uint8Array(64);
  feeTier = new Int32Array(64);
  /** 0: none. */
  tradeGroup = new Float64Array(64);
  executionSeq = new Float64Array(64);
  balanceSeq = new Float64Array(64);
  #firstOrder = new Int32Array(64);
  #lastOrder = new Int32Array(64);
  // Open orders per account and market.
  #openOrders = new Int32Array(64 * 8);
  #markets = 8;
  readonly #byExternalId = new Map<string, number>();
  readonly #orders: OrderStore;

  constructor(orders: OrderStore) {
    this.#orders = orders;
  }

  get count(): number {
    return this.externalIds.length;
  }

  /** The row of an account id, or -1. */
  row(accountId: number): number {
    return accountId >= 1 && accountId <= this.externalIds.length ? accountId - 1 : -1;
  }

  findExternal(externalId: string): number {
    return this.#byExternalId.get(externalId) ?? -1;
  }

  /** Whether two accounts count as one for self-trade prevention. */
  sameOwner(a: number, b: number): boolean {
    if (a === b) return true;
    const group = this.tradeGroup[a] as number;
    return group !== 0 && group === this.tradeGroup[b];
  }

  /** Opens an account; its external id must be new. */
  open(externalId: string, name: string): number {
    const row = this.externalIds.length;
    if (row === this.frozen.length) this.#grow(row * 2, this.#markets);
    this.externalIds.push(externalId);
    this.names.push(name);
    this.#texts.add(row, Buffer.from(externalId));
    this.#texts.add(row, Buffer.from(name));
    this.#byExternalId.set(externalId, row);
    return row;
  }

  pendingTransfer(row: number, transferId: string): PendingTransfer | undefined {
    return this.#pendingTransfers.get(row)?.get(transferId);
  }

  announce(row: number, transferId: string, transfer: PendingTransfer): void {
    const pending = this.#pendingTransfers.get(row);
    if (pending === undefined) this.#pendingTransfers.set(row, new Map([[transferId, transfer]]));
    else pending.set(transferId, transfer);
  }

  /** The transfer is posted or voided. */
  resolve(row: number, transferId: string): void {
    const pending = this.#pendingTransfers.get(row);
    pending?.delete(transferId);
    if (pending?.size === 0) this.#pendingTransfers.delete(row);
  }

  /** An account's pending transfers, oldest first. */
  pendingTransfers(row: number): Iterable<[transferId: string, transfer: PendingTransfer]> {
    return this.#pendingTransfers.get(row) ?? [];
  }

  /** Rows of the accounts that have pending transfers. */
  pendingRows(): Iterable<number> {
    return this.#pendingTransfers.keys();
  }

  reserveMarkets(markets: number): void {
    let columns = this.#markets;
    while (columns < markets) columns *= 2;
    if (columns !== this.#markets) this.#grow(this.frozen.length, columns);
  }

  openOrders(row: number, market: number): number {
    return this.#openOrders[row * this.#markets + market] as number;
  }

  /** External id and name of every account. */
  freezeTexts(): FrozenTexts {
    return this.#texts.freeze();
  }

  firstOrder(row: number): number {
    return this.#firstOrder[row] as number;
  }

  nextOrder(slot: number): number {
    return this.#orders.i32[slot * RECORD_I32 + ACCOUNT_NEXT] as number;
  }

  /** Adds an order, which now rests, to its account's list: at the end, unless an amendment took it out before. */
  link(slot: number): void {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const row = i32[at + ACCOUNT] as number;
    const f64 = this.#orders.f64;
    const id = f64[slot * RECORD_F64 + ORDER_ID] as number;
    let before = this.#lastOrder[row] as number;
    let after: number = NO_SLOT;
    while (before !== NO_SLOT && (f64[before * RECORD_F64 + ORDER_ID] as number) > id) {
      after = before;
      before = i32[before * RECORD_I32 + ACCOUNT_PREVIOUS] as number;
    }
    i32[at + ACCOUNT_PREVIOUS] = before;
    i32[at + ACCOUNT_NEXT] = after;
    if (before === NO_SLOT) this.#firstOrder[row] = slot;
    else i32[before * RECORD_I32 + ACCOUNT_NEXT] = slot;
    if (after === NO_SLOT) this.#lastOrder[row] = slot;
    else i32[after * RECORD_I32 + ACCOUNT_PREVIOUS] = slot;
    const count = row * this.#markets + (i32[at + MARKET] as number);
    this.#openOrders[count] = (this.#openOrders[count] as number) + 1;
  }

  unlink(slot: number): void {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const row = i32[at + ACCOUNT] as number;
    const next = i32[at + ACCOUNT_NEXT] as number;
    const previous = i32[at + ACCOUNT_PREVIOUS] as number;
    if (previous === NO_SLOT) this.#firstOrder[row] = next;
    else i32[previous * RECORD_I32 + ACCOUNT_NEXT] = next;
    if (next === NO_SLOT) this.#lastOrder[row] = previous;
    else i32[next * RECORD_I32 + ACCOUNT_PREVIOUS] = previous;
    const count = row * this.#markets + (i32[at + MARKET] as number);
    const open = (this.#openOrders[count] as number) - 1;
    invariant(open >= 0, "an account has fewer than no open orders");
    this.#openOrders[count] = open;
  }

  #grow(rows: number, markets: number): void {
    const frozen = new Uint8Array(rows);
    frozen.set(this.frozen);
    this.frozen = frozen;
    this.feeTier = grownI32(this.feeTier, rows);
    this.tradeGroup = grownF64(this.tradeGroup, rows);
    this.executionSeq = grownF64(this.executionSeq, rows);
    this.balanceSeq = grownF64(this.balanceSeq, rows);
    this.#firstOrder = grownI32(this.#firstOrder, rows);
    this.#lastOrder = grownI32(this.#lastOrder, rows);
    const openOrders = new Int32Array(rows * markets);
    for (let row = 0; row < this.count; row++) {
      const from = row * this.#markets;
      openOrders.set(this.#openOrders.subarray(from, from + this.#markets), row * markets);
    }
    this.#openOrders = openOrders;
    this.#markets = markets;
  }
}

function grownF64(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(array);
  return grown;
}

function grownI32(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}

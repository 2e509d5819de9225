// Who owns what: per account and asset the units available and the units held by open orders.
//
// An amount is two limbs of 48 bits in doubles (high * 2^48 + low), so a balance may grow past 2^53 while every single
// movement stays exact. Never: decides whether a movement is allowed; callers check first. Invariants: no balance is
// ever negative (it throws); per asset the sum over all accounts equals deposits minus withdrawals.
import type { FreezeArea } from "./freezeArea.ts";
import { invariant, InvariantViolation } from "./invariants.ts";

/** What one step of a balance's upper limb is worth. */
export const LIMB = 0x1_0000_0000_0000;

/** A balance is four doubles. */
export const BALANCE_F64 = 4;
const WIDTH = BALANCE_F64;
export const AVAILABLE = 0;
export const HELD = 2;

/** Receives the balances a command changed. */
export interface BalanceSink {
  /** The balance after is the WIDTH limbs of `limbs` from `at`, the one before those of `before` from `was`. */
  balanceChanged(account: number, asset: number, limbs: Float64Array, at: number, before: Float64Array, was: number): void;
}

export class Ledger {
  #limbs: Float64Array;
  /** Assets a row has room for. */
  #columns = 8;
  #rows = 64;
  // Per asset: all deposits minus all withdrawals, in limbs.
  #issued: Float64Array;
  // What the current command touched, in order, with the balances from before.
  #touchedIn: Int32Array;
  #command = 1;
  #touched: Int32Array;
  #before: Float64Array;
  #touchedCount = 0;

  constructor() {
    this.#limbs = new Float64Array(this.#rows * this.#columns * WIDTH);
    this.#touchedIn = new Int32Array(this.#rows * this.#columns);
    this.#issued = new Float64Array(this.#columns * 2);
    this.#touched = new Int32Array(256);
    this.#before = new Float64Array(256 * WIDTH);
  }

  /** Makes room for accounts 0 to `accounts - 1` and assets 0 to `assets - 1`. */
  reserve(accounts: number, assets: number): void {
    if (accounts <= this.#rows && assets <= this.#columns) return;
    let rows = this.#rows;
    while (rows < accounts) rows *= 2;
    let columns = this.#columns;
    while (columns < assets) columns *= 2;
    const limbs = new Float64Array(rows * columns * WIDTH);
    for (let row = 0; row < this.#rows; row++) {
      const from = row * this.#columns * WIDTH;
      limbs.set(this.#limbs.subarray(from, from + this.#columns * WIDTH), row * columns * WIDTH);
    }
    const issued = new Float64Array(columns * 2);
    issued.set(this.#issued);
    // A timer that fired before this command may have moved money in the same group.
    const touchedIn = new Int32Array(rows * columns);
    for (let i = 0; i < this.#touchedCount; i++) {
      const index = this.#touched[i] as number;
      const asset = index % this.#columns;
      const moved = ((index - asset) / this.#columns) * columns + asset;
      this.#touched[i] = moved;
      touchedIn[moved] = this.#command;
    }
    this.#limbs = limbs;
    this.#issued = issued;
    this.#touchedIn = touchedIn;
    this.#rows = rows;
    this.#columns = columns;
  }

  /** Whether the available balance is at least `units`. */
  covers(account: number, asset: number, units: number): boolean {
    const at = (account * this.#columns + asset) * WIDTH;
    const high = this.#limbs[at + AVAILABLE + 1] as number;
    return high >= 32 || high * LIMB + (this.#limbs[at + AVAILABLE] as number) >= units;
  }

  /** Moves units from available to held. */
  hold(account: number, asset: number, units: number): void {
    const at = this.#touch(account, asset);
    this.#subtract(at + AVAILABLE, units);
    this.#add(at + HELD, units);
  }

  /** Moves units from held back to available. */
  release(account: number, asset: number, units: number): void {
    if (units === 0) return;
    const at = this.#touch(account, asset);
    this.#subtract(at + HELD, units);
    this.#add(at + AVAILABLE, units);
  }

  /** Takes units out of held: they went to the other side of a trade. */
  spend(account: number, asset: number, units: number): void {
    this.#subtract(this.#touch(account, asset) + HELD, units);
  }

  /** Puts units into available: they came from the other side of a trade. */
  receive(account: number, asset: number, units: number): void {
    if (units === 0) return;
    this.#add(this.#touch(account, asset) + AVAILABLE, units);
  }

  /** Units enter the venue. */
  deposit(account: number, asset: number, units: number): void {
    this.#add(this.#touch(account, asset) + AVAILABLE, units);
    addTo(this.#issued, asset * 2, units);
  }

  /** Units leave the venue. */
  withdraw(account: number, asset: number, units: number): void {
    this.#subtract(this.#touch(account, asset) + AVAILABLE, units);
    subtractFrom(this.#issued, asset * 2, units);
  }

  /** Units that were held for it leave the venue. */
  withdrawHeld(account: number, asset: number, units: number): void {
    this.#subtract(this.#touch(account, asset) + HELD, units);
    subtractFrom(this.#issued, asset * 2, units);
  }

  /** Deposits minus withdrawals of an asset. */
  issuedUnits(asset: number): bigint {
    return wide(this.#issued[asset * 2 + 1] as number, this.#issued[asset * 2] as number);
  }

  availableUnits(account: number, asset: number): bigint {
    const at = (account * this.#columns + asset) * WIDTH + AVAILABLE;
    return wide(this.#limbs[at + 1] as number, this.#limbs[at] as number);
  }

  /** Available and held together, as a double: exact up to 2^53. */
  ownedUnits(account: number, asset: number): number {
    const at = (account * this.#columns + asset) * WIDTH;
    const limbs = this.#limbs;
    return ((limbs[at + 1] as number) + (limbs[at + 3] as number)) * LIMB + (limbs[at] as number) + (limbs[at + 2] as number);
  }

  heldUnits(account: number, asset: number): bigint {
    const at = (account * this.#columns + asset) * WIDTH + HELD;
    return wide(this.#limbs[at + 1] as number, this.#limbs[at] as number);
  }

  /** All balances, `assetColumns` of BALANCE_F64 doubles per account; valid until the next command. */
  get limbs(): Float64Array {
    return this.#limbs;
  }

  get assetColumns(): number {
    return this.#columns;
  }

  /** What `freeze` takes of its area. */
  frozenBytes(accounts: number): number {
    return accounts * this.#columns * WIDTH * 8;
  }

  /** A copy of `limbs` for the first `accounts` rows. */
  freeze(area: FreezeArea, accounts: number): Float64Array {
    return area.f64(this.#limbs, accounts * this.#columns * WIDTH);
  }

  /** Sets a balance as a snapshot has it, in limbs, and counts it as issued. */
  restore(account: number, asset: number, availableHigh: number, availableLow: number, heldHigh: number, heldLow: number): void {
    invariant(asset >= 0 && asset < this.#columns, "a snapshot has a balance of an asset that is not listed");
    const at = (account * this.#columns + asset) * WIDTH;
    const limbs = this.#limbs;
    limbs[at + AVAILABLE] = availableLow;
    limbs[at + AVAILABLE + 1] = availableHigh;
    limbs[at + HELD] = heldLow;
    limbs[at + HELD + 1] = heldHigh;
    const issued = this.#issued;
    const low = (issued[asset * 2] as number) + availableLow + heldLow;
    const carry = Math.floor(low / LIMB);
    issued[asset * 2] = low - carry * LIMB;
    issued[asset * 2 + 1] = (issued[asset * 2 + 1] as number) + availableHigh + heldHigh + carry;
  }

  /** Tells `sink` every balance the current command changed, in the order it first touched them, and forgets them. */
  endCommand(sink: BalanceSink): void {
    const count = this.#touchedCount;
    const limbs = this.#limbs;
    const before = this.#before;
    for (let i = 0; i < count; i++) {
      const index = this.#touched[i] as number;
      const at = index * WIDTH;
      const was = i * WIDTH;
      if (limbs[at] === before[was] && limbs[at + 1] === before[was + 1] && limbs[at + 2] === before[was + 2] && limbs[at + 3] === before[was + 3]) continue;
      const asset = index % this.#columns;
      sink.balanceChanged(((index - asset) / this.#columns) | 0, asset, limbs, at, before, was);
    }
    this.#touchedCount = 0;
    if (++this.#command === 0x7fff_ffff) {
      this.#touchedIn.fill(0);
      this.#command = 1;
    }
  }

  #touch(account: number, asset: number): number {
    const index = account * this.#columns + asset;
    const at = index * WIDTH;
    if (this.#touchedIn[index] === this.#command) return at;
    this.#touchedIn[index] = this.#command;
    if (this.#touchedCount === this.#touched.length) this.#growTouched();
    const i = this.#touchedCount++;
    this.#touched[i] = index;
    const before = this.#before;
    const limbs = this.#limbs;
    before[i * WIDTH] = limbs[at] as number;
    before[i * WIDTH + 1] = limbs[at + 1] as number;
    before[i * WIDTH + 2] = limbs[at + 2] as number;
    before[i * WIDTH + 3] = limbs[at + 3] as number;
    return at;
  }

  #add(at: number, units: number): void {
    addTo(this.#limbs, at, units);
  }

  #subtract(at: number, units: number): void {
    subtractFrom(this.#limbs, at, units);
  }

  #growTouched(): void {
    const touched = new Int32Array(this.#touched.length * 2);
    touched.set(this.#touched);
    this.#touched = touched;
    const before = new Float64Array(this.#before.length * 2);
    before.set(this.#before);
    this.#before = before;
  }
}

const wide = (high: number, low: number): bigint => BigInt(high) * BigInt(LIMB) + BigInt(low);

function addTo(limbs: Float64Array, at: number, units: number): void {
  if (!(units >= 0)) throw new InvariantViolation(`the ledger was told to add ${units}`);
  let low = limbs[at] as number;
  if (units >= LIMB) {
    const upper = Math.floor(units / LIMB);
    limbs[at + 1] = (limbs[at + 1] as number) + upper;
    units -= upper * LIMB;
  }
  low += units;
  if (low >= LIMB) {
    low -= LIMB;
    limbs[at + 1] = (limbs[at + 1] as number) + 1;
  }
  limbs[at] = low;
}

function subtractFrom(limbs: Float64Array, at: number, units: number): void {
  if (!(units >= 0)) throw new InvariantViolation(`the ledger was told to take ${units}`);
  let low = limbs[at] as number;
  let high = limbs[at + 1] as number;
  if (units >= LIMB) {
    const upper = Math.floor(units / LIMB);
    high -= upper;
    units -= upper * LIMB;
  }
  low -= units;
  if (low < 0) {
    low += LIMB;
    high -= 1;
  }
  if (high < 0) throw new InvariantViolation("a balance would become negative");
  limbs[at] = low;
  limbs[at + 1] = high;
}

// The invariants of checks.ts in a running engine, a small bounded piece at a time: in the end every account, every
// order and every level has its turn, and no turn costs more than some microseconds.
//
// Never: changes anything. A violation throws: the process ends, and a restart rebuilds the state from the log.
import { checkAccount, checkConservation, checkSpreads } from "./checks.ts";
import type { Engine } from "./engine.ts";
import { invariant } from "./invariants.ts";
import { CHECK_CONSERVATION_EVERY, CHECK_EVERY_COMMANDS, CHECKED_BALANCES_MAX, CHECKED_ORDERS_MAX } from "./limits.ts";
import type { Market } from "./markets.ts";
import { BUY, NO_ASK, NO_BID, SELL } from "./orderBook.ts";
import { NO_SLOT, PREVIOUS, RECORD_F64, RECORD_I32, REMAINING_LOTS } from "./orderStore.ts";

export class SampledChecks {
  readonly #engine: Engine;
  #checkedSeq = 0;
  #turns = 0;
  #account = 0;
  #market = 0;
  #side = BUY;
  /** Price of the level checked last on this side. */
  #ticks = NO_BID;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#checkedSeq = engine.seq;
  }

  /** To be called between entries. @throws InvariantViolation */
  run(): void {
    if (this.#engine.seq - this.#checkedSeq < CHECK_EVERY_COMMANDS) return;
    this.#checkedSeq = this.#engine.seq;
    this.#turn();
  }

  #turn(): void {
    const engine = this.#engine;
    this.#turns++;
    checkSpreads(engine);
    if (engine.accounts.count > 0) {
      this.#account = (this.#account + 1) % engine.accounts.count;
      checkAccount(engine, this.#account, CHECKED_ORDERS_MAX);
    }
    const market = engine.markets.markets[this.#market];
    if (market !== undefined) this.#checkNextLevel(market);
    // All balances must be of one moment, so a venue with very many accounts leaves this one to its tests.
    const balances = engine.accounts.count * engine.markets.assets.length;
    if (this.#turns % CHECK_CONSERVATION_EVERY === 0 && balances <= CHECKED_BALANCES_MAX) checkConservation(engine);
  }

  #checkNextLevel({ book }: Market): void {
    const none = this.#side === BUY ? NO_BID : NO_ASK;
    const best = this.#side === BUY ? book.bestBidTicks : book.bestAskTicks;
    const fresh = this.#ticks === NO_BID || this.#ticks === NO_ASK;
    this.#ticks = best === none ? none : fresh ? best : book.nextBehind(this.#side, this.#ticks);
    if (this.#ticks === none) {
      // This side is through: the other one, or the next market.
      this.#side = this.#side === BUY ? SELL : BUY;
      this.#ticks = NO_BID;
      if (this.#side === BUY) this.#market = (this.#market + 1) % this.#engine.markets.markets.length;
      return;
    }
    // The market may have moved across the price since the last turn: then it is the other side's.
    const lots = book.lotsAt(this.#side, this.#ticks);
    if (lots === 0) return;
    const { f64, i32 } = this.#engine.orders;
    let sum = 0;
    let before: number = NO_SLOT;
    let seen = 0;
    for (let slot = book.front(this.#ticks); slot !== NO_SLOT; slot = book.after(slot)) {
      if (++seen > CHECKED_ORDERS_MAX) return;
      invariant(i32[slot * RECORD_I32 + PREVIOUS] === before, "a level's list is broken backwards");
      sum += f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
      before = slot;
    }
    invariant(sum === lots, "a level's lots are not the sum of its orders");
  }
}

// The fast engine against the most obvious one: an array of orders, sorted when looked at, and balances in a Map.
// Random commands, biased to the spread and to ends of orders; after each, the outcome, the book and every balance
// must agree, and no unit may be made or lost (the test venue checks all invariants).
import { describe, expect, it } from "vitest";
import { restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { Engine } from "./engine.ts";
import { TestVenue } from "./testing/testVenue.ts";

interface ModelOrder {
  readonly id: string;
  readonly owner: string;
  readonly buys: boolean;
  readonly price: bigint;
  lots: bigint;
}

type Wallet = { base: bigint; quote: bigint };

/** Nothing is held here: what an account may still use is what it owns less what its open orders need. */
class Model {
  readonly wallets = new Map<string, Wallet>();
  orders: ModelOrder[] = [];
  /** "owner id" of every order that was accepted. */
  readonly taken = new Set<string>();
  readonly #makerPpm: bigint;
  readonly #takerPpm: bigint;

  constructor(makerPpm: bigint, takerPpm: bigint) {
    this.#makerPpm = makerPpm;
    this.#takerPpm = takerPpm;
    this.wallets.set("house", { base: 0n, quote: 0n });
  }

  wallet(name: string): Wallet {
    const wallet = this.wallets.get(name);
    if (wallet === undefined) throw new Error(name);
    return wallet;
  }

  held(name: string): Wallet {
    const mine = this.orders.filter((o) => o.owner === name);
    const sum = (values: bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
    return { base: sum(mine.filter((o) => !o.buys).map((o) => o.lots)), quote: sum(mine.filter((o) => o.buys).map((o) => o.lots * o.price)) };
  }

  free(name: string): Wallet {
    const wallet = this.wallet(name);
    const held = this.held(name);
    return { base: wallet.base - held.base, quote: wallet.quote - held.quote };
  }

  // Orders an incoming one would meet, best first; the array is in order of age and sorting is stable.
  opposite(buys: boolean, limit: bigint | undefined): ModelOrder[] {
    return this.orders
      .filter((o) => o.buys !== buys && (limit === undefined || (buys ? o.price <= limit : o.price >= limit)))
      .sort((a, b) => Number(buys ? a.price - b.price : b.price - a.price));
  }

  place(id: string, owner: string, buys: boolean, lots: bigint, price: bigint | undefined, quote: bigint | undefined, mode: string): string {
    if (this.taken.has(`${owner} ${id}`)) return "rejected DUPLICATE_CLIENT_ORDER_ID";
    const against = this.opposite(buys, price);
    let want = lots;
    let runsOut = false;
    if (quote !== undefined) {
      if (against.length === 0) return "rejected NO_LIQUIDITY";
      want = 0n;
      let left = quote;
      runsOut = true;
      for (const o of against) {
        const take = left / o.price < o.lots ? left / o.price : o.lots;
        want += take;
        left -= take * o.price;
        if (take < o.lots || left === 0n) {
          runsOut = false;
          break;
        }
      }
      if (want === 0n) return "rejected LOT_SIZE";
    }
    if (mode === "maker" && against.length > 0) return "rejected WOULD_TAKE";
    const fills: { maker: ModelOrder; lots: bigint }[] = [];
    let left = want;
    for (const maker of against) {
      if (left === 0n) break;
      const take = left < maker.lots ? left : maker.lots;
      fills.push({ maker, lots: take });
      left -= take;
    }
    const cost = fills.reduce((sum, f) => sum + f.lots * f.maker.price, 0n);
    const need = buys ? (quote ?? (price === undefined ? cost : lots * price)) : quote !== undefined ? want : lots;
    if ((buys ? this.free(owner).quote : this.free(owner).base) < need) return "rejected INSUFFICIENT_BALANCE";
    this.taken.add(`${owner} ${id}`);
    if (mode === "fok" && left > 0n) return "accepted, expired UNFILLED_FOK";
    const told = ["accepted"];
    for (const { maker, lots: traded } of fills) {
      told.push(`${traded} @ ${maker.price}`);
      maker.lots -= traded;
      this.settle(buys ? owner : maker.owner, buys ? maker.owner : owner, traded, traded * maker.price, buys);
    }
    this.orders = this.orders.filter((o) => o.lots > 0n);
    if (price === undefined) {
      if (left > 0n || runsOut) told.push("expired INSUFFICIENT_LIQUIDITY");
    } else if (mode === "ioc") {
      if (left > 0n) told.push("expired UNFILLED_IOC");
    } else if (left > 0n) this.orders.push({ id, owner, buys, price, lots: left });
    return told.join(", ");
  }

  settle(buyer: string, seller: string, base: bigint, quote: bigint, buyerTakes: boolean): void {
    const fee = (amount: bigint, taker: boolean): bigint => (amount * (taker ? this.#takerPpm : this.#makerPpm) + 999_999n) / 1_000_000n;
    const baseFee = fee(base, buyerTakes);
    const quoteFee = fee(quote, !buyerTakes);
    this.wallet(buyer).quote -= quote;
    this.wallet(buyer).base += base - baseFee;
    this.wallet(seller).base -= base;
    this.wallet(seller).quote += quote - quoteFee;
    this.wallet("house").base += baseFee;
    this.wallet("house").quote += quoteFee;
  }

  cancel(owner: string, id: string): string {
    const at = this.orders.findIndex((o) => o.owner === owner && o.id === id);
    if (at < 0) return "rejected UNKNOWN_ORDER";
    this.orders.splice(at, 1);
    return `canceled ${id}`;
  }

  cancelAll(owner: string): string {
    const mine = this.orders.filter((o) => o.owner === owner);
    this.orders = this.orders.filter((o) => o.owner !== owner);
    return mine.map((o) => `canceled ${o.id}`).join(", ");
  }

  picture(): string {
    const rows: string[] = [];
    const levels = (buys: boolean, prices: bigint[]): void => {
      for (const price of prices) rows.push(`${buys ? "bid" : "ask"} ${price}: ${this.orders.filter((o) => o.buys === buys && o.price === price).map((o) => o.lots).join(" ")}`);
    };
    const prices = (buys: boolean): bigint[] => [...new Set(this.orders.filter((o) => o.buys === buys).map((o) => o.price))].sort((a, b) => Number(b - a));
    levels(false, prices(false));
    levels(true, prices(true));
    return rows.join("\n");
  }
}

// mulberry32: small, seeded, the same everywhere.
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const TRADERS = ["alice", "bob", "carol", "dave"];

function run(seed: number, commands: number, far: boolean): void {
  const roll = random(seed);
  const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 25_003, maxNumOrders: 1_000_000 });
  const model = new Model(1_000n, 25_003n);
  for (const name of TRADERS) {
    // Few enough to run out now and then.
    venue.account(name, 3_000n, 400_000n);
    model.wallets.set(name, { base: 3_000n, quote: 400_000n });
  }
  let middle = 100;
  for (let n = 0; n < commands; n++) {
    if (roll(50) === 0) middle = far ? 1 + roll(1 << roll(30)) : Math.max(20, middle + roll(11) - 5);
    const owner = TRADERS[roll(TRADERS.length)] ?? "alice";
    const what = roll(100);
    // A name is taken for longer than this test takes; old ones are cancelled, and tried again.
    const id = `o${roll(5) > 0 && what >= 25 ? n : Math.max(0, n - roll(120))}`;
    let line: string;
    let expected: string;
    if (what < 25) {
      line = `${owner} cancels ${id}`;
      expected = model.cancel(owner, id);
    } else if (what < 26) {
      line = `${owner} cancels all`;
      expected = model.cancelAll(owner);
    } else {
      const buys = roll(2) === 0;
      const verb = buys ? "buys" : "sells";
      const lots = BigInt(1 + roll(1 + roll(30)));
      if (what < 90) {
        const price = BigInt(Math.max(1, middle + (buys ? 3 : -3) + roll(13) - 6));
        const mode = ["gtc", "gtc", "gtc", "ioc", "fok", "maker"][roll(6)] ?? "gtc";
        line = `${owner} ${verb} ${lots} @ ${price} ${mode} as ${id}`;
        expected = model.place(id, owner, buys, lots, price, undefined, mode);
      } else if (what < 95) {
        line = `${owner} ${verb} ${lots} as ${id}`;
        expected = model.place(id, owner, buys, lots, undefined, undefined, "market");
      } else {
        const quote = BigInt(1 + roll(4_000));
        line = `${owner} ${verb} for ${quote} as ${id}`;
        expected = model.place(id, owner, buys, 0n, undefined, quote, "market");
      }
    }
    const where = `seed ${seed}, command ${n}: ${line}`;
    expect(venue.say(line), where).toBe(expected);
    expect(venue.picture(), where).toBe(model.picture());
    for (const name of TRADERS) {
      const free = model.free(name);
      const held = model.held(name);
      expect(venue.balances(name), where).toBe(`${free.base}/${held.base} ${free.quote}/${held.quote}`);
    }
  }
  const house = model.wallet("house");
  expect(venue.engine.ledger.availableUnits(0, 0)).toBe(house.base);
  expect(venue.engine.ledger.availableUnits(0, 1)).toBe(house.quote);

  // The same log gives the same state, and so does a snapshot of it.
  const again = new Engine();
  venue.log.forEach((bytes, i) => again.applyEntry(bytes, i + 1));
  expect(stateHash(again)).toEqual(stateHash(venue.engine));
  expect(stateHash(restoreSnapshot(takeSnapshot(venue.engine)))).toEqual(stateHash(venue.engine));
}

describe("the engine and a naive model of it agree", () => {
  it.each([1, 2, 3, 4])("near one price, seed %i", (seed) => run(seed, 2_000, false));
  it.each([5, 6, 7, 8])("while the market jumps far and wide, seed %i", (seed) => run(seed, 2_000, true));

  it("after a snapshot in the middle, the rest of the log gives the same bytes", () => {
    const roll = random(99);
    const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
    let copy: Engine | undefined;
    for (let n = 0; n < 600; n++) {
      const owner = TRADERS[roll(TRADERS.length)] ?? "alice";
      if (n === 300) copy = restoreSnapshot(takeSnapshot(venue.engine));
      const from = venue.log.length;
      venue.say(roll(3) === 0 ? `${owner} cancels ${roll(8) === 0 ? "all" : `o${roll(40)}`}` : `${owner} ${roll(2) === 0 ? "buys" : "sells"} ${1 + roll(9)} @ ${95 + roll(11)} as o${roll(40)}`);
      if (copy === undefined) continue;
      for (const bytes of venue.log.slice(from)) copy.applyEntry(bytes, copy.entry + 1);
      if (n % 50 === 0) expect(stateHash(copy)).toEqual(stateHash(venue.engine));
    }
    expect(copy !== undefined && stateHash(copy)).toEqual(stateHash(venue.engine));
  });
});

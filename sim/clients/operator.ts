// An operator of the exchange: halts a market now and then, lets an auction collect orders, and opens trading by it; or lets
// orders only be cancelled, or only be posted, for a while.
//
// Asks again until he is told: setting a status twice is setting it once. A request that was lost for long may still come late
// and close a market again; so at the end he opens them all.
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import type { Roll } from "../../services/engine/suite/random.ts";
import type { World } from "../world/world.ts";
import type { Prices } from "./prices.ts";
import type { Requests } from "./requests.ts";
import type { ClientRecord } from "./trader.ts";

const { TRADING, HALT, CANCEL_ONLY, POST_ONLY, AUCTION } = MarketStatus;

/** What becomes of a market, step by step, until it trades again. */
const COURSES: readonly (readonly [MarketStatus, ...MarketStatus[]])[] = [
  [HALT, AUCTION],
  [HALT, AUCTION],
  [HALT, AUCTION, HALT, AUCTION],
  [HALT, AUCTION, CANCEL_ONLY],
  [CANCEL_ONLY],
  [POST_ONLY],
  [HALT],
];

export class Operator {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #record: ClientRecord;
  readonly #prices: Prices;
  readonly #roll: Roll;
  /** Markets that he is at work on. */
  readonly #busy = new Set<number>();

  constructor(options: { world: World; requests: Requests; record: ClientRecord; prices: Prices }) {
    this.#world = options.world;
    this.#requests = options.requests;
    this.#record = options.record;
    this.#prices = options.prices;
    this.#roll = options.world.chance("operator");
  }

  /** Whether he has nothing under way. */
  get idle(): boolean {
    return this.#busy.size === 0;
  }

  /** Takes one market through a course, unless he is at work on it. */
  act(): void {
    const { marketId } = this.#prices.market(this.#roll);
    const course = COURSES[this.#roll(COURSES.length)];
    if (course !== undefined && !this.#busy.has(marketId)) this.#lead(marketId, [...course, TRADING]);
  }

  /** Opens whatever may be closed. */
  openAll(): void {
    for (const marketId of this.#prices.marketIds) if (!this.#busy.has(marketId)) this.#lead(marketId, [TRADING]);
  }

  #lead(marketId: number, [next, ...rest]: readonly MarketStatus[]): void {
    if (next === undefined) {
      this.#busy.delete(marketId);
      return;
    }
    this.#busy.add(marketId);
    this.#requests.send(this.#roll(1 << 20), { body: { case: "setMarketStatus", value: { marketId, status: next } } }, (answer) => {
      if (answer.kind === "outcome") this.#record.told.push(answer.outcome);
      const told = answer.kind === "outcome";
      this.#world.note(`operator sets market ${marketId} to ${next}: ${answer.kind}`);
      // Long enough for traders to meet the market so, and for an auction to collect orders that cross; short enough that
      // most of a run trades.
      const pauseMs = told ? 300 + this.#roll(next === AUCTION ? 12_000 : 3_000) : 50 + this.#roll(1_000);
      if (told && rest.length === 0) this.#lead(marketId, rest);
      else this.#world.after(pauseMs, undefined, () => this.#lead(marketId, told ? rest : [next, ...rest]));
    });
  }
}

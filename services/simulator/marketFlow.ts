// One market's traders at work: a maker and a taker around one opinion of what the market is worth. Trades while the
// feed is live and the market is open; ends, saying why, when an account is no longer of use.
import WebSocket from "ws";
import { FeedClient, TickwireApiError, type FeedBookTicker, type FeedError, type MarketInfo, type RestClient } from "../../sdk/typescript/src/index.ts";
import type { Logger } from "../shared/logger.ts";
import type { Answer } from "./flowReport.ts";
import type { LadderView } from "./ladder.ts";
import { BALANCE_CHECK_INTERVAL_MS, MAKER_SHARE, REFERENCE_STEP_MS, STOP_TIMEOUT_MS, TOP_UP_BELOW } from "./limits.ts";
import { MarketMaker } from "./marketMaker.ts";
import { Pace } from "./pace.ts";
import type { MarketProfile } from "./profiles.ts";
import { Random } from "./random.ts";
import { ReferencePrice } from "./referencePrice.ts";
import { Taker } from "./taker.ts";
import { Trader, type TraderEnd } from "./trader.ts";

const NOTHING_OPEN = -2011;
/** The position, in median maker orders, at which a maker leans as far as it will. */
const INVENTORY_FULL_ORDERS = 40;
/** What counts as the normal holding follows the real one over about an hour: fees must not look like a position. */
const HOLDING_MEMORY_S = 3_600;

export interface MarketFlowOptions {
  readonly symbol: string;
  readonly feedUrl: string;
  readonly perSecond: number;
  readonly seed: string;
  readonly profile: MarketProfile;
  /** What the market last traded at, if it ever did. */
  readonly lastPrice: number | undefined;
  readonly maker: RestClient;
  readonly taker: RestClient;
  /** What each account began with, by asset. */
  readonly deposits: Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly onAnswer: (answer: Answer) => void;
}

export type MarketFlowEnd = { readonly role: "maker" | "taker"; readonly end: TraderEnd } | "feed closed" | "stopped";

export class MarketFlow {
  /** Resolves when the flow is over. */
  readonly ended: Promise<MarketFlowEnd>;
  readonly #options: MarketFlowOptions;
  readonly #feed: FeedClient;
  readonly #reference: ReferencePrice;
  readonly #traders: { readonly maker: Trader; readonly taker: Trader };
  readonly #paces: Pace[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #maker: MarketMaker | undefined;
  #market: MarketInfo | undefined;
  #top: FeedBookTicker | undefined;
  #holding: number | undefined; // base assets the maker has
  #normalHolding = 0;
  #accountKnown = false;
  #over = false;
  #end: (end: MarketFlowEnd) => void = () => undefined;

  constructor(options: MarketFlowOptions) {
    this.#options = options;
    const { symbol, seed, profile, lastPrice, onAnswer, maker, taker } = options;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const start = lastPrice !== undefined && lastPrice > profile.anchor / 2 && lastPrice < profile.anchor * 2 ? lastPrice : profile.anchor;
    this.#reference = new ReferencePrice({ anchor: profile.anchor, start, random: new Random(`${seed}/${symbol}/reference`) });
    this.#traders = {
      maker: new Trader({ rest: maker, symbol, onAnswer, onEnd: (end) => this.#end({ role: "maker", end }) }),
      taker: new Trader({ rest: taker, symbol, onAnswer, onEnd: (end) => this.#end({ role: "taker", end }) }),
    };
    this.#feed = new FeedClient({ url: options.feedUrl, WebSocket, getTicket: async () => (await maker.streamTicket()).ticket });
  }

  /** Whether orders are being sent. */
  get live(): boolean {
    return !this.#over && this.#accountKnown && this.#feed.state === "open" && this.#market?.status === "TRADING";
  }

  get openOrders(): number {
    return this.#maker?.openOrders ?? 0;
  }

  /** Clears what an earlier run left, then begins to trade. @throws when the exchange cannot be reached. */
  async start(): Promise<void> {
    await this.#cancelEverything();
    const { symbol, perSecond, seed, logger } = this.#options;
    this.#feed.onError((error: FeedError) => logger.debug({ symbol, kind: error.kind, err: error.message }, "the feed failed"));
    this.#feed.onState((state) => {
      if (state === "open" || state === "reconnecting") logger.info({ symbol, state }, "the feed");
      if (state !== "open") this.#accountKnown = false;
      // The gateway wants nothing more of this client: that is for whoever runs it to see, and a fresh start may help.
      if (state === "closed" && !this.#over) this.#end("feed closed");
    });
    this.#feed.onVenue((venue) => (this.#market = venue.market(symbol)));
    this.#feed.subscribeMarketStatus(symbol, () => undefined);
    this.#feed.subscribeBookTicker(symbol, (top) => (this.#top = top));
    this.#feed.subscribeAccount({
      onSnapshot: (state) => {
        const maker = this.#makerFor(state.openOrders.length);
        maker?.onSnapshot(state);
        for (const balance of state.balances) this.#onBalance(balance.asset, Number(balance.available) + Number(balance.held));
        this.#accountKnown = maker !== undefined;
      },
      onExecution: (execution) => this.#maker?.onExecution(execution),
      onBalance: (balance) => this.#onBalance(balance.asset, Number(balance.available) + Number(balance.held)),
    });
    this.#feed.connect();
    const taker = new Taker({ trader: this.#traders.taker, random: new Random(`${seed}/${symbol}/taker`) });
    const pace = (part: number, name: string, bursts: boolean, step: (view: LadderView) => void) =>
      new Pace({
        perSecond: perSecond * part,
        bursts,
        random: new Random(`${seed}/${symbol}/${name}`),
        step: () => {
          const view = this.#view();
          if (view !== undefined) step(view);
        },
      });
    this.#paces.push(
      pace(MAKER_SHARE, "maker pace", false, (view) => this.#maker?.step(view, this.#top)),
      pace(1 - MAKER_SHARE, "taker pace", true, (view) => taker.step({ ...view, top: this.#top })),
    );
    this.#timers.push(
      setInterval(() => this.#moveReference(), REFERENCE_STEP_MS),
      setInterval(() => void this.#checkBalances(), BALANCE_CHECK_INTERVAL_MS),
    );
  }

  /** Stops trading and takes back what rests, as far as the exchange lets it in time. */
  async stop(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    for (const pace of this.#paces) pace.stop();
    for (const timer of this.#timers) clearInterval(timer);
    this.#feed.close();
    this.#end("stopped");
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#cancelEverything().catch(() => undefined), new Promise((resolve) => (timer = setTimeout(resolve, STOP_TIMEOUT_MS)))]);
    clearTimeout(timer);
  }

  #makerFor(openOrders: number): MarketMaker | undefined {
    if (this.#market === undefined) return undefined;
    const { symbol, seed, logger } = this.#options;
    if (this.#maker === undefined) logger.info({ symbol, openOrders }, "the maker begins");
    this.#maker ??= new MarketMaker({ trader: this.#traders.maker, random: new Random(`${seed}/${symbol}/maker`), maxNumOrders: this.#market.filters.maxNumOrders });
    return this.#maker;
  }

  #view(): LadderView | undefined {
    if (!this.live || this.#market === undefined) return undefined;
    return { market: this.#market, profile: this.#options.profile, reference: this.#reference.price, inventory: this.#inventory() };
  }

  #inventory(): number {
    const { profile } = this.#options;
    const excess = ((this.#holding ?? this.#normalHolding) - this.#normalHolding) * this.#reference.price;
    return Math.max(-1, Math.min(1, excess / (profile.makerNotional * INVENTORY_FULL_ORDERS)));
  }

  #onBalance(asset: string, amount: number): void {
    if (asset !== this.#market?.base) return;
    if (this.#holding === undefined) this.#normalHolding = amount;
    this.#holding = amount;
  }

  #moveReference(): void {
    const seconds = REFERENCE_STEP_MS / 1_000;
    this.#reference.advance(seconds);
    if (this.#holding !== undefined) this.#normalHolding += ((this.#holding - this.#normalHolding) * seconds) / HOLDING_MEMORY_S;
    const view = this.#view();
    if (view !== undefined) this.#maker?.retreat(view);
  }

  async #checkBalances(): Promise<void> {
    if (!this.live) return;
    for (const role of ["maker", "taker"] as const) {
      try {
        const { balances } = await this.#options[role].account();
        const low = Object.entries(this.#options.deposits).find(([asset, deposited]) => {
          const balance = balances.find((b) => b.asset === asset);
          return Number(balance?.free ?? 0) + Number(balance?.locked ?? 0) < TOP_UP_BELOW * Number(deposited);
        });
        if (low !== undefined) this.#end({ role, end: "poor" });
      } catch (error) {
        if (!(error instanceof TickwireApiError)) throw error; // the next look will tell
      }
    }
  }

  async #cancelEverything(): Promise<void> {
    const { symbol, maker, taker } = this.#options;
    const cancels = [maker, taker].map(async (rest) => {
      try {
        await rest.cancelAllOrders({ symbol });
      } catch (error) {
        if (!(error instanceof TickwireApiError && error.code === NOTHING_OPEN)) throw error;
      }
    });
    await Promise.all(cancels);
  }
}

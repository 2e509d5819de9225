// The whole simulated flow: each market's traders, kept going for as long as it runs. The seam for load generators:
// give it a rate, and hear of every answer through `onAnswer`.
import { RestClient, TickwireApiError } from "../../sdk/typescript/src/index.ts";
import type { Logger } from "../shared/logger.ts";
import type { AccountBook } from "./accountBook.ts";
import { FlowReport, type Answer } from "./flowReport.ts";
import { PAUSE_MAX_MS, PAUSE_MIN_MS, REOPEN_PAUSE_MS, REPORT_INTERVAL_MS } from "./limits.ts";
import { MarketFlow } from "./marketFlow.ts";
import { profileOf, type MarketProfile } from "./profiles.ts";

/** What each account is given of each of its two assets, as its worth in quote assets: months of fees at the default rate. */
const DEPOSIT_WORTH = 50_000_000;

export interface OrderFlowOptions {
  readonly apiUrl: string;
  readonly feedUrl: string;
  /** Orders per second over all markets. */
  readonly rate: number;
  readonly seed: string;
  /** Symbols; undefined: every market that trades. */
  readonly markets: readonly string[] | undefined;
  readonly accounts: AccountBook;
  readonly logger: Logger;
  readonly onAnswer?: (answer: Answer) => void;
}

interface Assets {
  readonly base: string;
  readonly quote: string;
}

export class OrderFlow {
  readonly #options: OrderFlowOptions;
  readonly #public: RestClient;
  readonly #flows = new Map<string, MarketFlow>();
  readonly #report = new FlowReport();
  readonly #reporting: NodeJS.Timeout;
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;
  #symbols: readonly string[] = [];
  #stopped = false;

  /** Begins at once; waits for the exchange as long as it takes. */
  constructor(options: OrderFlowOptions) {
    this.#options = options;
    this.#public = new RestClient({ baseUrl: options.apiUrl });
    this.#reporting = setInterval(() => this.#logReport(), REPORT_INTERVAL_MS);
    this.#running = this.#run();
  }

  /** Ready when every market is being traded. */
  get state(): { readonly ready: boolean; readonly detail: string } {
    const waiting = this.#symbols.filter((symbol) => this.#flows.get(symbol)?.live !== true);
    if (this.#symbols.length === 0) return { ready: false, detail: "waiting for the api" };
    return { ready: waiting.length === 0, detail: waiting.length === 0 ? "" : `waiting for ${waiting.join(", ")}` };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reporting);
    this.#wake();
    await Promise.all([...this.#flows.values()].map((flow) => flow.stop()));
    await this.#running;
    this.#logReport();
  }

  async #run(): Promise<void> {
    const assets = await this.#patiently("the markets", () => this.#listMarkets());
    if (assets === undefined) return;
    this.#symbols = [...assets.keys()];
    const profiles = new Map<string, MarketProfile>();
    const lastPrices = new Map<string, number | undefined>();
    for (const symbol of this.#symbols) {
      const lastPrice = await this.#patiently(symbol, () => this.#lastPrice(symbol));
      lastPrices.set(symbol, lastPrice);
      profiles.set(symbol, profileOf(symbol, lastPrice));
    }
    const weights = [...profiles.values()].reduce((sum, { weight }) => sum + weight, 0);
    await Promise.all(
      [...assets].map(async ([symbol, { base, quote }]) => {
        const profile = profiles.get(symbol) ?? profileOf(symbol, undefined);
        const deposits = { [base]: (DEPOSIT_WORTH / profile.anchor).toFixed(0), [quote]: DEPOSIT_WORTH.toFixed(0) };
        while (!this.#stopped) {
          await this.#runMarket({ symbol, profile, deposits, perSecond: (this.#options.rate * profile.weight) / weights });
        }
      }),
    );
  }

  // From opening the accounts to the end of one of them.
  async #runMarket(options: { symbol: string; profile: MarketProfile; deposits: Record<string, string>; perSecond: number }): Promise<void> {
    const { accounts, feedUrl, seed, logger, onAnswer } = this.#options;
    const { symbol, profile, deposits, perSecond } = options;
    const name = (role: string): string => `simulator ${symbol} ${role}`;
    const flow = await this.#patiently(symbol, async () => {
      const [maker, taker] = [await accounts.open({ name: name("maker"), deposits }), await accounts.open({ name: name("taker"), deposits })];
      const lastPrice = await this.#lastPrice(symbol);
      const started = new MarketFlow({
        symbol,
        feedUrl,
        perSecond,
        seed,
        profile,
        lastPrice,
        maker,
        taker,
        deposits,
        logger,
        onAnswer: (answer) => {
          this.#report.add(answer);
          onAnswer?.(answer);
        },
      });
      await started.start();
      return started;
    });
    if (flow === undefined) return;
    this.#flows.set(symbol, flow);
    if (this.#stopped) await flow.stop();
    const end = await flow.ended;
    await flow.stop();
    if (end === "stopped") return;
    logger.warn({ symbol, end }, "a market's flow ended; starting it again");
    // A refused key is tried once more and then replaced by open(); an empty account is replaced at once.
    if (end !== "feed closed" && end.end === "poor") accounts.forget(name(end.role));
    await this.#sleep(REOPEN_PAUSE_MS);
  }

  async #listMarkets(): Promise<Map<string, Assets>> {
    const { symbols } = await this.#public.exchangeInfo();
    const { markets } = this.#options;
    const missing = markets?.filter((symbol) => !symbols.some((s) => s.symbol === symbol)) ?? [];
    if (missing.length > 0) this.#options.logger.warn({ missing }, "markets that the exchange does not have are left out");
    const listed = symbols.filter(({ symbol }) => markets === undefined || markets.includes(symbol));
    if (listed.length === 0) throw new Error("the exchange has none of the markets");
    return new Map(listed.map(({ symbol, baseAsset, quoteAsset }) => [symbol, { base: baseAsset, quote: quoteAsset }]));
  }

  async #lastPrice(symbol: string): Promise<number | undefined> {
    const [newest] = await this.#public.trades({ symbol, limit: 1 });
    return newest === undefined ? undefined : Number(newest.price);
  }

  /** Tries until it succeeds, with growing waits; undefined when stopped meanwhile. */
  async #patiently<T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> {
    for (let failures = 0; !this.#stopped; failures++) {
      try {
        return await attempt();
      } catch (error) {
        if (failures === 0) this.#options.logger.info({ what, err: String(error) }, "waiting for the exchange");
        if (error instanceof TypeError && !(error instanceof TickwireApiError) && error.cause === undefined) throw error;
        await this.#sleep(Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(failures, 20)));
      }
    }
    return undefined;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const previous = this.#wake;
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        previous();
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #logReport(): void {
    const openOrders = Object.fromEntries([...this.#flows].map(([symbol, flow]) => [symbol, flow.openOrders]));
    this.#options.logger.info({ ...this.#report.take(), openOrders }, "flow");
  }
}

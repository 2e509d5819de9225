// The venue's assets and markets as the engine last told them; renewed when a heartbeat says they changed.
import type { Asset, Market } from "../../../gen/tickwire/v1/types_pb.ts";
import type { HeartbeatBoard } from "../heartbeat.ts";
import type { Logger } from "../logger.ts";
import type { MarketScales } from "../units.ts";
import type { Ingress } from "./ingress.ts";

const RETRY_DELAY_MS = 200;

/** A market with its two assets resolved; satisfies MarketScales for text conversion. */
export interface ListedMarket extends MarketScales {
  readonly market: Market;
  readonly base: Asset;
  readonly quote: Asset;
}

export class VenueDirectory {
  #assetsById = new Map<number, Asset>();
  #assetsByCode = new Map<string, Asset>();
  #marketsById = new Map<number, ListedMarket>();
  #marketsBySymbol = new Map<string, ListedMarket>();
  #version = -1n;
  #epoch = 0;
  #loaded = false;
  readonly #listeners = new Set<() => void>();
  readonly #ingress: Ingress;
  readonly #logger: Logger;

  private constructor(ingress: Ingress, logger: Logger) {
    this.#ingress = ingress;
    this.#logger = logger;
  }

  /** Waits, as long as it takes, until the engine answers; then keeps itself current from the engine's heartbeats. */
  static async load(ingress: Ingress, board: HeartbeatBoard, logger: Logger): Promise<VenueDirectory> {
    const directory = new VenueDirectory(ingress, logger);
    await directory.#load(board);
    return directory;
  }

  /**
   * At once, empty, and not `loaded` until the engine has answered: for a service that has something to say before
   * that. `stop` gives up waiting.
   */
  static open(ingress: Ingress, board: HeartbeatBoard, logger: Logger): { readonly directory: VenueDirectory; readonly stop: () => void } {
    const directory = new VenueDirectory(ingress, logger);
    const patience = new AbortController();
    void directory.#load(board, patience.signal);
    return { directory, stop: () => patience.abort() };
  }

  async #load(board: HeartbeatBoard, signal?: AbortSignal): Promise<void> {
    let told = false;
    while (!(await this.#refresh())) {
      if (!told) this.#logger.info("waiting for the engine");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
      if (signal?.aborted === true) return;
    }
    this.#follow(board);
  }

  #follow(board: HeartbeatBoard): void {
    board.onBeat((beat) => {
      if (beat.service !== "engine" || !beat.ready) return;
      if (beat.venueVersion === this.#version && beat.epoch === this.#epoch) return;
      void this.#refresh().then((done) => {
        if (!done) return;
        this.#version = beat.venueVersion;
        for (const listener of this.#listeners) listener();
      });
    });
  }

  async #refresh(): Promise<boolean> {
    try {
      const response = await this.#ingress.query({ case: "venue", value: {} });
      // Before the first log entry is applied there is a venue, but nothing in it.
      if (response.body.case !== "venue" || response.seq === 0n) return false;
      const { assets, markets } = response.body.value;
      this.#epoch = response.epoch;
      this.#assetsById = new Map(assets.map((a) => [a.assetId, a]));
      this.#assetsByCode = new Map(assets.map((a) => [a.code, a]));
      const listed = markets.map((market) => this.#resolve(market));
      this.#marketsById = new Map(listed.map((m) => [m.market.marketId, m]));
      this.#marketsBySymbol = new Map(listed.map((m) => [m.market.symbol, m]));
      this.#loaded = true;
      return true;
    } catch (error) {
      this.#logger.debug({ err: String(error) }, "the engine does not tell the venue yet");
      return false;
    }
  }

  #resolve(market: Market): ListedMarket {
    const base = this.#assetsById.get(market.baseAssetId);
    const quote = this.#assetsById.get(market.quoteAssetId);
    if (base === undefined || quote === undefined) throw new Error(`market ${market.symbol} names an asset that is not listed`);
    return { market, base, quote, baseScale: base.scale, quoteScale: quote.scale };
  }

  /** Whether the engine has told its markets yet. */
  get loaded(): boolean {
    return this.#loaded;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get assets(): readonly Asset[] {
    return [...this.#assetsById.values()];
  }
  get markets(): readonly ListedMarket[] {
    return [...this.#marketsById.values()];
  }
  assetById(assetId: number): Asset | undefined {
    return this.#assetsById.get(assetId);
  }
  assetByCode(code: string): Asset | undefined {
    return this.#assetsByCode.get(code);
  }
  marketById(marketId: number): ListedMarket | undefined {
    return this.#marketsById.get(marketId);
  }
  marketBySymbol(symbol: string): ListedMarket | undefined {
    return this.#marketsBySymbol.get(symbol);
  }

  /** Calls `listener` after each change of assets, markets or epoch; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

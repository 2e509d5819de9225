// How the feed stands: connected or not, how far away, and the terms of each market as the venue announced them.
import type { ConnectionState, MarketTerms } from "../feed/feedMessages.ts";
import { Store } from "./store.ts";

export class ConnectionStore extends Store {
  state: ConnectionState = "connecting";
  latencyMs: number | undefined;
  /** Counts how often the feed became live: what was fetched before an interruption may miss something. */
  opens = 0;
  #terms: ReadonlyMap<string, MarketTerms> = new Map();

  setState(state: ConnectionState, latencyMs: number | undefined): void {
    if (state === this.state && latencyMs === this.latencyMs) return;
    if (state === "open" && this.state !== "open") this.opens++;
    this.state = state;
    this.latencyMs = latencyMs;
    this.changed();
  }

  setTerms(markets: readonly MarketTerms[]): void {
    this.#terms = new Map(markets.map((terms) => [terms.symbol, terms]));
    this.changed();
  }

  terms(symbol: string): MarketTerms | undefined {
    return this.#terms.get(symbol);
  }
}

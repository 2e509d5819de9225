// An operator during a crash run: closes one market now and then, and opens it again by an auction.
//
// It is the market that the fewest orders go to, so that there is always somebody to tell whether the venue answers. Asks again
// until he is told: setting a status twice is setting it once. Invariant: after `stop` every market trades.
import { setTimeout as sleep } from "node:timers/promises";
import { MarketStatus } from "../gen/tickwire/v1/types_pb.ts";
import { IngressError, type Ingress } from "../services/shared/trading/ingress.ts";
import { AUCTION_MS, BETWEEN_AUCTIONS_MS, HALT_MS, RESOLVE_TIMEOUT_MS } from "./limits.ts";
import { CrashError } from "./crashError.ts";
import { MARKETS } from "./orderTape.ts";

const ASK_AGAIN_MS = 250;

export class MarketOperator {
  readonly #ingress: Ingress;
  readonly #marketId = MARKETS.at(-1)?.marketId ?? 0;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #abandoned = false;
  /** Auctions opened so far. */
  auctions = 0;

  /** At work from now on. */
  constructor(ingress: Ingress) {
    this.#ingress = ingress;
    this.#running = this.#run();
    this.#running.catch(() => undefined); // stop() tells
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await this.#pause(BETWEEN_AUCTIONS_MS);
      await this.#set(MarketStatus.HALT);
      await this.#pause(HALT_MS);
      await this.#set(MarketStatus.AUCTION);
      this.auctions++;
      await this.#pause(AUCTION_MS);
      await this.#set(MarketStatus.TRADING);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }

  async #set(status: MarketStatus): Promise<void> {
    const deadlineMs = performance.now() + RESOLVE_TIMEOUT_MS;
    for (;;) {
      try {
        await this.#ingress.submit({ body: { case: "setMarketStatus", value: { marketId: this.#marketId, status } } });
        return;
      } catch (error) {
        if (!(error instanceof IngressError)) throw error;
        if (this.#abandoned) return;
        if (performance.now() > deadlineMs) throw new CrashError(`A market could not be set to ${status}: ${error.message}`);
        await sleep(ASK_AGAIN_MS);
      }
    }
  }

  /** Resolves when the market trades. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  /** Ends it wherever it stands: of a run that is over. */
  abandon(): void {
    this.#abandoned = true;
    this.#stopped.abort();
  }
}

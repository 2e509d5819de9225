// The screen's one connection to the venue: starts the feed, hands each event to the store it belongs to, and turns
// the screen's wishes (this market, this interval, this account) into commands. No React; no decoding.
import { connectFeed, type Feed } from "../feed/connectFeed.ts";
import { grouped, withoutTrailingZeros } from "../feed/decimalText.ts";
import type { CandleInterval, FeedEvent, FeedExecution } from "../feed/feedMessages.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { AccountStore, type AccountSeed } from "./accountStore.ts";
import { ConnectionStore } from "./connectionStore.ts";
import { DraftStore } from "./draftStore.ts";
import type { MarketStores } from "./marketStores.ts";
import { NoticeStore } from "./noticeStore.ts";
import { TickerStore, type Ticker } from "./tickerStore.ts";

export interface ExchangeSeed {
  readonly tickers: readonly Ticker[];
  readonly account: AccountSeed;
}

interface View {
  readonly stores: MarketStores;
  readonly interval: CandleInterval;
  readonly groupTicks: number;
}

export class Exchange {
  readonly markets: ReadonlyMap<string, Market>;
  readonly connection = new ConnectionStore();
  readonly draft = new DraftStore();
  readonly notices = new NoticeStore();
  readonly tickers: TickerStore;
  readonly account: AccountStore;
  #feed: Feed | undefined;
  #view: View | undefined;
  #accountId: string | undefined;
  /** Called when the api no longer knows the session that the account feed was opened with. */
  onSessionLost: () => void = () => undefined;

  constructor(markets: readonly Market[], seed: ExchangeSeed) {
    this.markets = new Map(markets.map((market) => [market.symbol, market]));
    this.tickers = new TickerStore(this.markets, seed.tickers);
    this.account = new AccountStore(this.markets, seed.account);
  }

  open(addresses: { readonly feedUrl: string; readonly ticketUrl: string }): void {
    this.close();
    const feed = connectFeed((event) => this.#handle(event));
    this.#feed = feed;
    this.#sendView();
    if (this.#accountId !== undefined) feed.send({ type: "account", wanted: true });
    feed.send({ type: "open", ...addresses });
  }

  close(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.account.interrupted();
    this.connection.setState("connecting", undefined);
  }

  /** Shows this market, at this candle interval and price step, until told otherwise. */
  view(view: View): void {
    this.#view = view;
    view.stores.candles.setInterval(view.interval);
    this.#sendView();
  }

  /** Follows the account of the person logged in; undefined: nobody is. */
  setAccount(accountId: string | undefined): void {
    if (accountId === this.#accountId) return;
    if (this.#accountId !== undefined) {
      this.#feed?.send({ type: "account", wanted: false });
      this.account.clear();
    }
    this.#accountId = accountId;
    if (accountId !== undefined) this.#feed?.send({ type: "account", wanted: true });
  }

  #sendView(): void {
    if (this.#view === undefined) return;
    const { stores, interval, groupTicks } = this.#view;
    this.#feed?.send({ type: "watch", symbol: stores.market.symbol, interval, groupTicks });
  }

  #handle(event: FeedEvent): void {
    const shown = this.#view?.stores;
    switch (event.type) {
      case "state":
        if (event.state !== "open") this.account.interrupted();
        this.connection.setState(event.state, event.latencyMs);
        return;
      case "venue":
        this.connection.setTerms(event.markets);
        return;
      case "book":
        if (event.symbol === shown?.market.symbol) shown.book.set(event.levels, event.groupTicks);
        return;
      case "trades":
        if (event.symbol === shown?.market.symbol) shown.trades.add(event.trades);
        return;
      case "marketStatus":
        if (event.status.symbol === shown?.market.symbol) shown.status.set(event.status);
        return;
      case "candle":
        if (event.candle.symbol === shown?.market.symbol) shown.candles.apply(event.candle);
        return;
      case "ticker":
        this.tickers.apply(event.ticker);
        return;
      case "accountSnapshot":
        this.account.snapshot(event.account);
        return;
      case "execution":
        this.account.execution(event.execution);
        this.#notify(event.execution);
        return;
      case "balance":
        this.account.balance(event.balance);
        return;
      case "accountLost":
        this.account.interrupted();
        this.onSessionLost();
        return;
    }
  }

  #notify({ type, order, fill }: FeedExecution): void {
    const market = this.markets.get(order.symbol);
    if (market === undefined) return;
    const buys = order.side === "BUY";
    if (type === "TRADE" && fill !== undefined) {
      const quantity = withoutTrailingZeros(quantityText(market, fill.quantityLots));
      this.notices.add({
        tone: buys ? "good" : "bad",
        title: `${buys ? "Bought" : "Sold"} ${quantity} ${market.base}`,
        detail: `at ${grouped(priceText(market, fill.priceTicks))} ${market.quote}${order.status === "FILLED" ? ", order filled" : ""}`,
      });
    } else if (type === "CANCELED" || type === "EXPIRED") {
      const quantity = withoutTrailingZeros(quantityText(market, order.quantityLots - order.executedLots));
      this.notices.add({
        tone: "plain",
        title: `${buys ? "Buy" : "Sell"} order ${type === "CANCELED" ? "cancelled" : "expired"}`,
        detail: order.quantityLots === 0 ? market.symbol : `${quantity} ${market.base} left unfilled`,
      });
    }
  }
}

// Carries an auction out: parts the orders of one owner, trades at the one price, and puts what is left into the book.
//
// Rules. Self-trade prevention comes before the price, as if an owner's crossing orders had met in the order in which
// they came. Both sides pay the taker's rate, but for LIMIT_MAKER orders, which rested before and never take. Whoever
// bid more than the price gets the difference back. Icebergs show part after part, as in the book. Never: leaves a
// crossed book; refuses (what could fail was refused when the orders were collected).
import { ExpiryReason, OrderStatus, OrderType, SelfTradePreventionMode } from "../../gen/tickwire/v1/types_pb.ts";
import { HOUSE_ACCOUNT, type Accounts } from "./accounts.ts";
import { AuctionSides, isYounger, OwnOrders, ownersOnBothSides, type Auction, type OwnPair } from "./auction.ts";
import type { EventSink } from "./eventWriter.ts";
import { feeUnits } from "./fees.ts";
import { invariant } from "./invariants.ts";
import type { Ledger } from "./ledger.ts";
import { makerRate, takerRate, type Market } from "./markets.ts";
import { BUY, SELL, type OrderBook } from "./orderBook.ts";
import {
  ACCOUNT,
  COLLECTED,
  NO_SLOT,
  PREVENTED_LOTS,
  PRICE_TICKS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  REMAINING_LOTS,
  SIDE,
  STATUS,
  TYPE,
  UPDATED_US,
  type OrderStore,
} from "./orderStore.ts";
import { expiresMaker, expiresTaker } from "./selfTrade.ts";

/** One trade of an auction: marks on both orders, the event, and whom else it concerns, are trading.ts's. */
export interface AuctionTrade {
  readonly buy: number;
  readonly sell: number;
  readonly priceTicks: number;
  readonly lots: number;
  readonly quoteUnits: number;
  readonly buyFeeUnits: number;
  readonly sellFeeUnits: number;
  /** Nothing is left of the order. */
  readonly buyDone: boolean;
  readonly sellDone: boolean;
  /** The order that came later. */
  readonly buyIsTaker: boolean;
}

export interface UncrossParts {
  readonly orders: OrderStore;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly events: EventSink;
  readonly tell: (market: Market, trade: AuctionTrade, timeUs: number) => void;
  /** An order goes on with less than it had, though it did not trade. */
  readonly lessened: (slot: number) => void;
}

/** The book an order stands in: its market's, or while it is collected one side of the auction. */
export function bookOf(orders: OrderStore, slot: number, market: Market): OrderBook {
  if (orders.u8[recordAt(slot) + COLLECTED] === 0) return market.book;
  invariant(market.auction !== undefined, "an order is collected without an auction");
  return market.auction.queue(orders.u8[recordAt(slot) + SIDE] as number);
}

/** Ends the market's auction. Its status must be another already: orders that the trades wake meet the book. */
export function uncross(parts: UncrossParts, market: Market, timeUs: number): void {
  const { auction } = market;
  if (auction === undefined) return;
  const run = new Uncross(parts, market, auction, timeUs);
  run.partOwners();
  run.trade();
  run.rest();
  market.auction = undefined;
}

class Uncross {
  readonly #parts: UncrossParts;
  readonly #market: Market;
  readonly #auction: Auction;
  readonly #sides: AuctionSides;
  readonly #timeUs: number;

  constructor(parts: UncrossParts, market: Market, auction: Auction, timeUs: number) {
    this.#parts = parts;
    this.#market = market;
    this.#auction = auction;
    this.#sides = new AuctionSides(market.book, auction);
    this.#timeUs = timeUs;
  }

  partOwners(): void {
    const { orders, accounts } = this.#parts;
    const crossing = [...this.#sides.crossing(BUY), ...this.#sides.crossing(SELL)];
    for (const own of ownersOnBothSides(orders, accounts, crossing)) {
      const pairs = new OwnOrders(orders, own);
      for (let pair = pairs.next(); pair !== undefined; pair = pairs.next()) {
        const youngerRest = this.#rest(pair.younger);
        const olderRest = this.#rest(pair.older);
        const both = Math.min(youngerRest, olderRest);
        const lessens = pair.prevention === SelfTradePreventionMode.DECREMENT;
        const youngerLoses = expiresTaker(pair.prevention) ? youngerRest : lessens ? both : 0;
        const olderLoses = expiresMaker(pair.prevention) ? olderRest : lessens ? both : 0;
        this.#prevent(pair, both, youngerLoses, olderLoses);
        pairs.parted(pair, youngerLoses === youngerRest, olderLoses === olderRest);
      }
    }
  }

  trade(): void {
    const { events, orders } = this.#parts;
    const market = this.#market;
    const sides = this.#sides;
    const clearing = sides.clearing(market.lastPriceTicks);
    events.other({
      case: "auctionUncrossed",
      value: { marketId: market.id, priceTicks: BigInt(clearing?.priceTicks ?? 0), quantityLots: clearing?.lots ?? 0n },
    });
    if (clearing === undefined) return;
    const { priceTicks } = clearing;
    let traded = 0n;
    for (;;) {
      const buy = sides.first(BUY);
      const sell = sides.first(SELL);
      if (buy === NO_SLOT || sell === NO_SLOT) break;
      if ((orders.i32[buy * RECORD_I32 + PRICE_TICKS] as number) < priceTicks || (orders.i32[sell * RECORD_I32 + PRICE_TICKS] as number) > priceTicks) break;
      traded += BigInt(this.#match(buy, sell, priceTicks));
    }
    invariant(traded === clearing.lots, "an auction traded something else than its price promised");
  }

  // What is left stands in the book as if it had rested there all along.
  rest(): void {
    const { orders } = this.#parts;
    const { book, feed } = this.#market;
    for (const side of [BUY, SELL]) {
      const queue = this.#auction.queue(side);
      for (;;) {
        const ticks = side === BUY ? queue.bestBidTicks : queue.bestAskTicks;
        if (queue.levelCount === 0) break;
        const slot = queue.front(ticks);
        const hidden = orders.termsOf(slot)?.hiddenLots ?? 0;
        this.#auction.take(slot);
        orders.u8[recordAt(slot) + COLLECTED] = 0;
        if (hidden !== 0) {
          queue.hide(ticks, -hidden);
          book.hide(ticks, hidden);
        }
        book.add(slot);
        feed.bookChanged();
      }
    }
  }

  // One buyer and one seller trade what both show. Answers how much.
  #match(buy: number, sell: number, priceTicks: number): number {
    const { orders, accounts, ledger, tell } = this.#parts;
    const market = this.#market;
    const { f64, i32 } = orders;
    const shown = (slot: number): number => f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
    const lots = Math.min(shown(buy), shown(sell));
    const quote = priceTicks * lots * market.notionalUnits;
    const base = lots * market.lotSizeUnits;
    const buyer = i32[buy * RECORD_I32 + ACCOUNT] as number;
    const seller = i32[sell * RECORD_I32 + ACCOUNT] as number;
    const buyFeeUnits = feeUnits(base, this.#rate(buy, buyer));
    const sellFeeUnits = feeUnits(quote, this.#rate(sell, seller));
    ledger.spend(buyer, market.quote, quote);
    ledger.release(buyer, market.quote, ((i32[buy * RECORD_I32 + PRICE_TICKS] as number) - priceTicks) * lots * market.notionalUnits);
    ledger.receive(buyer, market.base, base - buyFeeUnits);
    ledger.spend(seller, market.base, base);
    ledger.receive(seller, market.quote, quote - sellFeeUnits);
    ledger.receive(HOUSE_ACCOUNT, market.base, buyFeeUnits);
    ledger.receive(HOUSE_ACCOUNT, market.quote, sellFeeUnits);
    for (const slot of [buy, sell]) {
      bookOf(orders, slot, market).fill(slot, lots);
      if (orders.u8[recordAt(slot) + COLLECTED] === 0) market.feed.bookChanged();
    }
    const done = (slot: number): boolean => shown(slot) === 0 && (orders.termsOf(slot)?.hiddenLots ?? 0) === 0;
    const trade: AuctionTrade = {
      buy,
      sell,
      priceTicks,
      lots,
      quoteUnits: quote,
      buyFeeUnits,
      sellFeeUnits,
      buyDone: done(buy),
      sellDone: done(sell),
      buyIsTaker: isYounger(orders, buy, sell),
    };
    tell(market, trade, this.#timeUs);
    for (const slot of [buy, sell]) {
      if (done(slot)) this.#forget(slot);
      else if (shown(slot) === 0) this.#showMore(slot);
    }
    return lots;
  }

  #rate(slot: number, account: number): number {
    const tier = this.#parts.accounts.feeTier[account] as number;
    return this.#parts.orders.u8[recordAt(slot) + TYPE] === OrderType.LIMIT_MAKER ? makerRate(this.#market, tier) : takerRate(this.#market, tier);
  }

  // The next part of an iceberg joins the back of the queue at its price, which the collected orders are.
  #showMore(slot: number): void {
    const { orders } = this.#parts;
    const terms = orders.termsOf(slot);
    invariant(terms !== undefined && terms.hiddenLots > 0, "an order shows more than it has");
    bookOf(orders, slot, this.#market).hide(orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number, -terms.hiddenLots);
    const lots = Math.min(terms.icebergLots, terms.hiddenLots);
    terms.hiddenLots -= lots;
    orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = lots;
    this.#auction.add(slot, terms.hiddenLots);
  }

  #rest(slot: number): number {
    const { orders } = this.#parts;
    return (orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (orders.termsOf(slot)?.hiddenLots ?? 0);
  }

  #prevent({ younger, older }: OwnPair, lots: number, youngerLoses: number, olderLoses: number): void {
    const { events, orders } = this.#parts;
    const olderTicks = orders.i32[older * RECORD_I32 + PRICE_TICKS] as number;
    const loses = (slot: number): number => (slot === older ? olderLoses : youngerLoses);
    const ends = [older, younger].filter((slot) => this.#lose(slot, loses(slot)));
    events.tradePrevented(younger, older, lots, olderTicks);
    for (const slot of [older, younger]) if (loses(slot) !== 0 && !ends.includes(slot)) this.#parts.lessened(slot);
    for (const slot of ends) {
      events.orderExpired(slot, ExpiryReason.SELF_TRADE_PREVENTION);
      this.#forget(slot);
    }
  }

  // An order loses lots it does not trade, and gets back what they held. Answers whether it is over.
  #lose(slot: number, lots: number): boolean {
    if (lots === 0) return false;
    const { f64, i32, u8 } = this.#parts.orders;
    const market = this.#market;
    const d = slot * RECORD_F64;
    f64[d + PREVENTED_LOTS] = (f64[d + PREVENTED_LOTS] as number) + lots;
    f64[d + UPDATED_US] = this.#timeUs;
    lessen(this.#parts.orders, slot, market, lots);
    const ticks = i32[slot * RECORD_I32 + PRICE_TICKS] as number;
    const account = i32[slot * RECORD_I32 + ACCOUNT] as number;
    if (u8[recordAt(slot) + SIDE] === BUY) this.#parts.ledger.release(account, market.quote, ticks * lots * market.notionalUnits);
    else this.#parts.ledger.release(account, market.base, lots * market.lotSizeUnits);
    if (this.#rest(slot) !== 0) return false;
    u8[recordAt(slot) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    return true;
  }

  // The order is over, and in no book any more.
  #forget(slot: number): void {
    this.#parts.accounts.unlink(slot);
    this.#parts.orders.remove(slot);
  }
}

/**
 * Takes lots away from an order that rests or is collected, which keeps its place: first those that do not show. It
 * leaves its book when nothing remains.
 */
export function lessen(orders: OrderStore, slot: number, market: Market, lots: number): void {
  const book = bookOf(orders, slot, market);
  const terms = orders.termsOf(slot);
  const hidden = Math.min(terms?.hiddenLots ?? 0, lots);
  if (terms !== undefined && hidden !== 0) {
    terms.hiddenLots -= hidden;
    book.hide(orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number, -hidden);
  }
  if (lots > hidden) book.fill(slot, lots - hidden);
  if (book === market.book && lots > hidden) market.feed.bookChanged();
  if (market.auction !== undefined) market.auction.changed = true;
}

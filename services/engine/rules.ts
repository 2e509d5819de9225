// The ladder of checks an order climbs before anything happens: cheapest first, identity before effect. The first
// failing rung names the reason.
//
// Never: changes any state. What the checks had to find out on the way (how much to hold, how far a market order will
// walk) stays in the PlacePlan, so that carrying the order out can no longer fail.
import { MarketStatus, OrderType, PegType, RejectReason, SelfTradePreventionMode, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import type { Accounts } from "./accounts.ts";
import { capTicks } from "./auction.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import type { CommandReader } from "./commandReader.ts";
import type { Dedupe } from "./dedupe.ts";
import type { Ledger } from "./ledger.ts";
import { CLIENT_ORDER_ID_BYTES_MAX, EXACT_MAX, ICEBERG_PARTS_MAX, PEG_OFFSET_LEVELS_MAX, PRICE_TICKS_MAX, TRAILING_DELTA_BIPS_MAX } from "./limits.ts";
import type { Market, Markets } from "./markets.ts";
import { BUY, NO_ASK, NO_BID, SELL, type OrderBook } from "./orderBook.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  CLIENT_ID,
  EXECUTED_QUOTE_UNITS,
  MARKET,
  NO_SLOT,
  PRICE_TICKS,
  QUANTITY_LOTS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  REMAINING_LOTS,
  SELF_TRADE_PREVENTION,
  SIDE,
  TIME_IN_FORCE,
  TYPE,
  type OrderStore,
} from "./orderStore.ts";
import { isSecondOfPair } from "./orderLists.ts";
import { WORKING, type OrderTerms } from "./orderTerms.ts";
import { lotsBeforeOwn, NO_PREVENTION, othersLotsAt, preventionOf } from "./selfTrade.ts";
import { trailingTriggerTicks, wakesOnRise } from "./triggers.ts";

const OK = RejectReason.UNSPECIFIED;

/** What an accepted order will do, worked out by the checks. */
export class PlacePlan {
  /** Row of the account. */
  account = 0;
  market: Market | undefined;
  timeInForce: TimeInForce = TimeInForce.UNSPECIFIED;
  /** What does not match at once stays in the book. */
  rests = false;
  /** No limit price: what the book cannot give expires. */
  isMarket = false;
  /** A stop or take-profit order: it is accepted, and carried out when a trade wakes it. */
  waits = false;
  /** The pending order of a list: it holds nothing and meets no book yet. */
  pending = false;
  /** The order says more than a plain one: it needs OrderTerms. */
  hasTerms = false;
  /** The order's own limit; for a market order the end of the scale. */
  limitTicks = 0;
  /** Worst price the order may trade at: its limit, or the end of the market's price band before that. */
  matchTicks = 0;
  /** Self-trade prevention mode; 0 when nothing can be prevented. */
  prevention = NO_PREVENTION;
  /** Lots to trade or rest: the quantity, or for an order by quote amount what the amount buys. */
  lots = 0;
  holdAsset = 0;
  holdUnits = 0;
  /** FOK only: the book holds enough. */
  fillable = true;
  /** An order by quote amount for which the book is too small: its rest expires though all of `lots` trade. */
  runsOut = false;
  /** An amendment only: the order's new quantity, and whether it stays where it is in the book. */
  quantityLots = 0;
  keepsPriority = false;
  /** An amendment only: the order gets the client order id that was read last. */
  renames = false;
}

export class Rules {
  /** Filled by checkPlace when it answers UNSPECIFIED. */
  readonly plan = new PlacePlan();
  /** The client order id last read by a check, or by whoever needs one of a command. */
  readonly clientId = new ClientOrderId();
  readonly #accounts: Accounts;
  readonly #markets: Markets;
  readonly #orders: OrderStore;
  readonly #ledger: Ledger;
  readonly #dedupe: Dedupe;
  /** While a question is answered: the reasons found so far. */
  #failures: RejectReason[] | undefined;
  #walkLots = 0;
  #walkUnits = 0;
  #walkRanOut = false;

  constructor(accounts: Accounts, markets: Markets, orders: OrderStore, ledger: Ledger, dedupe: Dedupe) {
    this.#accounts = accounts;
    this.#markets = markets;
    this.#orders = orders;
    this.#ledger = ledger;
    this.#dedupe = dedupe;
  }

  /** UNSPECIFIED when the order may be placed; `plan` then says how. Of a pending order, what depends on the book and on money is left out. */
  checkPlace(c: CommandReader, timeUs: number, pending = false): RejectReason {
    const plan = this.plan;
    plan.pending = pending;
    // Who.
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (c.deadlineUs !== 0 && timeUs > c.deadlineUs && this.#ends(RejectReason.DEADLINE_PASSED)) return RejectReason.DEADLINE_PASSED;
    const market = this.#markets.byId(c.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    // Which: a repeated request is told so before anything that may have changed since the first.
    if (!this.clientId.read(account, c.bytes, c.clientIdAt, c.clientIdLength)) return RejectReason.INVALID_CLIENT_ORDER_ID;
    if (this.#isTaken(account) && this.#ends(RejectReason.DUPLICATE_CLIENT_ORDER_ID)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    // What.
    plan.account = account;
    plan.market = market;
    const shape = this.#checkShape(c, timeUs);
    if (shape !== OK) return shape;
    // Whether now.
    if (this.#accounts.frozen[account] !== 0 && this.#ends(RejectReason.ACCOUNT_FROZEN)) return RejectReason.ACCOUNT_FROZEN;
    if (market.status === MarketStatus.AUCTION) {
      if (!this.#mayBeCollected(c) && this.#ends(RejectReason.MARKET_AUCTION)) return RejectReason.MARKET_AUCTION;
    } else if (market.status !== MarketStatus.TRADING) {
      if (market.status !== MarketStatus.POST_ONLY && this.#ends(RejectReason.MARKET_CLOSED)) return RejectReason.MARKET_CLOSED;
      if (c.type !== OrderType.LIMIT_MAKER && this.#ends(RejectReason.MARKET_POST_ONLY)) return RejectReason.MARKET_POST_ONLY;
    }
    plan.prevention = preventionOf(c.selfTradePrevention);
    // A peg becomes a price here, once; every rule then sees that price. That of a stop-limit order does when it is woken,
    // that of a pending order when it is placed.
    if (c.pegType !== 0 && !plan.waits && !pending) {
      c.priceTicks = pegTicks({ side: c.side, pegType: c.pegType as PegType, pegOffsetLevels: c.pegOffsetLevels }, market);
      // Without a price nothing else can be said of the order.
      if (c.priceTicks === 0) return RejectReason.PEG_NO_LIQUIDITY;
    }
    // So does the price of a post-only order that may move out of the way.
    if (c.postOnlySlide !== 0) c.priceTicks = slidTicks(c.side, c.priceTicks, market);
    // How much.
    const filters = plan.waits
      ? this.#checkWaiting(c, market, timeUs)
      : pending && (plan.isMarket || c.pegType !== 0)
        ? this.#checkUnpriced(c, market)
        : plan.isMarket
          ? this.#checkMarketOrder(c, market, timeUs)
          : this.#checkLimitOrder(c, market, timeUs);
    if (filters !== OK) return filters;
    if (c.side === BUY && this.exceedsPosition(account, market, plan.lots) && this.#ends(RejectReason.MAX_POSITION)) return RejectReason.MAX_POSITION;
    if ((plan.rests || plan.waits || pending) && this.#accounts.openOrders(account, market.row) >= market.maxNumOrders && this.#ends(RejectReason.MAX_NUM_ORDERS)) return RejectReason.MAX_NUM_ORDERS;
    // Whether it can pay.
    if (pending) return OK;
    return this.#ledger.covers(account, plan.holdAsset, this.#neededUnits(c)) ? OK : RejectReason.INSUFFICIENT_BALANCE;
  }

  /**
   * Every reason for which `checkPlace` would refuse the order, in its order. The first that says that the command is
   * no order at all, or whose it is, is also the last.
   */
  allFailures(c: CommandReader, timeUs: number): RejectReason[] {
    const failures: RejectReason[] = [];
    this.#failures = failures;
    const last = this.checkPlace(c, timeUs);
    this.#failures = undefined;
    if (last !== OK) failures.push(last);
    return [...new Set(failures)];
  }

  // A rule is broken: for a command that is the end, for a question one more finding.
  #ends(reason: RejectReason): boolean {
    if (this.#failures === undefined) return true;
    this.#failures.push(reason);
    return false;
  }

  // An open order has the id, or one had it a short while ago, which may be the first copy of this very request.
  #isTaken(account: number): boolean {
    return this.#dedupe.remembers(account, this.clientId) || this.#orders.findClientId(account, this.clientId) !== NO_SLOT;
  }

  /**
   * MAX_POSITION: what the account has of the base asset, held or not, what it bids for, and what it is to bid for now. Of
   * a pair one order trades, so it counts once.
   */
  exceedsPosition(account: number, market: Market, lots: number): boolean {
    if (market.maxPositionLots === 0) return false;
    const { i32, f64, u8 } = this.#orders;
    let units = this.#ledger.ownedUnits(account, market.base) + lots * market.lotSizeUnits;
    for (let slot = this.#accounts.firstOrder(account); slot !== NO_SLOT; slot = this.#accounts.nextOrder(slot)) {
      const other = this.#markets.markets[i32[slot * RECORD_I32 + MARKET] as number] as Market;
      const lotsOpen = (f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (this.#orders.termsOf(slot)?.hiddenLots ?? 0);
      if (u8[recordAt(slot) + SIDE] === BUY && other.base === market.base && !this.#countsWithFirst(slot)) units += lotsOpen * other.lotSizeUnits;
    }
    return units > market.maxPositionLots * market.lotSizeUnits;
  }

  // The later order of a pair whose earlier one is open, too.
  #countsWithFirst(slot: number): boolean {
    const terms = this.#orders.termsOf(slot);
    if (terms?.list === undefined) return false;
    const { type, orderIds } = terms.list;
    const at = orderIds.indexOf(terms.orderId);
    return isSecondOfPair(type, at) && this.#orders.find(orderIds[at - 1] as number) !== NO_SLOT;
  }

  #checkWaiting(c: CommandReader, market: Market, timeUs: number): RejectReason {
    const { plan } = this;
    const trigger = this.#checkTrigger(c, market);
    if (trigger !== OK) return trigger;
    const filters = plan.isMarket || c.pegType !== 0 ? this.#checkUnpriced(c, market) : this.#checkLimitOrder(c, market, timeUs);
    if (filters !== OK) return filters;
    if (market.maxNumAlgoOrders !== 0 && market.triggers.count(plan.account) >= market.maxNumAlgoOrders && this.#ends(RejectReason.MAX_NUM_ALGO_ORDERS)) return RejectReason.MAX_NUM_ALGO_ORDERS;
    return !plan.pending && this.#triggersAtOnce(c, market) && this.#ends(RejectReason.WOULD_TRIGGER_IMMEDIATELY) ? RejectReason.WOULD_TRIGGER_IMMEDIATELY : OK;
  }

  // Coinbase's rule: an auction takes limit orders that stay, and not post-only ones, as both sides of it are takers. A
  // peg has no price there. What waits, for a price or for its list, is not of the auction.
  #mayBeCollected(c: CommandReader): boolean {
    const { plan } = this;
    return plan.waits || plan.pending || (c.type === OrderType.LIMIT && plan.rests && c.pegType === 0);
  }

  // What the uncross could not keep exact: a level together with what is collected at it, and what a seller may receive.
  #overflowsAuction(side: number, price: number, lots: number, receivedUnits: number, market: Market): boolean {
    const { auction, book } = market;
    if (auction === undefined) return false;
    if (book.takeableAt(side, price) + auction.queue(side).takeableAt(side, price) + lots > EXACT_MAX) return true;
    if (side === BUY) return price > auction.priceCapTicks;
    return Math.max(book.bestBidTicks, auction.bids.bestBidTicks) > capTicks(lots, receivedUnits, market.notionalUnits);
  }

  /**
   * UNSPECIFIED when the account's order in `slot` may be amended; `plan` then says how. `partner` is the other order of
   * its pair, or NO_SLOT: a pair has one quantity, so what makes one smaller makes both.
   *
   * What may change, as on Binance (quantity down, in place, of whatever is open) and Kraken (another price):
   *   resting or collected   quantity, price (to the back)     LIMIT_MAKER keeps its promise; post_only makes it one
   *   waiting for a price    quantity, its limit price
   *   of a list              quantity (of a pair both), not the price: Binance's amendments change quantities alone
   *                          (faqs/order_amend_keep_priority), and a pair's places would have to be checked anew
   */
  checkAmend(c: CommandReader, slot: number, partner: number, market: Market, timeUs: number): RejectReason {
    const plan = this.plan;
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const b = recordAt(slot);
    const account = i32[w + ACCOUNT] as number;
    const terms = this.#orders.termsOf(slot);
    const waits = terms !== undefined && terms.phase !== WORKING;
    const type = u8[b + TYPE] as number;
    const oldPrice = i32[w + PRICE_TICKS] as number;
    const price = c.newPriceTicks === 0 ? oldPrice : c.newPriceTicks;
    const moves = price !== oldPrice;
    if (moves && (terms?.list !== undefined || isMarketType(type) || (waits && terms.pegType !== 0))) return RejectReason.UNSUPPORTED_COMBINATION;
    // One that waits will take or not by its type, when it is woken.
    if (c.postOnly !== 0 && waits) return RejectReason.UNSUPPORTED_COMBINATION;
    plan.renames = false;
    if (c.newClientIdLength !== 0) {
      if (!this.clientId.read(account, c.bytes, c.newClientIdAt, c.newClientIdLength)) return RejectReason.INVALID_CLIENT_ORDER_ID;
      // Its own may be said again, as on Binance: it keeps it.
      plan.renames = !this.clientId.is(i32, w + CLIENT_ID);
      if (plan.renames && this.#isTaken(account)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    }
    if (this.#accounts.frozen[account] !== 0) return RejectReason.ACCOUNT_FROZEN;
    const side = u8[b + SIDE] as number;
    const oldQuantity = f64[d + QUANTITY_LOTS] as number;
    const quantity = c.newQuantityLots === 0 ? oldQuantity : c.newQuantityLots;
    const posts = type === OrderType.LIMIT_MAKER || c.postOnly !== 0;
    const collects = market.status === MarketStatus.AUCTION;
    if (collects) {
      if (moves && posts) return RejectReason.MARKET_AUCTION;
    } else if (market.status !== MarketStatus.TRADING) {
      if (market.status !== MarketStatus.POST_ONLY) return RejectReason.MARKET_CLOSED;
      if (moves && !posts) return RejectReason.MARKET_POST_ONLY;
    }
    if (!moves && quantity === oldQuantity && !plan.renames) return RejectReason.AMEND_CHANGES_NOTHING;
    if (quantity > oldQuantity) return RejectReason.AMEND_INCREASES_QUANTITY;
    if (market.maxNumOrderAmends !== 0 && (i32[w + AMEND_COUNT] as number) >= market.maxNumOrderAmends) return RejectReason.MAX_NUM_ORDER_AMENDS;
    if (moves && (price < market.minPriceTicks || price > market.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    const { book } = market;
    const rest = this.#restOf(slot);
    let lots = rest - (oldQuantity - quantity);
    if (partner !== NO_SLOT) lots = Math.min(lots, this.#restOf(partner) - (oldQuantity - quantity));
    if (lots > 0) {
      if (quantity < market.minQuantityLots || quantity > market.maxQuantityLots) return RejectReason.LOT_SIZE;
      const notional = this.#checkNotional(slot, price, quantity, market);
      if (notional !== OK) return notional;
      const ofPartner = partner === NO_SLOT ? OK : this.#checkNotional(partner, i32[partner * RECORD_I32 + PRICE_TICKS] as number, quantity, market);
      if (ofPartner !== OK) return ofPartner;
      if (moves) {
        if (!isNearReference(side, price, market, timeUs)) return RejectReason.PERCENT_PRICE_BY_SIDE;
        if (book.takeableAt(side, price) + lots > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
        if (!waits) {
          if (collects && this.#overflowsAuction(side, price, lots, f64[d + EXECUTED_QUOTE_UNITS] as number, market)) return RejectReason.NOTIONAL_OVERFLOW;
          const takes = !collects && (side === BUY ? book.bestAskTicks <= price : book.bestBidTicks >= price);
          if (side === SELL && takes && book.bestBidTicks * lots * market.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
          if (takes && posts) return RejectReason.WOULD_TAKE;
        }
      }
    }
    plan.account = account;
    plan.market = market;
    plan.timeInForce = u8[b + TIME_IN_FORCE] as TimeInForce;
    plan.rests = true;
    plan.isMarket = false;
    plan.waits = waits;
    plan.fillable = true;
    plan.runsOut = false;
    plan.limitTicks = price;
    plan.matchTicks = withinBand(side, price, market, timeUs);
    plan.prevention = preventionOf(u8[b + SELF_TRADE_PREVENTION] as number);
    plan.lots = lots;
    plan.quantityLots = quantity;
    plan.keepsPriority = !moves;
    plan.holdAsset = side === BUY ? market.quote : market.base;
    plan.holdUnits = side === BUY ? price * lots * market.notionalUnits : lots * market.lotSizeUnits;
    if (moves && side === BUY && lots > 0) {
      // What it holds now is its own to spend.
      const more = plan.holdUnits - oldPrice * rest * market.notionalUnits;
      if (more > 0 && !this.#ledger.covers(account, market.quote, more)) return RejectReason.INSUFFICIENT_BALANCE;
    }
    return OK;
  }

  // What of an open order has neither traded nor ended, shown or not.
  #restOf(slot: number): number {
    return (this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (this.#orders.termsOf(slot)?.hiddenLots ?? 0);
  }

  // NOTIONAL of an order as amended. Without a limit, or with one that is not known yet, it is measured as when it was placed: where it would wake.
  #checkNotional(slot: number, price: number, quantity: number, market: Market): RejectReason {
    const type = this.#orders.u8[recordAt(slot) + TYPE] as number;
    const terms = this.#orders.termsOf(slot);
    let ticks = price;
    if (isMarketType(type)) {
      if (quantity < market.minMarketQuantityLots || quantity > market.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
    }
    if (price === 0) ticks = terms === undefined ? 0 : wakingTicks(terms, market);
    const notional = ticks * quantity * market.notionalUnits;
    if (notional > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (ticks !== 0 && notional < market.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    return notional > market.maxNotionalUnits ? RejectReason.MAX_NOTIONAL : OK;
  }

  #checkShape(c: CommandReader, timeUs: number): RejectReason {
    const plan = this.plan;
    if (c.side !== BUY && c.side !== SELL) return RejectReason.INVALID_SIDE;
    if (c.type < OrderType.LIMIT || c.type > OrderType.TAKE_PROFIT_LIMIT) return RejectReason.INVALID_ORDER_TYPE;
    if (c.timeInForce > TimeInForce.GTD) return RejectReason.INVALID_TIME_IN_FORCE;
    const timeInForce = c.timeInForce as TimeInForce;
    switch (c.type) {
      case OrderType.LIMIT:
      case OrderType.STOP_LOSS_LIMIT:
      case OrderType.TAKE_PROFIT_LIMIT:
        if (timeInForce === TimeInForce.UNSPECIFIED) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = timeInForce;
        break;
      case OrderType.LIMIT_MAKER:
        if (timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = timeInForce === TimeInForce.GTD ? timeInForce : TimeInForce.GTC;
        break;
      default:
        if (timeInForce !== TimeInForce.UNSPECIFIED && timeInForce !== TimeInForce.IOC) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = TimeInForce.IOC;
    }
    plan.rests = plan.timeInForce === TimeInForce.GTC || plan.timeInForce === TimeInForce.GTD;
    const isMarket = isMarketType(c.type);
    plan.isMarket = isMarket;
    plan.waits = c.type > OrderType.MARKET;
    if (
      c.unknownField ||
      c.selfTradePrevention > SelfTradePreventionMode.DECREMENT ||
      (c.postOnlySlide !== 0 && (c.type !== OrderType.LIMIT_MAKER || c.pegType !== 0)) ||
      (isMarket ? c.priceTicks !== 0 || (c.quantityLots !== 0 && c.quoteOrderUnits !== 0) : c.quoteOrderUnits !== 0)
    ) {
      return RejectReason.UNSUPPORTED_COMBINATION;
    }
    plan.hasTerms =
      plan.waits ||
      timeInForce === TimeInForce.GTD ||
      c.expireTimeUs !== 0 ||
      c.stopPriceTicks !== 0 ||
      c.trailingDeltaBips !== 0 ||
      c.icebergLots !== 0 ||
      c.pegType !== 0 ||
      c.pegOffsetLevels !== 0;
    return plan.hasTerms ? this.#checkTerms(c, timeUs) : OK;
  }

  // What an order says beyond a plain one, and whether it may say it together.
  #checkTerms(c: CommandReader, timeUs: number): RejectReason {
    const plan = this.plan;
    const expires = plan.timeInForce === TimeInForce.GTD;
    if ((c.expireTimeUs !== 0) !== expires) return RejectReason.UNSUPPORTED_COMBINATION;
    const hasTrigger = c.stopPriceTicks !== 0 || c.trailingDeltaBips !== 0;
    // A quote amount goes with MARKET only, on Binance (rest-api, POST order: STOP_LOSS and TAKE_PROFIT take `quantity`) as
    // on Kraken: what it buys is known when it meets the book, not before.
    if (hasTrigger !== plan.waits || (plan.waits && c.quoteOrderUnits !== 0)) return RejectReason.UNSUPPORTED_COMBINATION;
    // Only what stays may show less than it is, and only a limit order has a price to be pegged.
    if (c.icebergLots !== 0 && (plan.isMarket || plan.timeInForce !== TimeInForce.GTC)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (c.pegType === PegType.UNSPECIFIED ? c.pegOffsetLevels !== 0 : !this.#mayPeg(c)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (expires && (c.expireTimeUs <= timeUs || c.expireTimeUs > EXACT_MAX)) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
    return OK;
  }

  #mayPeg(c: CommandReader): boolean {
    if (c.pegType > PegType.MARKET || c.pegOffsetLevels > PEG_OFFSET_LEVELS_MAX || c.priceTicks !== 0) return false;
    // Binance (faqs/pegged_orders): one of the other side would always take.
    if (c.type === OrderType.LIMIT_MAKER) return c.pegType === PegType.PRIMARY;
    return !this.plan.isMarket && (c.pegType === PegType.MARKET || this.plan.timeInForce === TimeInForce.GTC);
  }

  // ICEBERG_PARTS and its neighbours; the part that shows obeys LOT_SIZE as the whole does.
  #checkIceberg(c: CommandReader, market: Market): RejectReason {
    if (c.icebergLots > c.quantityLots && this.#ends(RejectReason.ICEBERG_EXCEEDS_QUANTITY)) return RejectReason.ICEBERG_EXCEEDS_QUANTITY;
    if (c.icebergLots < market.minQuantityLots && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    const partsMax = market.maxIcebergParts === 0 ? ICEBERG_PARTS_MAX : market.maxIcebergParts;
    if (Math.ceil(c.quantityLots / c.icebergLots) > partsMax && this.#ends(RejectReason.ICEBERG_PARTS)) return RejectReason.ICEBERG_PARTS;
    if (market.maxNumIcebergOrders === 0) return OK;
    return this.icebergs(this.plan.account, market) >= market.maxNumIcebergOrders && this.#ends(RejectReason.MAX_NUM_ICEBERG_ORDERS) ? RejectReason.MAX_NUM_ICEBERG_ORDERS : OK;
  }

  /** Open icebergs of an account in a market. */
  icebergs(account: number, market: Market): number {
    let icebergs = 0;
    for (let slot = this.#accounts.firstOrder(account); slot !== NO_SLOT; slot = this.#accounts.nextOrder(slot)) {
      const terms = this.#orders.termsOf(slot);
      if (terms !== undefined && terms.icebergLots !== 0 && this.#orders.i32[slot * RECORD_I32 + MARKET] === market.row) icebergs++;
    }
    return icebergs;
  }

  // What wakes a stop or take-profit order.
  #checkTrigger(c: CommandReader, market: Market): RejectReason {
    const stop = c.stopPriceTicks;
    const delta = c.trailingDeltaBips;
    if (stop !== 0 && (stop < market.minPriceTicks || stop > market.maxPriceTicks) && this.#ends(RejectReason.PRICE_FILTER)) return RejectReason.PRICE_FILTER;
    if (delta === 0) return OK;
    const above = wakesOnRise(c.type, c.side);
    const min = above ? market.minTrailingAboveBips : market.minTrailingBelowBips;
    const max = above ? market.maxTrailingAboveBips : market.maxTrailingBelowBips;
    const outside = delta < min || delta > (max === 0 ? TRAILING_DELTA_BIPS_MAX : max);
    return outside && this.#ends(RejectReason.TRAILING_DELTA) ? RejectReason.TRAILING_DELTA : OK;
  }

  #triggersAtOnce(c: CommandReader, market: Market): boolean {
    const last = market.lastPriceTicks;
    if (c.stopPriceTicks === 0 || last === 0) return false;
    return wakesOnRise(c.type, c.side) ? last >= c.stopPriceTicks : last <= c.stopPriceTicks;
  }

  // An order that waits, or is pending, without a limit or with one that is pegged. A buyer who waits holds what his quantity
  // costs at the stop price (a trailing one without it: where it would wake now); when it is woken he takes what that and
  // his available balance pay for. A pending one is measured by the last price.
  #checkUnpriced(c: CommandReader, market: Market): RejectReason {
    const plan = this.plan;
    const lots = c.quantityLots;
    if ((lots < market.minQuantityLots || lots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    if (plan.isMarket && (lots > market.maxMarketQuantityLots || lots < market.minMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
    plan.lots = lots;
    const last = market.lastPriceTicks;
    const ticks = c.stopPriceTicks !== 0 ? c.stopPriceTicks : last === 0 ? 0 : trailingTriggerTicks(c.side, last, c.trailingDeltaBips);
    const notional = ticks * lots * market.notionalUnits;
    if (notional > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    if (ticks !== 0 && notional < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
    if (notional > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    if (c.icebergLots !== 0) {
      const iceberg = this.#checkIceberg(c, market);
      if (iceberg !== OK) return iceberg;
    }
    if (c.side === BUY) {
      if (ticks === 0 && !plan.pending && this.#ends(RejectReason.NO_LIQUIDITY)) return RejectReason.NO_LIQUIDITY;
      plan.holdAsset = market.quote;
      plan.holdUnits = notional;
    } else {
      plan.holdAsset = market.base;
      plan.holdUnits = lots * market.lotSizeUnits;
    }
    return OK;
  }

  /** What an accepted order that does not match yet must hold; 0 when nobody knows its price. */
  neededUnits(terms: OrderTerms, market: Market): number {
    const { f64, i32 } = this.#orders;
    const lots = f64[terms.slot * RECORD_F64 + REMAINING_LOTS] as number;
    if (terms.side === SELL) return lots * market.lotSizeUnits;
    const price = i32[terms.slot * RECORD_I32 + PRICE_TICKS] as number;
    return (price === 0 ? wakingTicks(terms, market) : price) * lots * market.notionalUnits;
  }

  /**
   * Whether a pending order whose turn has come may not enter: it would take though it must not, wake at once, or its
   * peg became a price that breaks a rule of the market.
   */
  mayNotEnter(terms: OrderTerms, market: Market, timeUs: number): boolean {
    if (entersPegged(terms) && !this.#mayEnterPegged(terms, 0, market, timeUs)) return true;
    if (terms.type === OrderType.LIMIT_MAKER) {
      const price = this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS] as number;
      return terms.side === BUY ? market.book.bestAskTicks <= price : market.book.bestBidTicks >= price;
    }
    const last = market.lastPriceTicks;
    if (terms.stopPriceTicks === 0) return false;
    return wakesOnRise(terms.type, terms.side) ? last >= terms.stopPriceTicks : last <= terms.stopPriceTicks;
  }

  /**
   * How an order goes on that waited: it was checked when it was accepted, and now holds `heldUnits`. Fills `plan`,
   * whose holdUnits are never below `heldUnits`. False when its numbers would leave the exact range in this book.
   */
  planWoken(slot: number, market: Market, heldUnits: number, timeUs: number): boolean {
    const plan = this.plan;
    const { book } = market;
    const { f64, i32, u8 } = this.#orders;
    const side = u8[recordAt(slot) + SIDE] as number;
    const lots = f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
    plan.account = i32[slot * RECORD_I32 + ACCOUNT] as number;
    plan.market = market;
    plan.timeInForce = u8[recordAt(slot) + TIME_IN_FORCE] as TimeInForce;
    plan.rests = plan.timeInForce === TimeInForce.GTC || plan.timeInForce === TimeInForce.GTD;
    plan.isMarket = isMarketType(u8[recordAt(slot) + TYPE] as number);
    plan.waits = false;
    plan.pending = false;
    plan.lots = lots;
    plan.fillable = true;
    plan.runsOut = false;
    plan.holdAsset = side === BUY ? market.quote : market.base;
    plan.limitTicks = plan.isMarket ? (side === BUY ? PRICE_TICKS_MAX : 1) : (i32[slot * RECORD_I32 + PRICE_TICKS] as number);
    plan.matchTicks = withinBand(side, plan.limitTicks, market, timeUs);
    plan.prevention = preventionOf(u8[recordAt(slot) + SELF_TRADE_PREVENTION] as number);
    const best = book.bestBidTicks;
    const terms = this.#orders.termsOf(slot);
    if (terms !== undefined && terms.pegType !== PegType.UNSPECIFIED && !this.#mayEnterPegged(terms, heldUnits, market, timeUs)) return false;
    if (side === SELL) {
      plan.holdUnits = lots * market.lotSizeUnits;
      if (best >= plan.limitTicks && best * lots * market.notionalUnits > EXACT_MAX) return false;
    } else if (plan.isMarket) {
      const available = this.#ledger.availableUnits(plan.account, plan.holdAsset);
      const budget = Math.min(EXACT_MAX, heldUnits + Number(available > BigInt(EXACT_MAX) ? EXACT_MAX : available));
      this.#walkQuote(book, SELL, budget, market, lots);
      plan.lots = this.#walkLots;
      plan.runsOut = this.#walkLots < lots;
      plan.holdUnits = Math.max(heldUnits, this.#walkUnits);
    } else plan.holdUnits = Math.max(heldUnits, plan.limitTicks * lots * market.notionalUnits);
    if (plan.rests && book.takeableAt(side, plan.limitTicks) + lots > EXACT_MAX) return false;
    if (plan.timeInForce === TimeInForce.FOK) plan.fillable = this.#fillsWholly(book, side, lots);
    return true;
  }

  /**
   * The price of a pegged order whose turn has come, as the book is now; 0 when the book has none for it. `partner`, the
   * order that it ends by being woken, or NO_SLOT, gives none.
   */
  pegTicksOf(terms: OrderTerms, partner: number, market: Market): number {
    return pegTicks(terms, market, partner);
  }

  // What was not asked of a pegged order when it was accepted, as nobody knew its price.
  #mayEnterPegged({ slot, side, account }: OrderTerms, heldUnits: number, market: Market, timeUs: number): boolean {
    const price = this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number;
    const notional = price * (this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) * market.notionalUnits;
    return (
      price >= market.minPriceTicks &&
      price <= market.maxPriceTicks &&
      notional <= EXACT_MAX &&
      notional >= market.minNotionalUnits &&
      notional <= market.maxNotionalUnits &&
      isNearReference(side, price, market, timeUs) &&
      (side === SELL || notional <= heldUnits || this.#ledger.covers(account, market.quote, notional - heldUnits))
    );
  }

  #checkLimitOrder(c: CommandReader, market: Market, timeUs: number): RejectReason {
    const plan = this.plan;
    const { book } = market;
    const price = c.priceTicks;
    const lots = c.quantityLots;
    if ((price < market.minPriceTicks || price > market.maxPriceTicks) && this.#ends(RejectReason.PRICE_FILTER)) return RejectReason.PRICE_FILTER;
    if ((lots < market.minQuantityLots || lots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    // Rounding is monotone: the product is above 2^53 - 1 in doubles exactly when it is in integers.
    const notional = price * lots * market.notionalUnits;
    if (notional > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    if (notional < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
    if (notional > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    if (!isNearReference(c.side, price, market, timeUs) && this.#ends(RejectReason.PERCENT_PRICE_BY_SIDE)) return RejectReason.PERCENT_PRICE_BY_SIDE;
    if (c.icebergLots !== 0) {
      const iceberg = this.#checkIceberg(c, market);
      if (iceberg !== OK) return iceberg;
    }
    if (book.takeableAt(c.side, price) + lots > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    plan.lots = lots;
    if (plan.waits || plan.pending) {
      plan.holdAsset = c.side === BUY ? market.quote : market.base;
      plan.holdUnits = c.side === BUY ? notional : lots * market.lotSizeUnits;
      return OK;
    }
    const collects = market.status === MarketStatus.AUCTION;
    if (collects && this.#overflowsAuction(c.side, price, lots, 0, market) && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    const takes = !collects && (c.side === BUY ? book.bestAskTicks <= price : book.bestBidTicks >= price);
    plan.limitTicks = price;
    plan.matchTicks = withinBand(c.side, price, market, timeUs);
    plan.lots = lots;
    plan.fillable = true;
    plan.runsOut = false;
    if (c.side === BUY) {
      plan.holdAsset = market.quote;
      plan.holdUnits = notional;
    } else {
      // A seller may be paid more than his limit, up to the best bid for all of it.
      if (takes && book.bestBidTicks * lots * market.notionalUnits > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
      plan.holdAsset = market.base;
      plan.holdUnits = lots * market.lotSizeUnits;
    }
    if (takes && c.type === OrderType.LIMIT_MAKER && this.#ends(RejectReason.WOULD_TAKE)) return RejectReason.WOULD_TAKE;
    if (plan.timeInForce === TimeInForce.FOK) plan.fillable = this.#fillsWholly(book, c.side, lots);
    return OK;
  }

  #checkMarketOrder(c: CommandReader, market: Market, timeUs: number): RejectReason {
    const plan = this.plan;
    const { book } = market;
    plan.fillable = true;
    plan.limitTicks = c.side === BUY ? PRICE_TICKS_MAX : 1;
    plan.matchTicks = withinBand(c.side, plan.limitTicks, market, timeUs);
    plan.holdAsset = c.side === BUY ? market.quote : market.base;
    const best = c.side === BUY ? book.bestAskTicks : book.bestBidTicks;
    const empty = best === NO_ASK || best === NO_BID;
    if (c.quoteOrderUnits !== 0) {
      if (c.quoteOrderUnits > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
      if (c.quoteOrderUnits < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
      if (c.quoteOrderUnits > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
      if (empty && this.#ends(RejectReason.NO_LIQUIDITY)) return RejectReason.NO_LIQUIDITY;
      this.#walkQuote(book, opposite(c.side), c.quoteOrderUnits, market);
      if (this.#walkLots < market.minQuantityLots) {
        const tooFew = this.#walkRanOut ? RejectReason.NO_LIQUIDITY : RejectReason.LOT_SIZE;
        if (this.#ends(tooFew)) return tooFew;
      } else if ((this.#walkLots < market.minMarketQuantityLots || this.#walkLots > market.maxMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
      plan.lots = this.#walkLots;
      plan.runsOut = this.#walkRanOut;
      plan.holdUnits = c.side === BUY ? this.#walkUnits : this.#walkLots * market.lotSizeUnits;
      return OK;
    }
    if ((c.quantityLots < market.minQuantityLots || c.quantityLots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    if ((c.quantityLots < market.minMarketQuantityLots || c.quantityLots > market.maxMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
    plan.lots = c.quantityLots;
    plan.runsOut = false;
    if (!empty && best * c.quantityLots * market.notionalUnits > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    // NOTIONAL measures an order without a price by the last one (avgPriceMins 0); before any trade, by the book's.
    const last = market.lastPriceTicks;
    if (last !== 0 || !empty) {
      const estimate = (last === 0 ? best : last) * c.quantityLots * market.notionalUnits;
      if (estimate < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
      if (estimate > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    }
    if (c.side === SELL) {
      plan.holdUnits = c.quantityLots * market.lotSizeUnits;
      return OK;
    }
    const cost = this.#walkCost(book, c.quantityLots, market);
    if (cost > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    plan.holdUnits = cost;
    return OK;
  }

  // A buyer by quote amount must own the whole amount he names, though only what will be spent is held.
  #neededUnits(c: CommandReader): number {
    return c.quoteOrderUnits !== 0 && c.side === BUY ? c.quoteOrderUnits : this.plan.holdUnits;
  }

  // Whether a FOK order finds all its lots. Lots of its own owner are none, unless the mode just moves them away.
  #fillsWholly(book: OrderBook, side: number, lots: number): boolean {
    const { matchTicks, prevention, account } = this.plan;
    const resting = opposite(side);
    if (prevention === NO_PREVENTION) return book.lotsWithin(resting, matchTicks, lots) >= lots;
    let rest = lots;
    const best = side === BUY ? book.bestAskTicks : book.bestBidTicks;
    for (let ticks = best; rest > 0 && (side === BUY ? ticks <= matchTicks : ticks >= matchTicks); ticks = book.nextBehind(resting, ticks)) {
      if (prevention === SelfTradePreventionMode.EXPIRE_MAKER) rest -= othersLotsAt(book, this.#orders, this.#accounts, ticks, account);
      else {
        const before = lotsBeforeOwn(book, this.#orders, this.#accounts, ticks, account);
        rest -= before.lots;
        if (before.met && rest > 0) return false;
      }
    }
    return rest <= 0;
  }

  // Lots at a level that the order of the plan may take. Where the mode ends the taker or lessens both, meeting an own
  // order makes it take less than the walk says, never more: what was held for it is then given back.
  #lotsFor(book: OrderBook, side: number, ticks: number): number {
    return this.plan.prevention === SelfTradePreventionMode.EXPIRE_MAKER
      ? othersLotsAt(book, this.#orders, this.#accounts, ticks, this.plan.account)
      : book.takeableAt(side, ticks);
  }

  // Quote units that buying `lots` from the asks will cost, as far as the book reaches.
  #walkCost(book: OrderBook, lots: number, market: Market): number {
    let rest = lots;
    let cost = 0;
    for (let ticks = book.bestAskTicks; ticks <= this.plan.matchTicks && rest > 0; ticks = book.nextAbove(ticks)) {
      const take = Math.min(rest, this.#lotsFor(book, SELL, ticks));
      rest -= take;
      cost += ticks * take * market.notionalUnits;
      if (cost > EXACT_MAX) return cost;
    }
    return cost;
  }

  // The most lots, up to `lotsMax`, whose notional does not exceed `units`, and their notional.
  #walkQuote(book: OrderBook, side: number, units: number, market: Market, lotsMax = EXACT_MAX): void {
    let lots = 0;
    let spent = 0;
    this.#walkRanOut = true;
    const { matchTicks } = this.plan;
    for (let ticks = side === SELL ? book.bestAskTicks : book.bestBidTicks; side === SELL ? ticks <= matchTicks : ticks >= matchTicks; ticks = book.nextBehind(side, ticks)) {
      const lotUnits = ticks * market.notionalUnits;
      const there = this.#lotsFor(book, side, ticks);
      const affordable = Math.min(Math.floor((units - spent) / lotUnits), lotsMax - lots);
      const take = Math.min(affordable, there);
      lots += take;
      spent += take * lotUnits;
      if (take < there) {
        this.#walkRanOut = false;
        break;
      }
    }
    if (spent === units) this.#walkRanOut = false;
    this.#walkLots = lots;
    this.#walkUnits = spent;
  }
}

const BIPS = 10_000;

// PERCENT_PRICE_BY_SIDE. Products of a price and a multiplier stay below 2^55: at worst rounded, the same way everywhere.
function isNearReference(side: number, price: number, market: Market, timeUs: number): boolean {
  const up = side === BUY ? market.bidMultiplierUpBips : market.askMultiplierUpBips;
  const down = side === BUY ? market.bidMultiplierDownBips : market.askMultiplierDownBips;
  if (up === 0 && down === 0) return true;
  const reference = market.reference.ticks(timeUs, market.lastPriceTicks);
  if (reference === 0) return true;
  return (up === 0 || price * BIPS <= reference * up) && (down === 0 || price * BIPS >= reference * down);
}

// The execution price band as it stands when the order starts to take: the limit, or the band's end before it. It binds the
// side on which the taker would lose. Binance's rule binds both, but there the reference ends with its window; here the last
// price stays, and a bid that is left beyond the band in a quiet market could be met by nobody any more.
function withinBand(side: number, limitTicks: number, market: Market, timeUs: number): number {
  const bips = market.priceBandBips;
  if (bips === 0) return limitTicks;
  const reference = market.reference.ticks(timeUs, market.lastPriceTicks);
  if (reference === 0) return limitTicks;
  return side === BUY
    ? Math.min(limitTicks, Math.floor((reference * (BIPS + bips)) / BIPS))
    : Math.max(limitTicks, Math.ceil((reference * Math.max(0, BIPS - bips)) / BIPS));
}

// Where a post-only order may stand that would take: just inside the spread. One that has no room there, or whose price is
// none of the market's, stays where it is and is refused for it.
function slidTicks(side: number, price: number, { book, minPriceTicks, maxPriceTicks }: Market): number {
  if (side === BUY) return price >= book.bestAskTicks && price <= maxPriceTicks && book.bestAskTicks > minPriceTicks ? book.bestAskTicks - 1 : price;
  return price <= book.bestBidTicks && price >= minPriceTicks && book.bestBidTicks < maxPriceTicks ? book.bestBidTicks + 1 : price;
}

// Price of the level the order is pegged to, counted from the best one on its own side or the other; 0 when there is none.
// A level where only the order in slot `besides` stands is none.
function pegTicks(c: Pick<OrderTerms, "side" | "pegType" | "pegOffsetLevels">, { book }: Market, besides: number = NO_SLOT): number {
  const side = c.pegType === PegType.PRIMARY ? c.side : opposite(c.side);
  let behind = c.pegOffsetLevels;
  for (let ticks = side === BUY ? book.bestBidTicks : book.bestAskTicks; ticks !== NO_BID && ticks !== NO_ASK; ticks = book.nextBehind(side, ticks)) {
    if (besides !== NO_SLOT && book.front(ticks) === besides && book.after(besides) === NO_SLOT) continue;
    if (behind === 0) return ticks;
    behind--;
  }
  return 0;
}

/** Whether a pending order's peg becomes a price when it is placed; that of one that goes on to wait does when it is woken. */
export const entersPegged = (terms: OrderTerms): boolean => terms.pegType !== PegType.UNSPECIFIED && terms.stopPriceTicks === 0 && terms.trailingDeltaBips === 0;

// Where an order without a limit would wake now; 0 when nobody knows, or it waits for no price.
function wakingTicks(terms: OrderTerms, { lastPriceTicks }: Market): number {
  if (terms.stopPriceTicks !== 0 || lastPriceTicks === 0 || terms.trailingDeltaBips === 0) return terms.stopPriceTicks;
  return trailingTriggerTicks(terms.side, lastPriceTicks, terms.trailingDeltaBips);
}

/** Whether orders of this type have no limit price. */
export const isMarketType = (type: number): boolean => type === OrderType.MARKET || type === OrderType.STOP_LOSS || type === OrderType.TAKE_PROFIT;

const opposite = (side: number): number => (side === BUY ? SELL : BUY);

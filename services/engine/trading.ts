// Carries order commands out: places, matches, settles, cancels. Checks come first and are rules.ts's; after the line
// "nothing below can fail" every step succeeds or the engine is broken.
//
// Never: refuses half-way. Invariants: a buy holds price x remaining x notional of the quote asset, a sell holds its
// remaining base units, and nothing else is held (orders that wait hold what their terms say); what one side of a trade
// pays, the other side and the house receive.
import { CancelReplaceMode, CancelRestriction, type PlaceOrder } from "../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, ExpiryReason, MarketStatus, OrderListStatus, OrderListType, OrderStatus, OrderType, RejectReason, PegType, SelfTradePreventionMode, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { HOUSE_ACCOUNT, type Accounts } from "./accounts.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import type { CommandReader } from "./commandReader.ts";
import { Dedupe } from "./dedupe.ts";
import type { EventSink } from "./eventWriter.ts";
import { feeUnits } from "./fees.ts";
import { invariant } from "./invariants.ts";
import type { Ledger } from "./ledger.ts";
import { DEAD_MANS_TIMEOUT_US_MAX, EXACT_MAX } from "./limits.ts";
import { makerRate, takerRate, type Market, type Markets } from "./markets.ts";
import { BUY, SELL } from "./orderBook.ts";
import {
  ACCOUNT,
  AMEND_COUNT,
  CANCEL_REASON,
  COLLECTED,
  CREATED_US,
  EXECUTED_LOTS,
  EXECUTED_QUOTE_UNITS,
  EXPIRY_REASON,
  MARKET,
  NO_SLOT,
  PREVENTED_LOTS,
  PRICE_TICKS,
  QUANTITY_LOTS,
  QUOTE_ORDER_UNITS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  REMAINING_LOTS,
  SELF_TRADE_PREVENTION,
  SIDE,
  STATUS,
  TERMS,
  TIME_IN_FORCE,
  TYPE,
  UPDATED_US,
  WORKING_US,
  type OrderStore,
} from "./orderStore.ts";
import { checkListShape, isPair, isSecondOfPair, listMessage, OrderLists, standApart, standAround, workingIndex, type OrderList } from "./orderLists.ts";
import { isAlgo, PENDING, UNTRIGGERED, WORKING, type OrderTerms } from "./orderTerms.ts";
import { entersPegged, PlacePlan, Rules } from "./rules.ts";
import { Timers } from "./timers.ts";
import { expiresMaker, expiresTaker, NO_PREVENTION } from "./selfTrade.ts";
import { bookOf, lessen, uncross, type AuctionTrade } from "./uncross.ts";

const OK = RejectReason.UNSPECIFIED;

/** A price of a trade, to be shown to the orders that wait. */
interface TradedPrice {
  readonly market: Market;
  readonly ticks: number;
}

export class Trading {
  /** The next order's id: one counter for the venue. */
  nextOrderId = 1;
  readonly #orders: OrderStore;
  readonly #accounts: Accounts;
  readonly #markets: Markets;
  readonly #ledger: Ledger;
  readonly #events: EventSink;
  readonly #rules: Rules;
  /** Orders and switches that end at a time. */
  readonly timers = new Timers();
  /** Client order ids that are taken for a while. */
  readonly dedupe = new Dedupe();
  /** The running command traded at prices that may wake orders: `settle` comes next. */
  unsettled = false;
  readonly #prices: TradedPrice[] = [];
  readonly #listId = new ClientOrderId();
  // The order that is on its way to another price: its place in its account's list stays, as its id does. Finding that
  // place again would take as long as the list.
  #amended: number = NO_SLOT;
  /** Lists of orders that belong together. */
  readonly lists = new OrderLists();
  readonly #endedInLists: OrderTerms[] = [];
  readonly #workingFilled: OrderList[] = [];

  constructor(orders: OrderStore, accounts: Accounts, markets: Markets, ledger: Ledger, events: EventSink) {
    this.#orders = orders;
    this.#accounts = accounts;
    this.#markets = markets;
    this.#ledger = ledger;
    this.#events = events;
    this.#rules = new Rules(accounts, markets, orders, ledger, this.dedupe);
    orders.onTermsEnd = (terms) => this.#endTerms(terms);
  }

  /** The checks, for queries: they change nothing. */
  get rules(): Rules {
    return this.#rules;
  }

  place(c: CommandReader, seq: number, timeUs: number): void {
    const reason = this.#rules.checkPlace(c, timeUs);
    if (reason !== OK) {
      this.#refusePlace(c, reason);
      return;
    }
    const plan = this.#rules.plan;
    const market = plan.market as Market;

    // Nothing below can fail.

    const slot = this.#accept(c, plan, market, timeUs);
    market.feed.startCommand(seq);
    this.#events.orderAccepted(slot);
    if (!plan.waits) this.#carryOut(slot, market, plan, timeUs);
  }

  // An accepted order meets the book.
  #carryOut(slot: number, market: Market, plan: PlacePlan, timeUs: number): void {
    if (market.status === MarketStatus.AUCTION) {
      this.#collect(slot, market, plan.lots);
      return;
    }
    if (!plan.fillable) {
      this.#expire(slot, market, plan.holdUnits, ExpiryReason.UNFILLED_FOK);
      return;
    }
    if (this.#orders.u8[recordAt(slot) + SIDE] === BUY) this.#buy(slot, market, plan, timeUs);
    else this.#sell(slot, market, plan, timeUs);
  }

  // In an auction the order meets nobody yet: it waits beside the book, holding what it holds there.
  #collect(slot: number, market: Market, lots: number): void {
    const { auction } = market;
    invariant(auction !== undefined, "a market collects orders without an auction");
    const terms = this.#orders.termsOf(slot);
    let hidden = 0;
    if (terms !== undefined && terms.icebergLots !== 0 && terms.icebergLots < lots) {
      hidden = lots - terms.icebergLots;
      terms.hiddenLots = hidden;
      this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = terms.icebergLots;
    }
    auction.add(slot, hidden);
    if (this.#orders.u8[recordAt(slot) + SIDE] === SELL) auction.capFor(slot, market.notionalUnits);
    this.#linkToAccount(slot, terms);
  }

  // An order stays from here on: its account's list has it, if it did not already.
  #linkToAccount(slot: number, terms: OrderTerms | undefined): void {
    if (terms?.listed === true) terms.listed = false;
    else if (slot !== this.#amended) this.#accounts.link(slot);
  }

  /** The market's auction is over: its orders trade at one price, and what is left of them rests in the book. */
  endAuction(market: Market, seq: number, timeUs: number): void {
    market.feed.startCommand(seq);
    const parts = { orders: this.#orders, accounts: this.#accounts, ledger: this.#ledger, events: this.#events, tell: this.#tellAuctionTrade, lessened: (slot: number) => this.#endPartnerOf(slot, timeUs) };
    uncross(parts, market, timeUs);
  }

  readonly #tellAuctionTrade = (market: Market, trade: AuctionTrade, timeUs: number): void => {
    const { buy, sell, buyIsTaker } = trade;
    const taker = buyIsTaker ? buy : sell;
    const left = this.#orders.f64[taker * RECORD_F64 + REMAINING_LOTS] as number;
    const hides = this.#hiddenLots(taker) !== 0;
    this.#orders.f64[taker * RECORD_F64 + UPDATED_US] = timeUs;
    if (buyIsTaker) {
      this.#trade(market, trade.priceTicks, trade.lots, trade.quoteUnits, BUY, sell, trade.sellDone, trade.sellFeeUnits, market.quote, buy, left, hides, trade.buyFeeUnits, market.base, timeUs);
    } else {
      this.#trade(market, trade.priceTicks, trade.lots, trade.quoteUnits, SELL, buy, trade.buyDone, trade.buyFeeUnits, market.base, sell, left, hides, trade.sellFeeUnits, market.quote, timeUs);
    }
    this.#endPartnerOf(taker, timeUs);
  };

  #refusePlace(c: CommandReader, reason: RejectReason): void {
    // A text that is not a client order id is not echoed: it may be anything.
    const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
    this.#events.orderRejected(reason, c.marketId <= 0xffff_ffff ? c.marketId : 0, c.bytes, c.clientIdAt, echo);
  }

  cancel(c: CommandReader, seq: number, timeUs: number): void {
    this.#cancelAs(c, seq, timeUs, CancelReason.REQUESTED);
  }

  // Answers whether the order was cancelled.
  #cancelAs(c: CommandReader, seq: number, timeUs: number, why: CancelReason): boolean {
    const reason = this.#checkCancel(c, timeUs);
    if (reason !== OK) {
      this.#refuseCancel(c, reason);
      return false;
    }
    const slot = this.#find(c, this.#accounts.row(c.accountId));
    this.#cancelOpen(slot, seq, timeUs, why);
    return true;
  }

  #refuseCancel(c: CommandReader, reason: RejectReason): void {
    const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
    const exactId = c.orderId <= Number.MAX_SAFE_INTEGER ? c.orderId : 0;
    this.#events.cancelRejected(reason, c.marketId <= 0xffff_ffff ? c.marketId : 0, exactId, c.bytes, c.clientIdAt, echo);
  }

  /** Cancels one order and places another: the events tell each half's outcome, the cancel's first. */
  cancelReplace(c: CommandReader, seq: number, timeUs: number): void {
    c.selectPlace();
    const { marketId } = c;
    c.selectCancel();
    const stops = c.replaceMode === CancelReplaceMode.STOP_ON_FAILURE;
    const known = (stops || c.replaceMode === CancelReplaceMode.ALLOW_FAILURE) && marketId === c.marketId;
    if (!known) this.#refuseCancel(c, RejectReason.UNSUPPORTED_COMBINATION);
    const canceled = known && this.#cancelAs(c, seq, timeUs, CancelReason.REPLACED);
    // A list ends whole before the new order comes: it neither meets the other orders nor lacks what they held.
    if (canceled && this.unsettled) this.settle(seq, timeUs);
    c.selectPlace();
    if (canceled || (known && !stops)) this.place(c, seq, timeUs);
    else this.#refusePlace(c, RejectReason.NOT_ATTEMPTED);
  }

  /** Changes quantity, price or client order id of an open order. Less of it keeps its place; another price does not. */
  amend(c: CommandReader, seq: number, timeUs: number): void {
    const account = this.#accounts.row(c.accountId);
    const market = this.#markets.byId(c.marketId);
    let reason: RejectReason = OK;
    let slot: number = NO_SLOT;
    if (account < 0) reason = RejectReason.UNKNOWN_ACCOUNT;
    else if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) reason = RejectReason.DEADLINE_PASSED;
    else if (market === undefined) reason = RejectReason.UNKNOWN_MARKET;
    else if (c.unknownField) reason = RejectReason.UNSUPPORTED_COMBINATION;
    else {
      slot = this.#find(c, account);
      if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + MARKET] !== market.row) reason = RejectReason.UNKNOWN_ORDER;
      else reason = this.#rules.checkAmend(c, slot, this.#partnerOf(slot), market, timeUs);
    }
    if (reason !== OK || market === undefined) {
      const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
      const exactId = c.orderId <= Number.MAX_SAFE_INTEGER ? c.orderId : 0;
      this.#events.amendRejected(reason, c.marketId <= 0xffff_ffff ? c.marketId : 0, exactId, c.bytes, c.clientIdAt, echo);
      return;
    }
    const { plan } = this.#rules;

    // Nothing below can fail.

    if (plan.lots <= 0) {
      // The new quantity has traded already: what is left is not wanted.
      this.#cancelOpen(slot, seq, timeUs, CancelReason.REQUESTED);
      return;
    }
    if (plan.renames) {
      this.#orders.replaceClientId(slot, this.#rules.clientId);
      this.dedupe.remember(plan.account, this.#rules.clientId);
    }
    market.feed.startCommand(seq);
    if (plan.keepsPriority) {
      const fewer = (this.#orders.f64[slot * RECORD_F64 + QUANTITY_LOTS] as number) - plan.quantityLots;
      const partner = fewer === 0 ? NO_SLOT : this.#partnerOf(slot);
      for (const each of partner === NO_SLOT ? [slot] : [slot, partner]) {
        this.#amendQuantity(each, market, plan.quantityLots, timeUs);
        this.#events.orderAmended(each, true);
      }
      return;
    }
    if (plan.waits) {
      // It stands in no queue that its limit could change its place in.
      this.#amendQuantity(slot, market, plan.quantityLots, timeUs);
      this.#amendWaitingPrice(slot, plan);
      this.#events.orderAmended(slot, true);
      return;
    }
    this.#amendPrice(slot, market, plan, timeUs);
  }

  // Fewer lots of what is open, wherever it stands: it keeps its place, and gives back what it needs no longer.
  #amendQuantity(slot: number, market: Market, quantityLots: number, timeUs: number): void {
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const fewer = (f64[d + QUANTITY_LOTS] as number) - quantityLots;
    const held = heldBy(this.#orders, slot, market);
    i32[w + AMEND_COUNT] = (i32[w + AMEND_COUNT] as number) + 1;
    f64[d + QUANTITY_LOTS] = quantityLots;
    f64[d + UPDATED_US] = timeUs;
    if (fewer === 0) return;
    const terms = this.#orders.termsOf(slot);
    if (terms !== undefined && terms.phase !== WORKING) {
      // What a waiting order holds is so much for each of its lots.
      const lots = f64[d + REMAINING_LOTS] as number;
      terms.heldUnits = (terms.heldUnits / lots) * (lots - fewer);
      f64[d + REMAINING_LOTS] = lots - fewer;
    } else lessen(this.#orders, slot, market, fewer);
    const asset = u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    this.#ledger.release(i32[w + ACCOUNT] as number, asset, held - heldBy(this.#orders, slot, market));
  }

  #amendWaitingPrice(slot: number, plan: PlacePlan): void {
    const terms = this.#orders.termsOf(slot);
    invariant(terms !== undefined, "a plain order waits");
    this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] = plan.limitTicks;
    this.#ledger.release(plan.account, plan.holdAsset, terms.heldUnits);
    this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    terms.heldUnits = plan.holdUnits;
  }

  // Another price is a new arrival, with whatever quantity is left.
  #amendPrice(slot: number, market: Market, plan: PlacePlan, timeUs: number): void {
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const held = heldBy(this.#orders, slot, market);
    const terms = this.#orders.termsOf(slot);
    if (terms !== undefined && terms.hiddenLots !== 0) {
      bookOf(this.#orders, slot, market).hide(i32[w + PRICE_TICKS] as number, -terms.hiddenLots);
      terms.hiddenLots = 0;
    }
    this.#leaveBook(slot, market);
    u8[recordAt(slot) + COLLECTED] = 0;
    i32[w + AMEND_COUNT] = (i32[w + AMEND_COUNT] as number) + 1;
    i32[w + PRICE_TICKS] = plan.limitTicks;
    f64[d + QUANTITY_LOTS] = plan.quantityLots;
    f64[d + REMAINING_LOTS] = plan.lots;
    f64[d + UPDATED_US] = timeUs;
    f64[d + WORKING_US] = timeUs;
    this.#ledger.release(plan.account, plan.holdAsset, held);
    this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    this.#events.orderAmended(slot, false);
    this.#amended = slot;
    this.#carryOut(slot, market, plan, timeUs);
    this.#amended = NO_SLOT;
  }

  // The other open order of the pair that this one is of, or NO_SLOT.
  #partnerOf(slot: number): number {
    const terms = this.#orders.termsOf(slot);
    if (terms?.list === undefined) return NO_SLOT;
    const { list, orderId } = terms;
    const at = list.orderIds.indexOf(orderId);
    const other = list.orderIds.findIndex((_, i) => isPair(list, at, i));
    return other < 0 ? NO_SLOT : this.#orders.find(list.orderIds[other] as number);
  }

  // The other order of its pair ended in this command and the list has not heard of it yet: what the two held together is
  // no longer whole, and this one is about to end, too.
  #hasLostPartner({ list, slot }: OrderTerms): boolean {
    return list !== undefined && list.type !== OrderListType.OTO && this.#partnerOf(slot) === NO_SLOT;
  }

  cancelAll(c: CommandReader, seq: number, timeUs: number): void {
    const account = this.#accounts.row(c.accountId);
    let reason: RejectReason = OK;
    const market = this.#markets.byId(c.marketId);
    if (account < 0) reason = RejectReason.UNKNOWN_ACCOUNT;
    else if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) reason = RejectReason.DEADLINE_PASSED;
    else if (c.marketId !== 0 && market === undefined) reason = RejectReason.UNKNOWN_MARKET;
    else if (c.unknownField || !isMassCancelReason(c.cancelReason)) reason = RejectReason.UNSUPPORTED_COMBINATION;
    else if (c.side !== 0 && c.side !== BUY && c.side !== SELL) reason = RejectReason.INVALID_SIDE;
    else if (market !== undefined && market.status === MarketStatus.HALT) reason = RejectReason.MARKET_CLOSED;
    if (reason !== OK) {
      this.#events.cancelRejected(reason, c.marketId <= 0xffff_ffff ? c.marketId : 0, 0, c.bytes, 0, 0);
      return;
    }

    // Nothing below can fail.

    const why: CancelReason = c.cancelReason === 0 ? CancelReason.CANCEL_ALL : (c.cancelReason as CancelReason);
    let count = 0;
    for (let slot = this.#accounts.firstOrder(account); slot !== NO_SLOT; ) {
      const next = this.#accounts.nextOrder(slot);
      const row = this.#orders.i32[slot * RECORD_I32 + MARKET] as number;
      const wanted =
        (market === undefined ? (this.#markets.markets[row] as Market).status !== MarketStatus.HALT : market.row === row) &&
        (c.side === 0 || this.#orders.u8[recordAt(slot) + SIDE] === c.side);
      if (wanted) {
        this.#cancelOpen(slot, seq, timeUs, why);
        count++;
      }
      slot = next;
    }
    this.#events.ordersCanceled(count);
  }

  /** Ends what is due at the engine's time; before any command of that time. */
  fireTimers(seq: number, timeUs: number): void {
    for (let timer = this.timers.takeDue(timeUs); timer !== undefined; timer = this.timers.takeDue(timeUs)) {
      if (timer.account >= 0) {
        for (let slot = this.#accounts.firstOrder(timer.account); slot !== NO_SLOT; slot = this.#accounts.firstOrder(timer.account)) {
          this.#cancelOpen(slot, seq, timeUs, CancelReason.DEAD_MANS_SWITCH);
        }
        continue;
      }
      const slot = this.#orders.find(timer.orderId);
      invariant(slot !== NO_SLOT, "a timer outlived its order");
      this.#expireOpen(slot, seq, timeUs, ExpiryReason.GOOD_TILL_DATE);
    }
  }

  /** Arms the account's dead man's switch, or disarms it. */
  setDeadMansSwitch(accountId: number, timeoutUs: bigint, timeUs: number): RejectReason {
    const account = this.#accounts.row(accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (timeoutUs > DEAD_MANS_TIMEOUT_US_MAX) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;

    // Nothing below can fail.

    const firesUs = timeoutUs === 0n ? 0 : timeUs + Number(timeoutUs);
    this.timers.setSwitch(account, firesUs);
    this.#events.other({ case: "deadMansSwitchSet", value: { firesUs: BigInt(firesUs) } });
    return OK;
  }

  #checkCancel(c: CommandReader, timeUs: number): RejectReason {
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) return RejectReason.DEADLINE_PASSED;
    const market = this.#markets.byId(c.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    if (c.unknownField || c.restriction > CancelRestriction.ONLY_PARTIALLY_FILLED) return RejectReason.UNSUPPORTED_COMBINATION;
    const slot = this.#find(c, account);
    if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + MARKET] !== market.row) return RejectReason.UNKNOWN_ORDER;
    if (market.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;
    if (c.restriction === 0) return OK;
    const wanted = c.restriction === CancelRestriction.ONLY_NEW ? OrderStatus.NEW : OrderStatus.PARTIALLY_FILLED;
    return this.#orders.u8[recordAt(slot) + STATUS] === wanted ? OK : RejectReason.CANCEL_RESTRICTED;
  }

  // The account's open order that a command names by either id or both.
  #find(c: CommandReader, account: number): number {
    let byClientId = NO_SLOT;
    if (c.clientIdLength !== 0) {
      const id = this.#rules.clientId;
      if (!id.read(account, c.bytes, c.clientIdAt, c.clientIdLength)) return NO_SLOT;
      byClientId = this.#orders.findClientId(account, id);
      if (c.orderId === 0 || byClientId === NO_SLOT) return byClientId;
    }
    if (c.orderId === 0) return NO_SLOT;
    const slot = this.#orders.find(c.orderId);
    if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + ACCOUNT] !== account) return NO_SLOT;
    return c.clientIdLength !== 0 && byClientId !== slot ? NO_SLOT : slot;
  }

  // The order exists and its hold is made. Its client order id is the one that the rules read last.
  #accept(c: CommandReader, plan: PlacePlan, market: Market, timeUs: number): number {
    const orders = this.#orders;
    const slot = orders.add(this.nextOrderId++);
    const { f64, i32, u8 } = orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const b = recordAt(slot);
    i32[w + ACCOUNT] = plan.account;
    i32[w + MARKET] = market.row;
    i32[w + PRICE_TICKS] = c.priceTicks;
    u8[b + SIDE] = c.side;
    u8[b + TYPE] = c.type;
    u8[b + TIME_IN_FORCE] = plan.timeInForce;
    u8[b + STATUS] = OrderStatus.NEW;
    u8[b + SELF_TRADE_PREVENTION] = c.selfTradePrevention;
    f64[d + QUANTITY_LOTS] = c.quantityLots;
    f64[d + QUOTE_ORDER_UNITS] = c.quoteOrderUnits;
    f64[d + REMAINING_LOTS] = plan.lots;
    f64[d + CREATED_US] = timeUs;
    f64[d + UPDATED_US] = timeUs;
    f64[d + WORKING_US] = plan.waits || plan.pending ? 0 : timeUs;
    if (plan.pending) u8[b + STATUS] = OrderStatus.PENDING_NEW;
    orders.setClientId(slot, this.#rules.clientId);
    this.dedupe.remember(plan.account, this.#rules.clientId);
    if (plan.hasTerms) this.#addTerms(c, slot, plan, market);
    if (plan.holdUnits !== 0 && !plan.pending) this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    return slot;
  }

  #addTerms(c: CommandReader, slot: number, plan: PlacePlan, market: Market): void {
    const terms = this.#orders.addTerms(slot);
    terms.icebergLots = c.icebergLots;
    terms.pegType = c.pegType as PegType;
    terms.pegOffsetLevels = c.pegOffsetLevels;
    terms.stopPriceTicks = c.stopPriceTicks;
    terms.trailingDeltaBips = c.trailingDeltaBips;
    if (plan.pending) {
      terms.phase = PENDING;
      if (isAlgo(terms.type)) market.triggers.announce(terms.account);
      this.#accounts.link(slot);
    } else if (plan.waits) {
      terms.phase = UNTRIGGERED;
      terms.heldUnits = plan.holdUnits;
      market.triggers.add(terms, market.lastPriceTicks);
      this.#accounts.link(slot);
    }
    terms.expireTimeUs = c.expireTimeUs;
    if (terms.expireTimeUs !== 0) terms.timer = this.timers.expireOrder(terms.orderId, terms.expireTimeUs);
  }

  /** Wakes what the prices of this command's trades wake, and what the trades of those wake in turn. */
  settle(seq: number, timeUs: number): void {
    const prices = this.#prices;
    const ended = this.#endedInLists;
    const filled = this.#workingFilled;
    let priceAt = 0;
    // The three grow while they are worked off: what ended first, then prices as they traded, then new orders, which
    // are to see only prices after them. It comes to an end because an order is woken, placed and ended once.
    for (;;) {
      if (ended.length > 0) {
        for (const terms of ended.splice(0)) this.#endedInList(terms, seq, timeUs);
      } else if (priceAt < prices.length) {
        const { market, ticks } = prices[priceAt++] as TradedPrice;
        for (const terms of market.triggers.wokenBy(ticks)) if (!terms.ended && !this.#hasLostPartner(terms)) this.#wake(terms, market, seq, timeUs);
      } else {
        const list = filled.shift();
        if (list === undefined) break;
        this.#placePending(list, seq, timeUs);
      }
    }
    prices.length = 0;
    this.unsettled = false;
  }

  /** Places the orders of a list, all or none. `orders` are the same that the current command's bytes say. */
  placeList(c: CommandReader, type: OrderListType, clientId: string, orders: readonly PlaceOrder[], seq: number, timeUs: number): RejectReason {
    const shape = checkListShape(type, clientId, orders);
    if (shape !== OK) return shape;
    const positions = c.listedOrders();
    const plans: PlacePlan[] = [];
    const working = type === OrderListType.OCO ? -1 : 0;
    for (const [i, position] of positions.entries()) {
      if (!c.selectListed(position)) return RejectReason.MALFORMED_COMMAND;
      const reason = this.#rules.checkPlace(c, timeUs, working === 0 && i > 0);
      if (reason !== OK) return reason;
      this.#rules.plan.hasTerms = true;
      plans.push(Object.assign(new PlacePlan(), this.#rules.plan));
    }
    const [first, second] = plans as [PlacePlan, PlacePlan];
    const market = first.market as Market;
    // A pegged order of the pair has its price now.
    if (type === OrderListType.OCO && !standAround(market.lastPriceTicks, standsAt(orders[0], first), standsAt(orders[1], second))) return RejectReason.ORDER_LIST_PRICES;
    const { account } = first;
    const listId = Buffer.from(clientId);
    this.#listId.read(account, listId, 0, listId.length);
    if (this.lists.findClientId(account, clientId) !== undefined || this.dedupe.remembersList(account, this.#listId)) return RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID;
    if (market.maxNumOrderLists !== 0 && this.lists.count(account, market.row) >= market.maxNumOrderLists) return RejectReason.MAX_NUM_ORDER_LISTS;
    if (this.#accounts.openOrders(account, market.row) + plans.length > market.maxNumOrders) return RejectReason.MAX_NUM_ORDERS;
    const algos = plans.filter((plan) => plan.waits).length;
    if (market.maxNumAlgoOrders !== 0 && market.triggers.count(account) + algos > market.maxNumAlgoOrders) return RejectReason.MAX_NUM_ALGO_ORDERS;
    // Each was counted alone.
    const icebergs = orders.filter(({ icebergLots }) => icebergLots !== 0n).length;
    if (market.maxNumIcebergOrders !== 0 && icebergs > 1 && this.#rules.icebergs(account, market) + icebergs > market.maxNumIcebergOrders) return RejectReason.MAX_NUM_ICEBERG_ORDERS;
    const bought = plans.reduce((lots, plan, i) => (orders[i]?.side === Side.BUY && !isSecondOfPair(type, i) ? lots + plan.lots : lots), 0);
    if (bought !== 0 && this.#rules.exceedsPosition(account, market, bought)) return RejectReason.MAX_POSITION;

    // Nothing below can fail.

    if (type === OrderListType.OCO) {
      // Held once, the larger of both: whole by the one that stands in the book, and what the other needs more by that.
      const [base, other] = second.waits ? [first, second] : [second, first];
      other.holdUnits = Math.max(0, other.holdUnits - base.holdUnits);
    }
    const orderIds = plans.map((_, i) => this.nextOrderId + i);
    const list = this.lists.add({ id: this.lists.nextId++, account, market: market.row, type, clientId, orderIds });
    this.dedupe.rememberList(account, this.#listId);
    market.feed.startCommand(seq);
    this.#events.other({ case: "orderListChanged", value: { list: listMessage(list, OrderListStatus.EXECUTING, timeUs) } });
    const slots = plans.map((plan, i) => {
      c.selectListed(positions[i] as [number, number]);
      // The price that the checks saw.
      if (c.pegType !== 0 && !plan.waits && !plan.pending) c.priceTicks = plan.limitTicks;
      this.#rules.clientId.read(account, c.bytes, c.clientIdAt, c.clientIdLength);
      const slot = this.#accept(c, plan, market, timeUs);
      const terms = this.#orders.termsOf(slot);
      invariant(terms !== undefined, "an order of a list has no terms");
      terms.list = list;
      if (!plan.waits && !plan.pending) {
        // Here, and not when it rests: an account's orders are in the order of their ids.
        terms.listed = true;
        this.#accounts.link(slot);
      }
      this.#events.orderAccepted(slot);
      return slot;
    });
    for (const [i, plan] of plans.entries()) if (!plan.waits && !plan.pending) this.#carryOut(slots[i] as number, market, plan, timeUs);
    return OK;
  }

  /** Cancels every order of a list, named by id or by client order list id. */
  cancelList(c: CommandReader, marketId: number, listId: number, clientId: string, seq: number, timeUs: number): RejectReason {
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    const market = this.#markets.byId(marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    const list = listId === 0 ? this.lists.findClientId(account, clientId) : this.lists.byId(listId);
    if (list === undefined || list.account !== account || list.market !== market.row) return RejectReason.UNKNOWN_ORDER_LIST;
    if (listId !== 0 && clientId !== "" && list.clientId !== clientId) return RejectReason.UNKNOWN_ORDER_LIST;
    if (market.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;

    // Nothing below can fail.

    for (const slot of this.#openOf(list)) this.#cancelOpen(slot, seq, timeUs, CancelReason.REQUESTED);
    return OK;
  }

  // Slots of a list's orders that are not over.
  #openOf(list: OrderList): number[] {
    return list.orderIds.map((id) => this.#orders.find(id)).filter((slot) => slot !== NO_SLOT);
  }

  // One order of a list is over: what that means for the others, and for the list.
  #endedInList(terms: OrderTerms, seq: number, timeUs: number): void {
    const { list } = terms;
    if (list === undefined || this.lists.byId(list.id) === undefined) return;
    const at = list.orderIds.indexOf(terms.orderId);
    const working = workingIndex(list);
    if (at === working) {
      if (terms.endStatus === OrderStatus.FILLED) this.#workingFilled.push(list);
      else for (const slot of this.#openOf(list)) this.#expireOpen(slot, seq, timeUs, ExpiryReason.OTO_WORKING_LEG_ENDED);
    } else if (terms.endStatus === OrderStatus.CANCELED) {
      for (const slot of this.#openOf(list)) this.#cancelOpen(slot, seq, timeUs, terms.endReason as CancelReason);
    } else if (terms.endReason !== ExpiryReason.OCO_TRIGGERED) this.#endPartner(terms, seq, timeUs);
    if (this.#openOf(list).length > 0) return;
    this.lists.remove(list);
    this.#events.other({ case: "orderListChanged", value: { list: listMessage(list, OrderListStatus.ALL_DONE, timeUs) } });
  }

  // The other order of a pair, if this one is of a pair.
  #endPartner(terms: OrderTerms, seq: number, timeUs: number): void {
    const { list } = terms;
    if (list === undefined) return;
    const at = list.orderIds.indexOf(terms.orderId);
    for (const [other, id] of list.orderIds.entries()) {
      if (!isPair(list, at, other)) continue;
      const slot = this.#orders.find(id);
      if (slot !== NO_SLOT) this.#expireOpen(slot, seq, timeUs, ExpiryReason.OCO_TRIGGERED);
    }
  }

  // The working order of a list is filled: its pending orders are placed, both of a pair or none.
  #placePending(list: OrderList, seq: number, timeUs: number): void {
    const market = this.#markets.markets[list.market] as Market;
    const { f64, u8 } = this.#orders;
    const pending = this.#openOf(list).map((slot) => this.#orders.termsOf(slot) as OrderTerms);
    const priced = pending.filter(entersPegged).map((terms) => this.#takePegPrice(terms, market));
    const needs = pending.map((terms) => this.#rules.neededUnits(terms, market));
    const most = Math.max(0, ...needs);
    const side = pending[0]?.side;
    const [above, below] = list.type === OrderListType.OTOCO ? pending.map((terms) => this.#standsAt(terms)) : [];
    const enters =
      pending.length === list.orderIds.length - 1 &&
      most <= EXACT_MAX &&
      !pending.some((terms) => this.#rules.mayNotEnter(terms, market, timeUs)) &&
      standApart(above ?? 0, below ?? 0) &&
      // A buyer without limit takes what he can pay; every other order is paid in full or not placed.
      ((side === BUY && pending[0]?.type === OrderType.MARKET) || this.#ledger.covers(list.account, side === BUY ? market.quote : market.base, most));
    if (!enters) {
      const reason = priced.includes(false) ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.EXCHANGE;
      for (const { slot } of pending) this.#expireOpen(slot, seq, timeUs, reason);
      return;
    }
    market.feed.startCommand(seq);
    let held = 0;
    // First the one that goes to the book, which holds all it needs; then the one that waits, for what it needs more.
    const waits = (terms: OrderTerms): boolean => terms.stopPriceTicks !== 0 || terms.trailingDeltaBips !== 0;
    for (const terms of [...pending].sort((a, b) => Number(waits(a)) - Number(waits(b)))) {
      if (terms.ended) continue;
      const { slot } = terms;
      u8[recordAt(slot) + STATUS] = OrderStatus.NEW;
      f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
      const need = this.#rules.neededUnits(terms, market);
      if (waits(terms)) {
        market.triggers.withdraw(terms.account);
        terms.phase = UNTRIGGERED;
        terms.heldUnits = Math.max(0, need - held);
        if (terms.heldUnits !== 0) this.#ledger.hold(list.account, terms.side === BUY ? market.quote : market.base, terms.heldUnits);
        held = Math.max(held, need);
        market.triggers.add(terms, market.lastPriceTicks);
        this.#events.orderAccepted(slot);
        continue;
      }
      held = need;
      terms.phase = WORKING;
      terms.listed = true;
      f64[slot * RECORD_F64 + WORKING_US] = timeUs;
      this.#events.orderAccepted(slot);
      this.#carryOutWaiting(terms, market, timeUs);
    }
  }

  // A peg becomes a price, once. False: the book has none for it.
  #takePegPrice(terms: OrderTerms, market: Market): boolean {
    const { slot } = terms;
    const ticks = this.#rules.pegTicksOf(terms, this.#partnerOf(slot), market);
    this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] = ticks;
    return ticks !== 0;
  }

  // Where an order of a pair rests, or wakes; 0 while nobody knows.
  #standsAt(terms: OrderTerms): number {
    return terms.type === OrderType.LIMIT_MAKER ? (this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS] as number) : terms.stopPriceTicks;
  }

  // From here on the order is an ordinary one, the youngest at its price.
  #wake(terms: OrderTerms, market: Market, seq: number, timeUs: number): void {
    const { slot } = terms;
    const { f64 } = this.#orders;
    market.feed.startCommand(seq);
    market.triggers.remove(terms);
    terms.phase = WORKING;
    terms.listed = true;
    terms.triggeredUs = timeUs;
    f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
    f64[slot * RECORD_F64 + WORKING_US] = timeUs;
    const priced = terms.pegType === PegType.UNSPECIFIED || this.#takePegPrice(terms, market);
    this.#events.orderTriggered(slot);
    this.#endPartner(terms, seq, timeUs);
    if (!priced) {
      const held = terms.heldUnits;
      terms.heldUnits = 0;
      this.#expire(slot, market, held, ExpiryReason.INSUFFICIENT_LIQUIDITY);
      return;
    }
    this.#carryOutWaiting(terms, market, timeUs);
  }

  #carryOutWaiting(terms: OrderTerms, market: Market, timeUs: number): void {
    const { plan } = this.#rules;
    const held = terms.heldUnits;
    terms.heldUnits = 0;
    if (!this.#rules.planWoken(terms.slot, market, held, timeUs)) {
      this.#expire(terms.slot, market, held, ExpiryReason.EXCHANGE);
      return;
    }
    if (plan.holdUnits > held) this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits - held);
    this.#carryOut(terms.slot, market, plan, timeUs);
  }

  #marketOf(slot: number): Market {
    return this.#markets.markets[this.#orders.i32[slot * RECORD_I32 + MARKET] as number] as Market;
  }

  // The order is about to be forgotten.
  #endTerms(terms: OrderTerms): void {
    terms.ended = true;
    if (terms.hiddenLots !== 0) {
      bookOf(this.#orders, terms.slot, this.#marketOf(terms.slot)).hide(this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS] as number, -terms.hiddenLots);
      terms.hiddenLots = 0;
    }
    if (terms.list !== undefined) {
      const { u8 } = this.#orders;
      terms.endStatus = u8[recordAt(terms.slot) + STATUS] as number;
      terms.endReason = u8[recordAt(terms.slot) + (terms.endStatus === OrderStatus.CANCELED ? CANCEL_REASON : EXPIRY_REASON)] as number;
      this.#endedInLists.push(terms);
      this.unsettled = true;
    }
    if (terms.timer !== undefined) this.timers.remove(terms.timer);
    if (terms.phase === UNTRIGGERED) this.#marketOf(terms.slot).triggers.remove(terms);
    else if (terms.phase === PENDING && isAlgo(terms.type)) this.#marketOf(terms.slot).triggers.withdraw(terms.account);
    if (terms.listed) this.#accounts.unlink(terms.slot);
  }

  #buy(slot: number, market: Market, plan: PlacePlan, timeUs: number): void {
    const { book, notionalUnits, lotSizeUnits } = market;
    const orders = this.#orders;
    const ledger = this.#ledger;
    const limit = plan.limitTicks;
    const takerFeePpm = takerRate(market, this.#accounts.feeTier[plan.account] as number);
    let remaining = plan.lots;
    let prevented = false;
    let spent = 0;
    let received = 0;
    let baseFees = 0;
    let quoteFees = 0;
    while (remaining > 0 && book.bestAskTicks <= plan.matchTicks) {
      const price = book.bestAskTicks;
      const maker = book.front(price);
      const { f64, i32, u8 } = orders;
      const makerAccount = i32[maker * RECORD_I32 + ACCOUNT] as number;
      if (plan.prevention !== NO_PREVENTION && this.#accounts.sameOwner(makerAccount, plan.account)) {
        remaining = this.#prevent(slot, maker, market, plan.prevention, remaining, price, timeUs);
        prevented = remaining === 0;
        continue;
      }
      const there = f64[maker * RECORD_F64 + REMAINING_LOTS] as number;
      const lots = remaining < there ? remaining : there;
      const done = lots === there && (i32[maker * RECORD_I32 + TERMS] === 0 || this.#hiddenLots(maker) === 0);
      const quote = price * lots * notionalUnits;
      const base = lots * lotSizeUnits;
      const makerFee = feeUnits(quote, makerRate(market, this.#accounts.feeTier[makerAccount] as number));
      const takerFee = feeUnits(base, takerFeePpm);
      remaining -= lots;
      spent += quote;
      received += base - takerFee;
      baseFees += takerFee;
      quoteFees += makerFee;
      ledger.spend(makerAccount, market.base, base);
      ledger.receive(makerAccount, market.quote, quote - makerFee);
      this.#trade(market, price, lots, quote, BUY, maker, done, makerFee, market.quote, slot, remaining, plan.runsOut, takerFee, market.base, timeUs);
      book.fill(maker, lots);
      if (done) this.#forget(maker, u8[recordAt(maker) + STATUS] as number);
      else if (lots === there) this.#showMore(maker, market);
    }
    if (received !== 0 || spent !== 0) {
      ledger.spend(plan.account, market.quote, spent);
      ledger.receive(plan.account, market.base, received);
      ledger.receive(HOUSE_ACCOUNT, market.base, baseFees);
      ledger.receive(HOUSE_ACCOUNT, market.quote, quoteFees);
    }
    // What stays held is what a resting rest needs; better prices than the limit left something over.
    const outside = book.bestAskTicks > plan.matchTicks && book.bestAskTicks <= limit;
    const rests = remaining > 0 && plan.rests && !outside;
    const keep = rests ? limit * remaining * notionalUnits : 0;
    this.#finish(slot, market, plan, remaining, rests, plan.holdUnits - spent - keep, keep, prevented, outside);
  }

  #sell(slot: number, market: Market, plan: PlacePlan, timeUs: number): void {
    const { book, notionalUnits, lotSizeUnits } = market;
    const orders = this.#orders;
    const ledger = this.#ledger;
    const limit = plan.limitTicks;
    const takerFeePpm = takerRate(market, this.#accounts.feeTier[plan.account] as number);
    let remaining = plan.lots;
    let prevented = false;
    let sold = 0;
    let received = 0;
    let baseFees = 0;
    let quoteFees = 0;
    while (remaining > 0 && book.bestBidTicks >= plan.matchTicks) {
      const price = book.bestBidTicks;
      const maker = book.front(price);
      const { f64, i32, u8 } = orders;
      const makerAccount = i32[maker * RECORD_I32 + ACCOUNT] as number;
      if (plan.prevention !== NO_PREVENTION && this.#accounts.sameOwner(makerAccount, plan.account)) {
        remaining = this.#prevent(slot, maker, market, plan.prevention, remaining, price, timeUs);
        prevented = remaining === 0;
        continue;
      }
      const there = f64[maker * RECORD_F64 + REMAINING_LOTS] as number;
      const lots = remaining < there ? remaining : there;
      const done = lots === there && (i32[maker * RECORD_I32 + TERMS] === 0 || this.#hiddenLots(maker) === 0);
      const quote = price * lots * notionalUnits;
      const base = lots * lotSizeUnits;
      const makerFee = feeUnits(base, makerRate(market, this.#accounts.feeTier[makerAccount] as number));
      const takerFee = feeUnits(quote, takerFeePpm);
      remaining -= lots;
      sold += base;
      received += quote - takerFee;
      baseFees += makerFee;
      quoteFees += takerFee;
      ledger.spend(makerAccount, market.quote, quote);
      ledger.receive(makerAccount, market.base, base - makerFee);
      this.#trade(market, price, lots, quote, SELL, maker, done, makerFee, market.base, slot, remaining, plan.runsOut, takerFee, market.quote, timeUs);
      book.fill(maker, lots);
      if (done) this.#forget(maker, u8[recordAt(maker) + STATUS] as number);
      else if (lots === there) this.#showMore(maker, market);
    }
    if (sold !== 0) {
      ledger.spend(plan.account, market.base, sold);
      ledger.receive(plan.account, market.quote, received);
      ledger.receive(HOUSE_ACCOUNT, market.base, baseFees);
      ledger.receive(HOUSE_ACCOUNT, market.quote, quoteFees);
    }
    const outside = book.bestBidTicks < plan.matchTicks && book.bestBidTicks >= limit;
    const rests = remaining > 0 && plan.rests && !outside;
    const keep = rests ? remaining * lotSizeUnits : 0;
    this.#finish(slot, market, plan, remaining, rests, plan.holdUnits - sold - keep, keep, prevented, outside);
  }

  // One trade's marks on both orders and on the market, and its event; the money is moved by the caller.
  #trade(
    market: Market,
    price: number,
    lots: number,
    quote: number,
    takerSide: number,
    maker: number,
    makerDone: boolean,
    makerFee: number,
    makerFeeAsset: number,
    taker: number,
    takerRemaining: number,
    runsOut: boolean,
    takerFee: number,
    takerFeeAsset: number,
    timeUs: number,
  ): void {
    const { f64, i32, u8 } = this.#orders;
    const m = maker * RECORD_F64;
    const t = taker * RECORD_F64;
    f64[m + EXECUTED_LOTS] = (f64[m + EXECUTED_LOTS] as number) + lots;
    f64[m + EXECUTED_QUOTE_UNITS] = (f64[m + EXECUTED_QUOTE_UNITS] as number) + quote;
    f64[m + UPDATED_US] = timeUs;
    u8[recordAt(maker) + STATUS] = makerDone ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    f64[t + EXECUTED_LOTS] = (f64[t + EXECUTED_LOTS] as number) + lots;
    f64[t + EXECUTED_QUOTE_UNITS] = (f64[t + EXECUTED_QUOTE_UNITS] as number) + quote;
    f64[t + REMAINING_LOTS] = takerRemaining;
    u8[recordAt(taker) + STATUS] = takerRemaining === 0 && !runsOut ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    if (market.triggers.waiting !== 0 && price !== market.lastPriceTicks) {
      this.#prices.push({ market, ticks: price });
      this.unsettled = true;
    }
    market.lastPriceTicks = price;
    market.reference.trade(price, lots, timeUs);
    const tradeId = market.nextTradeId++;
    market.feed.bookChanged();
    market.feed.trade(tradeId, price, lots, takerSide, timeUs);
    this.#events.tradeExecuted(market.id, tradeId, price, lots, quote, takerSide, maker, makerFee, makerFeeAsset, taker, takerFee, takerFeeAsset);
    if (i32[maker * RECORD_I32 + TERMS] !== 0) this.#endPartnerOf(maker, timeUs);
  }

  #hiddenLots(slot: number): number {
    return this.#orders.termsOf(slot)?.hiddenLots ?? 0;
  }

  // The part of an iceberg that showed is gone: the next one joins the back of the queue.
  #showMore(slot: number, market: Market): void {
    const terms = this.#orders.termsOf(slot);
    invariant(terms !== undefined && terms.hiddenLots > 0, "an order shows more than it has");
    const lots = Math.min(terms.icebergLots, terms.hiddenLots);
    terms.hiddenLots -= lots;
    this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = lots;
    market.book.hide(this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number, -lots);
    market.book.add(slot);
  }

  // A resting order of a pair trades, or is lessened: the other one, which waits outside the book, ends at once.
  #endPartnerOf(maker: number, timeUs: number): void {
    const terms = this.#orders.termsOf(maker);
    if (terms?.list !== undefined) this.#endPartner(terms, 0, timeUs);
  }

  // The taker met an order of its own owner: instead of trading, one of them ends, or both, or both get smaller.
  // Answers what remains of the taker.
  #prevent(taker: number, maker: number, market: Market, prevention: number, remaining: number, price: number, timeUs: number): number {
    const { f64, i32, u8 } = this.#orders;
    const m = maker * RECORD_F64;
    const t = taker * RECORD_F64;
    const there = f64[m + REMAINING_LOTS] as number;
    const lots = remaining < there ? remaining : there;
    const lessens = prevention === SelfTradePreventionMode.DECREMENT;
    const takerLoses = expiresTaker(prevention) ? remaining : lessens ? lots : 0;
    const makerLoses = expiresMaker(prevention) ? there : lessens ? lots : 0;
    const left = remaining - takerLoses;
    f64[t + PREVENTED_LOTS] = (f64[t + PREVENTED_LOTS] as number) + takerLoses;
    f64[t + REMAINING_LOTS] = left;
    if (left === 0) u8[recordAt(taker) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    // An iceberg that ends, ends whole; one that is only lessened shows its next part.
    const hidden = i32[maker * RECORD_I32 + TERMS] === 0 ? 0 : this.#hiddenLots(maker);
    const ends = makerLoses === there && (hidden === 0 || expiresMaker(prevention));
    if (makerLoses !== 0) {
      const buys = u8[recordAt(maker) + SIDE] === BUY;
      const held = heldBy(this.#orders, maker, market);
      const terms = this.#orders.termsOf(maker);
      if (ends && hidden !== 0 && terms !== undefined) {
        market.book.hide(price, -hidden);
        terms.hiddenLots = 0;
      }
      market.book.fill(maker, makerLoses);
      market.feed.bookChanged();
      this.#ledger.release(i32[maker * RECORD_I32 + ACCOUNT] as number, buys ? market.quote : market.base, held - heldBy(this.#orders, maker, market));
      f64[m + PREVENTED_LOTS] = (f64[m + PREVENTED_LOTS] as number) + makerLoses + (ends ? hidden : 0);
      f64[m + UPDATED_US] = timeUs;
    }
    if (ends) u8[recordAt(maker) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    else if (makerLoses === there) this.#showMore(maker, market);
    this.#events.tradePrevented(taker, maker, lots, price);
    // Lessened, an order of a pair holds less than the other one counts on.
    if (!ends && makerLoses !== 0 && i32[maker * RECORD_I32 + TERMS] !== 0) this.#endPartnerOf(maker, timeUs);
    if (ends) {
      this.#events.orderExpired(maker, ExpiryReason.SELF_TRADE_PREVENTION);
      this.#accounts.unlink(maker);
      this.#orders.remove(maker);
    }
    return left;
  }

  // After matching: the rest of the order stays, or ends.
  #finish(slot: number, market: Market, plan: PlacePlan, remaining: number, rests: boolean, releaseUnits: number, keepUnits: number, prevented: boolean, outside: boolean): void {
    invariant(releaseUnits >= 0 && keepUnits >= 0, "an order spent more than it held");
    if (rests) {
      this.#ledger.release(plan.account, plan.holdAsset, releaseUnits);
      const terms = this.#orders.termsOf(slot);
      if (terms !== undefined && terms.icebergLots !== 0 && terms.icebergLots < remaining) {
        terms.hiddenLots = remaining;
        this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = 0;
        market.book.hide(plan.limitTicks, remaining);
        this.#showMore(slot, market);
      } else market.book.add(slot);
      market.feed.bookChanged();
      this.#linkToAccount(slot, terms);
      return;
    }
    if (slot === this.#amended) this.#accounts.unlink(slot);
    if (remaining > 0 || plan.runsOut || prevented) {
      let reason: ExpiryReason = plan.isMarket ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.UNFILLED_IOC;
      if (prevented) reason = ExpiryReason.SELF_TRADE_PREVENTION;
      else if (outside) reason = ExpiryReason.PRICE_BAND_EXCEEDED;
      this.#expire(slot, market, releaseUnits, reason);
      return;
    }
    this.#ledger.release(plan.account, plan.holdAsset, releaseUnits);
    this.#orders.remove(slot);
  }

  #expire(slot: number, market: Market, releaseUnits: number, reason: ExpiryReason): void {
    const { i32, u8 } = this.#orders;
    const asset = u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    this.#ledger.release(i32[slot * RECORD_I32 + ACCOUNT] as number, asset, releaseUnits);
    u8[recordAt(slot) + STATUS] = reason === ExpiryReason.SELF_TRADE_PREVENTION ? OrderStatus.EXPIRED_IN_MATCH : OrderStatus.EXPIRED;
    this.#events.orderExpired(slot, reason);
    this.#orders.remove(slot);
  }

  #cancelOpen(slot: number, seq: number, timeUs: number, reason: CancelReason): void {
    this.#leave(slot, seq, timeUs, OrderStatus.CANCELED);
    this.#events.orderCanceled(slot, reason);
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }

  #expireOpen(slot: number, seq: number, timeUs: number, reason: ExpiryReason): void {
    this.#leave(slot, seq, timeUs, OrderStatus.EXPIRED);
    this.#events.orderExpired(slot, reason);
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }

  // An open order leaves the book, and what it held is free.
  #leave(slot: number, seq: number, timeUs: number, status: OrderStatus): void {
    const { f64, i32, u8 } = this.#orders;
    const market = this.#marketOf(slot);
    const terms = this.#orders.termsOf(slot);
    if (terms === undefined || terms.phase === WORKING) {
      market.feed.startCommand(seq);
      this.#leaveBook(slot, market);
    }
    const buys = u8[recordAt(slot) + SIDE] === BUY;
    this.#ledger.release(i32[slot * RECORD_I32 + ACCOUNT] as number, buys ? market.quote : market.base, heldBy(this.#orders, slot, market));
    u8[recordAt(slot) + STATUS] = status;
    f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
  }

  // An order stands no longer in the book, or is collected no longer.
  #leaveBook(slot: number, market: Market): void {
    if (market.auction !== undefined) {
      market.auction.changed = true;
      if (this.#orders.u8[recordAt(slot) + COLLECTED] !== 0) {
        market.auction.take(slot);
        return;
      }
    }
    market.book.remove(slot);
    market.feed.bookChanged();
  }

  // A resting order that a fill has ended.
  #forget(slot: number, status: number): void {
    invariant(status === OrderStatus.FILLED, "an order left the book by a fill without being filled");
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }
}

// Where an order of a new pair will rest, or wake; 0 while nobody knows. A pegged one rests where its plan says.
const standsAt = (order: PlaceOrder | undefined, plan: PlacePlan): number => (order?.type === OrderType.LIMIT_MAKER ? plan.limitTicks : Number(order?.stopPriceTicks ?? 0));

// Whose wish a mass cancel may be, besides the owner's own.
const isMassCancelReason = (reason: number): boolean => reason === 0 || reason === CancelReason.DISCONNECT || reason === CancelReason.OPERATOR;

/** What an open order holds: quote units for a buy, base units for a sell. */
export function heldBy(orders: OrderStore, slot: number, market: Market): number {
  const terms = orders.termsOf(slot);
  if (terms !== undefined && terms.phase !== WORKING) return terms.heldUnits;
  const remaining = (orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (terms?.hiddenLots ?? 0);
  return orders.u8[recordAt(slot) + SIDE] === BUY
    ? (orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number) * remaining * market.notionalUnits
    : remaining * market.lotSizeUnits;
}

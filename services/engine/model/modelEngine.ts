// The engine written a second time, as plainly as the rules are told: the measure the fast one is held against.
//
// Takes the same log entries and answers with the same events, as plain messages. Orders stand in one array in the
// order of their priority in time and are filtered and sorted whenever somebody looks. Slow, and obviously right.
import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CommandBatchSchema,
  type CancelAllOrders,
  type CancelOrder,
  type Command,
  type Deposit,
  type PlaceOrder,
  type ResolveTransfer,
  type Withdraw,
} from "../../../gen/tickwire/v1/command_pb.ts";
import { EventGroupSchema, EventSchema, TransferDirection, type Event, type EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import { EngineSnapshotSchema, PendingTransferSchema, type PendingTransfer } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import {
  CancelReason,
  ExpiryReason,
  MarketSchema,
  MarketStatus,
  OrderSchema,
  OrderStatus,
  OrderType,
  RejectReason,
  SelfTradePreventionMode,
  Side,
  type Asset,
  type Market,
  type Order,
} from "../../../gen/tickwire/v1/types_pb.ts";
import { countTrade, EXACT_MAX, fee, HOUSE, isBuy, remainingLots, smaller, type ModelAccount, type ModelMarket } from "./modelState.ts";
import { isMarketType, ModelRules, prevents, trailingTicks, wakesOnRise, type Plan } from "./modelRules.ts";

type Told = Event["body"];
/** [available, held] per "account/asset". */
type Balances = Map<string, readonly [bigint, bigint]>;

export class ModelEngine {
  epoch = 0;
  venue = "";
  entry = 0n;
  seq = 0n;
  timeUs = 0n;
  chain: Uint8Array = new Uint8Array(32);
  nextOrderId = 1n;
  readonly assets: Asset[] = [];
  readonly markets: ModelMarket[] = [];
  readonly accounts: ModelAccount[] = [];
  /** Every resting order of every market; of two at one price the earlier in this array goes first. */
  orders: Order[] = [];
  /** Orders that wait for a price, and what they hold. */
  waiting: { order: Order; heldUnits: bigint }[] = [];
  readonly #rules = new ModelRules(this);
  #told: Told[] = [];
  /** New prices of the running command's trades, which waiting orders have not seen yet. */
  #traded: { market: ModelMarket; ticks: bigint }[] = [];

  /** Applies the next entry of the log and answers its groups of events. */
  applyEntry(bytes: Uint8Array): EventGroup[] {
    this.entry++;
    this.chain = createHash("sha256").update(this.chain).update(bytes).digest();
    const batch = fromBinary(CommandBatchSchema, bytes);
    if (batch.timeUs > EXACT_MAX || !/^[\x21-\x7e]{0,128}$/.test(batch.ingressId)) {
      this.seq++;
      this.#told = [{ case: "commandRejected", value: { reason: RejectReason.MALFORMED_COMMAND } as never }];
      return [this.#group(0n, 0n)];
    }
    if (batch.timeUs > this.timeUs) this.timeUs = batch.timeUs;
    return batch.commands.map((command) => this.#apply(command));
  }

  #apply(command: Command): EventGroup {
    this.seq++;
    this.#told = [];
    const before = this.balances();
    this.#fireTimers();
    const { requestNo, accountId, body } = command;
    if (requestNo > EXACT_MAX || accountId > EXACT_MAX || body.case === undefined) {
      this.#tell("commandRejected", { reason: RejectReason.MALFORMED_COMMAND });
      this.#tellBalances(before);
      // Numbers that are not exact are not echoed, nor what comes after them.
      return this.#group(requestNo > EXACT_MAX ? 0n : requestNo, requestNo > EXACT_MAX || accountId > EXACT_MAX ? 0n : accountId);
    }
    switch (body.case) {
      case "placeOrder":
        this.#placeOrder(command, body.value);
        break;
      case "cancelOrder":
        this.#cancelOrder(command, body.value);
        break;
      case "cancelAllOrders":
        this.#cancelAllOrders(command, body.value);
        break;
      default: {
        const reason = this.#applyOther(command);
        if (reason !== RejectReason.UNSPECIFIED) this.#tell("commandRejected", { reason });
      }
    }
    this.#tellBalances(before);
    return this.#group(requestNo, accountId);
  }

  // Commands that are not about orders; the reason when refused.
  #applyOther(command: Command): RejectReason {
    const { accountId, body } = command;
    if (this.#late(command)) return RejectReason.DEADLINE_PASSED;
    const venueOnly = ["resolveTransfer", "setFeeTier", "setTradeGroup", "updateMarket", "openAccount", "setAccountFrozen", "openLog", "listAsset", "listMarket", "setMarketStatus"];
    if (venueOnly.includes(body.case ?? "") && accountId !== 0n) return RejectReason.MALFORMED_COMMAND;
    switch (body.case) {
      case "deposit":
        return this.#transfer(accountId, body.value, TransferDirection.DEPOSIT);
      case "withdraw":
        return this.#transfer(accountId, body.value, TransferDirection.WITHDRAWAL);
      case "resolveTransfer":
        return this.#resolveTransfer(body.value);
      case "advanceTime":
        this.#tell("timeAdvanced", {});
        return RejectReason.UNSPECIFIED;
      case "setDeadMansSwitch": {
        const account = this.account(accountId);
        const { timeoutUs } = body.value;
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        if (timeoutUs > 86_400_000_000n) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
        account.switchUs = timeoutUs === 0n ? 0n : this.timeUs + timeoutUs;
        this.#tell("deadMansSwitchSet", { firesUs: account.switchUs });
        return RejectReason.UNSPECIFIED;
      }
      case "openAccount": {
        const { externalId, name } = body.value;
        if (externalId.length < 1 || externalId.length > 128 || name.length > 128) return RejectReason.MALFORMED_COMMAND;
        let account = this.accounts.find((a) => a.externalId === externalId);
        const created = account === undefined;
        if (account === undefined) {
          account = { accountId: BigInt(this.accounts.length + 1), externalId, name, frozen: false, executionSeq: 0n, balanceSeq: 0n, switchUs: 0n, feeTier: 0, tradeGroupId: 0n, owned: new Map(), transferIds: [], pendingTransfers: [] };
          this.accounts.push(account);
        }
        this.#tell("accountOpened", { accountId: account.accountId, externalId, name: account.name, created });
        return RejectReason.UNSPECIFIED;
      }
      case "setAccountFrozen": {
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.frozen = body.value.frozen;
        this.#tell("accountFrozenChanged", { accountId: account.accountId, frozen: account.frozen });
        return RejectReason.UNSPECIFIED;
      }
      case "openLog":
        if (body.value.venue.length > 128) return RejectReason.MALFORMED_COMMAND;
        if (this.seq !== 1n) return RejectReason.ALREADY_EXISTS;
        this.epoch = body.value.epoch;
        this.venue = body.value.venue;
        this.#tell("logOpened", { epoch: this.epoch, venue: this.venue });
        return RejectReason.UNSPECIFIED;
      case "listAsset": {
        const asked = body.value.asset;
        if (asked === undefined || asked.assetId !== 0) return RejectReason.MALFORMED_COMMAND;
        const reason = this.#rules.checkAsset(asked);
        if (reason !== RejectReason.UNSPECIFIED) return reason;
        const asset = { ...asked, assetId: this.assets.length + 1 };
        this.assets.push(asset);
        this.#tell("assetListed", { asset });
        return RejectReason.UNSPECIFIED;
      }
      case "listMarket": {
        const asked = body.value.market;
        if (asked === undefined || asked.marketId !== 0) return RejectReason.MALFORMED_COMMAND;
        const reason = this.#rules.checkMarket(asked);
        if (reason !== RejectReason.UNSPECIFIED) return reason;
        const scale = BigInt(this.assets[asked.baseAssetId - 1]?.scale ?? 0);
        const rules: Market = {
          ...asked,
          marketId: this.markets.length + 1,
          notionalUnits: (asked.tickSizeUnits * asked.lotSizeUnits) / 10n ** scale,
          status: asked.status === MarketStatus.UNSPECIFIED ? MarketStatus.TRADING : asked.status,
        };
        this.markets.push({ rules, nextTradeId: 1n, bookSeq: 0n, lastPriceTicks: 0n, minutes: new Map() });
        this.#tell("marketListed", { market: { ...rules } });
        return RejectReason.UNSPECIFIED;
      }
      case "updateMarket": {
        const asked = body.value.market;
        if (asked === undefined) return RejectReason.MALFORMED_COMMAND;
        const reason = this.#rules.checkUpdate(asked);
        const market = this.market(asked.marketId);
        if (reason !== RejectReason.UNSPECIFIED || market === undefined) return reason;
        const { marketId, symbol, baseAssetId, quoteAssetId, tickSizeUnits, lotSizeUnits, notionalUnits, status } = market.rules;
        market.rules = { ...asked, marketId, symbol, baseAssetId, quoteAssetId, tickSizeUnits, lotSizeUnits, notionalUnits, status };
        this.#tell("marketUpdated", { market: { ...market.rules } });
        return RejectReason.UNSPECIFIED;
      }
      case "setFeeTier": {
        if (body.value.tier > 2 ** 31 - 1) return RejectReason.MALFORMED_COMMAND;
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.feeTier = body.value.tier;
        this.#tell("feeTierChanged", { accountId: account.accountId, tier: account.feeTier });
        return RejectReason.UNSPECIFIED;
      }
      case "setTradeGroup": {
        if (body.value.tradeGroupId > EXACT_MAX) return RejectReason.MALFORMED_COMMAND;
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.tradeGroupId = body.value.tradeGroupId;
        this.#tell("tradeGroupChanged", { accountId: account.accountId, tradeGroupId: account.tradeGroupId });
        return RejectReason.UNSPECIFIED;
      }
      case "setMarketStatus": {
        const market = this.market(body.value.marketId);
        if (market === undefined) return RejectReason.UNKNOWN_MARKET;
        if (!this.#rules.isStatus(body.value.status)) return RejectReason.UNSUPPORTED_COMBINATION;
        market.rules.status = body.value.status;
        this.#tell("marketStatusChanged", { marketId: market.rules.marketId, status: market.rules.status });
        return RejectReason.UNSPECIFIED;
      }
      default:
        return RejectReason.UNSUPPORTED_COMMAND;
    }
  }

  // What is due ends before the command of that time: by time, then switches by account, then orders by id.
  #fireTimers(): void {
    const due = [
      ...this.accounts.filter((a) => a.switchUs !== 0n).map((account) => ({ us: account.switchUs, rank: 0, id: account.accountId, account, order: undefined })),
      ...this.allOpen().filter((o) => o.expireTimeUs !== 0n).map((order) => ({ us: order.expireTimeUs, rank: 1, id: order.orderId, account: undefined, order })),
    ]
      .filter(({ us }) => us <= this.timeUs)
      .sort((a, b) => Number(a.us - b.us) || a.rank - b.rank || Number(a.id - b.id));
    for (const { account, order } of due) {
      if (account !== undefined) {
        account.switchUs = 0n;
        for (const open of this.openOrders(account.accountId)) this.#cancel(open, CancelReason.DEAD_MANS_SWITCH);
      } else if (this.allOpen().includes(order)) {
        this.#leave(order);
        order.updatedUs = this.timeUs;
        this.#expire(order, ExpiryReason.GOOD_TILL_DATE);
      }
    }
  }

  // --- orders

  #placeOrder(command: Command, asked: PlaceOrder): void {
    const plan = this.#rules.checkPlace(command, asked, this.#late(command));
    if (typeof plan === "number") {
      this.#tell("orderRejected", { reason: plan, marketId: asked.marketId, clientOrderId: this.#rules.echo(asked.clientOrderId) });
      return;
    }
    const order = create(OrderSchema, {
      orderId: this.nextOrderId++,
      accountId: command.accountId,
      marketId: asked.marketId,
      clientOrderId: asked.clientOrderId,
      side: asked.side,
      type: asked.type,
      timeInForce: plan.timeInForce,
      status: OrderStatus.NEW,
      priceTicks: asked.priceTicks,
      quantityLots: asked.quantityLots,
      quoteOrderUnits: asked.quoteOrderUnits,
      createdUs: this.timeUs,
      updatedUs: this.timeUs,
      workingUs: plan.waitingUnits === undefined ? this.timeUs : 0n,
      stopPriceTicks: asked.stopPriceTicks,
      trailingDeltaBips: asked.trailingDeltaBips,
      expireTimeUs: asked.expireTimeUs,
      selfTradePreventionMode: asked.selfTradePreventionMode,
    });
    if (plan.waitingUnits !== undefined) {
      // A trailing order follows the market at once, unless it waits for its stop price first.
      if (order.trailingDeltaBips !== 0 && order.stopPriceTicks === 0n) order.trailingExtremeTicks = (this.market(order.marketId) as ModelMarket).lastPriceTicks;
      this.waiting.push({ order, heldUnits: plan.waitingUnits });
    }
    this.#tellOrder("orderAccepted", order);
    if (plan.waitingUnits === undefined) this.#carryOut(order, plan);
    this.#wakeOrders();
  }

  #carryOut(order: Order, plan: Plan): void {
    if (plan.unfillable) this.#expire(order, ExpiryReason.UNFILLED_FOK);
    else this.#take(order, plan);
  }

  // Each price that traded wakes the orders that waited for it, the oldest first; they may trade at further prices.
  #wakeOrders(): void {
    for (let traded = this.#traded.shift(); traded !== undefined; traded = this.#traded.shift()) {
      const { market, ticks } = traded;
      const woken = this.waiting.filter(({ order }) => order.marketId === market.rules.marketId && this.#isMet(order, ticks));
      for (const { order, heldUnits } of woken.sort((a, b) => Number(a.order.orderId - b.order.orderId))) {
        if (!this.allOpen().includes(order)) continue;
        order.triggeredUs = order.updatedUs = order.workingUs = this.timeUs;
        this.#tellOrder("orderTriggered", order);
        const plan = this.#rules.planWoken(order, heldUnits);
        this.waiting = this.waiting.filter((w) => w.order !== order);
        if (plan === undefined) this.#expire(order, ExpiryReason.EXCHANGE);
        else this.#carryOut(order, plan);
      }
    }
  }

  // Whether a trade at this price wakes the order; a trailing one first follows the price, or begins to.
  #isMet(order: Order, ticks: bigint): boolean {
    const buys = isBuy(order);
    const follows = order.trailingDeltaBips !== 0 && (order.stopPriceTicks === 0n || order.trailingExtremeTicks !== 0n);
    if (!follows) {
      const met = wakesOnRise(order.type, order.side) ? ticks >= order.stopPriceTicks : ticks <= order.stopPriceTicks;
      if (!met || order.trailingDeltaBips === 0) return met;
      order.trailingExtremeTicks = ticks;
      return false;
    }
    const extreme = order.trailingExtremeTicks;
    if (extreme === 0n || (buys ? ticks < extreme : ticks > extreme)) order.trailingExtremeTicks = ticks;
    const trigger = trailingTicks(order.side, order.trailingExtremeTicks, order.trailingDeltaBips);
    return buys ? ticks >= trigger : ticks <= trigger;
  }

  // The order meets the book; what is left of it rests or ends.
  #take(order: Order, plan: Plan): void {
    const market = this.market(order.marketId) as ModelMarket;
    let left = plan.lots;
    let prevented = false;
    for (const maker of this.makers(order.marketId, order.side, plan.matchTicks)) {
      if (left === 0n) break;
      if (prevents(order.selfTradePreventionMode) && this.sameOwner(maker.accountId, order.accountId)) {
        left = this.#prevent(market, maker, order, left);
        prevented = left === 0n;
        continue;
      }
      const lots = smaller(left, remainingLots(maker));
      left -= lots;
      this.#trade(market, maker, order, lots, left === 0n && !plan.runsOut);
    }
    this.orders = this.orders.filter((o) => remainingLots(o) > 0n);
    if (left === 0n && !plan.runsOut && !prevented) return;
    // Better than its limit, worse than the price band allows.
    const outside = plan.matchTicks !== plan.limitTicks && this.makers(order.marketId, order.side, plan.limitTicks).length > 0;
    if (prevented) this.#expire(order, ExpiryReason.SELF_TRADE_PREVENTION);
    else if (outside) this.#expire(order, ExpiryReason.PRICE_BAND_EXCEEDED);
    else if (plan.rests) {
      this.orders.push(order);
      market.bookSeq = this.seq;
    } else this.#expire(order, isMarketType(order.type) ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.UNFILLED_IOC);
  }

  // Two orders of one owner meet: the taker's mode says which of them ends, or by how much both get smaller. Answers
  // what is left of the taker.
  #prevent(market: ModelMarket, maker: Order, taker: Order, left: bigint): bigint {
    const mode = taker.selfTradePreventionMode;
    const there = remainingLots(maker);
    const lots = smaller(left, there);
    const ends = (...modes: SelfTradePreventionMode[]): boolean => modes.includes(mode);
    const takerLoses = ends(SelfTradePreventionMode.EXPIRE_TAKER, SelfTradePreventionMode.EXPIRE_BOTH) ? left : ends(SelfTradePreventionMode.DECREMENT) ? lots : 0n;
    const makerLoses = ends(SelfTradePreventionMode.EXPIRE_MAKER, SelfTradePreventionMode.EXPIRE_BOTH) ? there : ends(SelfTradePreventionMode.DECREMENT) ? lots : 0n;
    taker.preventedLots += takerLoses;
    maker.preventedLots += makerLoses;
    if (takerLoses === left) taker.status = OrderStatus.EXPIRED_IN_MATCH;
    if (makerLoses > 0n) {
      maker.updatedUs = this.timeUs;
      market.bookSeq = this.seq;
    }
    if (makerLoses === there) maker.status = OrderStatus.EXPIRED_IN_MATCH;
    const executionSeq = this.#nextExecution(taker);
    this.#tell("tradePrevented", { executionSeq, taker: { ...taker }, maker: { ...maker }, preventedLots: lots, priceTicks: maker.priceTicks, makerExecutionSeq: this.#nextExecution(maker) });
    if (makerLoses === there) this.#expire(maker, ExpiryReason.SELF_TRADE_PREVENTION);
    return left - takerLoses;
  }

  #trade(market: ModelMarket, maker: Order, taker: Order, lots: bigint, takerDone: boolean): void {
    const { rules } = market;
    const priceTicks = maker.priceTicks;
    const quoteUnits = priceTicks * lots * rules.notionalUnits;
    const baseUnits = lots * rules.lotSizeUnits;
    for (const order of [maker, taker]) {
      order.executedLots += lots;
      order.executedQuoteUnits += quoteUnits;
      order.updatedUs = this.timeUs;
    }
    maker.status = remainingLots(maker) === 0n ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    taker.status = takerDone ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    const side = (order: Order, ratePpm: number) => {
      const [payAsset, payUnits, getAsset, getUnits] = isBuy(order)
        ? ([rules.quoteAssetId, quoteUnits, rules.baseAssetId, baseUnits] as const)
        : ([rules.baseAssetId, baseUnits, rules.quoteAssetId, quoteUnits] as const);
      const feeUnits = fee(getUnits, ratePpm);
      this.#move(order.accountId, payAsset, -payUnits);
      this.#move(order.accountId, getAsset, getUnits - feeUnits);
      this.#move(HOUSE, getAsset, feeUnits);
      return { executionSeq: this.#nextExecution(order), order: { ...order }, feeUnits, feeAssetId: getAsset };
    };
    if (market.lastPriceTicks !== priceTicks) this.#traded.push({ market, ticks: priceTicks });
    market.lastPriceTicks = priceTicks;
    countTrade(market, priceTicks, lots, this.timeUs);
    market.bookSeq = this.seq;
    this.#tell("tradeExecuted", {
      marketId: rules.marketId,
      tradeId: market.nextTradeId++,
      priceTicks,
      quantityLots: lots,
      quoteUnits,
      takerSide: taker.side,
      maker: side(maker, this.#rates(maker, rules).makerFeePpm),
      taker: side(taker, this.#rates(taker, rules).takerFeePpm),
    });
  }

  // The market's own rates, unless the account's tier is listed.
  #rates(order: Order, rules: Market): { makerFeePpm: number; takerFeePpm: number } {
    const tier = this.account(order.accountId)?.feeTier;
    return rules.feeTiers.find((rates) => rates.tier === tier) ?? rules;
  }

  #cancelOrder(command: Command, asked: CancelOrder): void {
    const found = this.#rules.checkCancel(command, asked, this.#late(command));
    if (typeof found === "number") {
      const orderId = asked.orderId <= EXACT_MAX ? asked.orderId : 0n;
      this.#tell("cancelRejected", { reason: found, marketId: asked.marketId, orderId, clientOrderId: this.#rules.echo(asked.clientOrderId) });
    } else this.#cancel(found, CancelReason.REQUESTED);
  }

  #cancelAllOrders(command: Command, asked: CancelAllOrders): void {
    const reason = this.#rules.checkCancelAll(command, asked, this.#late(command));
    if (reason !== RejectReason.UNSPECIFIED) {
      this.#tell("cancelRejected", { reason, marketId: asked.marketId, orderId: 0n, clientOrderId: "" });
      return;
    }
    const wanted = this.openOrders(command.accountId).filter(
      (o) =>
        (asked.marketId === 0 || o.marketId === asked.marketId) &&
        (asked.side === Side.UNSPECIFIED || o.side === asked.side) &&
        this.market(o.marketId)?.rules.status !== MarketStatus.HALT,
    );
    for (const order of wanted) this.#cancel(order, CancelReason.CANCEL_ALL);
    this.#tell("ordersCanceled", { count: wanted.length });
  }

  #cancel(order: Order, reason: CancelReason): void {
    this.#leave(order);
    order.status = OrderStatus.CANCELED;
    order.cancelReason = reason;
    order.updatedUs = this.timeUs;
    this.#tellOrder("orderCanceled", order);
  }

  #expire(order: Order, reason: ExpiryReason): void {
    order.status = reason === ExpiryReason.SELF_TRADE_PREVENTION ? OrderStatus.EXPIRED_IN_MATCH : OrderStatus.EXPIRED;
    order.expiryReason = reason;
    this.#tellOrder("orderExpired", order);
  }

  #leave(order: Order): void {
    if (this.orders.includes(order)) (this.market(order.marketId) as ModelMarket).bookSeq = this.seq;
    this.orders = this.orders.filter((o) => o !== order);
    this.waiting = this.waiting.filter((w) => w.order !== order);
  }

  // --- money

  #transfer(accountId: bigint, asked: Deposit | Withdraw, direction: TransferDirection): RejectReason {
    const reason = this.#rules.checkTransfer(accountId, asked);
    const account = this.account(accountId);
    if (reason !== RejectReason.UNSPECIFIED || account === undefined) return reason;
    const { assetId, amountUnits, transferId } = asked;
    if (direction === TransferDirection.DEPOSIT) {
      if (this.#overflows(assetId, amountUnits)) return RejectReason.BALANCE_OVERFLOW;
    } else {
      if (account.frozen) return RejectReason.ACCOUNT_FROZEN;
      if (this.available(accountId, assetId) < amountUnits) return RejectReason.INSUFFICIENT_BALANCE;
    }
    account.transferIds.push(transferId);
    const transfer = create(PendingTransferSchema, { transferId, assetId, amountUnits, direction });
    if (asked.pending) {
      account.pendingTransfers.push(transfer);
      this.#tell("transferPending", { accountId, assetId, amountUnits, transferId, direction });
    } else this.#post(accountId, transfer);
    return RejectReason.UNSPECIFIED;
  }

  #resolveTransfer({ targetAccountId, transferId, post }: ResolveTransfer): RejectReason {
    const account = this.account(targetAccountId);
    if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    const transfer = account.pendingTransfers.find((t) => t.transferId === transferId);
    if (transfer === undefined) return RejectReason.UNKNOWN_TRANSFER;
    const { assetId, amountUnits, direction } = transfer;
    if (post && direction === TransferDirection.DEPOSIT && this.#overflows(assetId, amountUnits)) return RejectReason.BALANCE_OVERFLOW;
    account.pendingTransfers = account.pendingTransfers.filter((t) => t !== transfer);
    if (post) this.#post(targetAccountId, transfer);
    else this.#tell("transferVoided", { accountId: targetAccountId, assetId, amountUnits, transferId, direction });
    return RejectReason.UNSPECIFIED;
  }

  #post(accountId: bigint, { assetId, amountUnits, transferId, direction }: PendingTransfer): void {
    const comes = direction === TransferDirection.DEPOSIT;
    this.#move(accountId, assetId, comes ? amountUnits : -amountUnits);
    this.#tell(comes ? "depositPosted" : "withdrawalPosted", { accountId, assetId, amountUnits, transferId });
  }

  #overflows(assetId: number, units: bigint): boolean {
    return this.accounts.reduce((sum, a) => sum + (a.owned.get(assetId) ?? 0n), units) > 2n ** 63n - 1n;
  }

  #move(accountId: bigint, assetId: number, units: bigint): void {
    const { owned } = this.account(accountId) as ModelAccount;
    owned.set(assetId, (owned.get(assetId) ?? 0n) + units);
  }

  // --- what one can see

  account(accountId: bigint): ModelAccount | undefined {
    return accountId >= 1n && accountId <= BigInt(this.accounts.length) ? this.accounts[Number(accountId) - 1] : undefined;
  }

  market(marketId: number): ModelMarket | undefined {
    return this.markets[marketId - 1];
  }

  /** Orders in a book and orders that wait. */
  allOpen(): Order[] {
    return [...this.orders, ...this.waiting.map(({ order }) => order)];
  }

  /** Whether two accounts count as one: the same, or of one trade group. */
  sameOwner(a: bigint, b: bigint): boolean {
    const group = this.account(a)?.tradeGroupId ?? 0n;
    return a === b || (group !== 0n && group === this.account(b)?.tradeGroupId);
  }

  /** The account's open orders, oldest first. */
  openOrders(accountId: bigint): Order[] {
    return this.allOpen().filter((o) => o.accountId === accountId).sort((a, b) => Number(a.orderId - b.orderId));
  }

  /** One side of a book in the order in which an incoming order meets it. */
  side(marketId: number, side: Side): Order[] {
    const mine = this.orders.filter((o) => o.marketId === marketId && o.side === side);
    return mine.sort((a, b) => Number(side === Side.BUY ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
  }

  /** The orders that a taker of this side with this limit may meet, best first. */
  makers(marketId: number, takerSide: Side, limitTicks: bigint): Order[] {
    const buys = takerSide === Side.BUY;
    return this.side(marketId, buys ? Side.SELL : Side.BUY).filter((o) => (buys ? o.priceTicks <= limitTicks : o.priceTicks >= limitTicks));
  }

  /** What an open order keeps its owner from using: [asset, units]. */
  hold(order: Order): readonly [number, bigint] {
    const { rules } = this.market(order.marketId) as ModelMarket;
    const lots = remainingLots(order);
    const waiting = this.waiting.find((w) => w.order === order);
    if (waiting !== undefined) return [isBuy(order) ? rules.quoteAssetId : rules.baseAssetId, waiting.heldUnits];
    return isBuy(order) ? [rules.quoteAssetId, order.priceTicks * lots * rules.notionalUnits] : [rules.baseAssetId, lots * rules.lotSizeUnits];
  }

  held(accountId: bigint, assetId: number): bigint {
    return this.balances().get(`${accountId}/${assetId}`)?.[1] ?? 0n;
  }

  available(accountId: bigint, assetId: number): bigint {
    return this.balances().get(`${accountId}/${assetId}`)?.[0] ?? 0n;
  }

  balances(): Balances {
    const held = new Map<string, bigint>();
    for (const order of this.allOpen()) {
      const [assetId, units] = this.hold(order);
      const key = `${order.accountId}/${assetId}`;
      held.set(key, (held.get(key) ?? 0n) + units);
    }
    for (const { accountId, pendingTransfers } of this.accounts) {
      for (const { assetId, amountUnits } of pendingTransfers.filter((t) => t.direction === TransferDirection.WITHDRAWAL)) {
        const key = `${accountId}/${assetId}`;
        held.set(key, (held.get(key) ?? 0n) + amountUnits);
      }
    }
    const balances: Balances = new Map();
    for (const { accountId, owned } of this.accounts) {
      for (const [assetId, units] of owned) {
        const key = `${accountId}/${assetId}`;
        const locked = held.get(key) ?? 0n;
        balances.set(key, [units - locked, locked]);
      }
    }
    return balances;
  }

  /** The whole state as the snapshot's message says it. */
  snapshot(): Uint8Array {
    const balances = this.balances();
    return toBinary(
      EngineSnapshotSchema,
      create(EngineSnapshotSchema, {
        epoch: this.epoch,
        entry: this.entry,
        seq: this.seq,
        chain: this.chain,
        timeUs: this.timeUs,
        venue: this.venue,
        nextOrderId: this.nextOrderId,
        assets: this.assets,
        markets: this.markets.map(({ rules, nextTradeId, bookSeq, lastPriceTicks, minutes }) => ({
          market: create(MarketSchema, rules),
          nextTradeId,
          bookSeq,
          lastPriceTicks,
          orders: [...this.side(rules.marketId, Side.BUY), ...this.side(rules.marketId, Side.SELL)],
          tradedMinutes: [...minutes.values()].sort((a, b) => Number(a.minute - b.minute)),
          waitingOrders: this.#waitingIn(rules.marketId).map(({ order }) => order),
          orderTerms: this.#waitingIn(rules.marketId).map(({ order, heldUnits }) => ({ orderId: order.orderId, heldUnits })),
        })),
        accounts: this.accounts.map(({ accountId, externalId, name, frozen, executionSeq, balanceSeq, transferIds, switchUs, feeTier, tradeGroupId, pendingTransfers }) => ({
          accountId,
          externalId,
          name,
          frozen,
          executionSeq,
          balanceSeq,
          balances: this.assets
            .map(({ assetId }) => ({ assetId, balance: balances.get(`${accountId}/${assetId}`) ?? ([0n, 0n] as const) }))
            .filter(({ balance }) => balance[0] !== 0n || balance[1] !== 0n)
            .map(({ assetId, balance }) => ({ assetId, availableUnits: balance[0], heldUnits: balance[1] })),
          transferIds,
          deadMansSwitchUs: switchUs,
          feeTier,
          tradeGroupId,
          pendingTransfers,
        })),
      }),
    );
  }

  #waitingIn(marketId: number): typeof this.waiting {
    return this.waiting.filter(({ order }) => order.marketId === marketId).sort((a, b) => Number(a.order.orderId - b.order.orderId));
  }

  /** SHA-256 of the whole state. */
  stateHash(): Uint8Array {
    return createHash("sha256").update(this.snapshot()).digest();
  }

  // --- telling

  #late(command: Command): boolean {
    return command.deadlineUs !== 0n && this.timeUs > command.deadlineUs;
  }

  #tell<Case extends NonNullable<Told["case"]>>(event: Case, value: Partial<Extract<Told, { case: Case }>["value"]> | object): void {
    this.#told.push({ case: event, value } as Told);
  }

  #tellOrder(event: "orderAccepted" | "orderTriggered" | "orderCanceled" | "orderExpired", order: Order): void {
    this.#tell(event, { executionSeq: this.#nextExecution(order), order: { ...order } });
  }

  #nextExecution(order: Order): bigint {
    return ++(this.account(order.accountId) as ModelAccount).executionSeq;
  }

  // At most one event per account and asset: what the command as a whole changed.
  #tellBalances(before: Balances): void {
    for (const [key, [availableUnits, heldUnits]] of this.balances()) {
      const [availableBefore, heldBefore] = before.get(key) ?? [0n, 0n];
      if (availableUnits === availableBefore && heldUnits === heldBefore) continue;
      const [accountId = "0", assetId = "0"] = key.split("/");
      const account = this.account(BigInt(accountId)) as ModelAccount;
      this.#tell("balanceChanged", {
        accountId: account.accountId,
        balanceSeq: ++account.balanceSeq,
        assetId: Number(assetId),
        availableUnits,
        heldUnits,
        availableChangeUnits: availableUnits - availableBefore,
        heldChangeUnits: heldUnits - heldBefore,
      });
    }
  }

  #group(requestNo: bigint, accountId: bigint): EventGroup {
    return { $typeName: EventGroupSchema.typeName, seq: this.seq, requestNo, accountId, events: this.#told.map((body) => ({ $typeName: EventSchema.typeName, body })) };
  }
}

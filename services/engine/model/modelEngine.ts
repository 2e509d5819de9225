// The engine written a second time, as plainly as the rules are told: the measure the fast one is held against.
//
// Takes the same log entries and answers with the same events, as plain messages. Orders stand in one array in the
// order of their priority in time and are filtered and sorted whenever somebody looks. Slow, and obviously right.
import { createHash } from "node:crypto";
import { create, fromBinary } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CancelAllOrders, type CancelOrder, type Command, type Deposit, type PlaceOrder, type ResolveTransfer, type Withdraw } from "../../../gen/tickwire/v1/command_pb.ts";
import { EventGroupSchema, EventSchema, TransferDirection, type Event, type EventGroup } from "../../../gen/tickwire/v1/event_pb.ts";
import { PendingTransferSchema, type PendingTransfer } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { CancelReason, ExpiryReason, MarketStatus, OrderSchema, OrderStatus, PegType, RejectReason, Side, type Asset, type Market, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { ModelAmend } from "./modelAmend.ts";
import { ModelAuctions } from "./modelAuction.ts";
import { ModelDedupe } from "./modelDedupe.ts";
import { ModelIcebergs } from "./modelIceberg.ts";
import { ModelMatching } from "./modelMatching.ts";
import { ModelOrderLists } from "./modelOrderLists.ts";
import { isMarketType, ModelRules, trailingTicks, wakesOnRise, type Plan } from "./modelRules.ts";
import { modelSnapshot, modelStateHash } from "./modelSnapshot.ts";
import { EXACT_MAX, isBuy, remainingLots, type ModelAccount, type ModelMarket } from "./modelState.ts";

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
  /** Who wrote the last entry. */
  ingressId = "";
  nextOrderId = 1n;
  readonly assets: Asset[] = [];
  readonly markets: ModelMarket[] = [];
  readonly accounts: ModelAccount[] = [];
  /** Every resting order of every market; of two at one price the earlier in this array goes first. */
  orders: Order[] = [];
  /** Orders that wait for a price, and what they hold. */
  waiting: { order: Order; heldUnits: bigint }[] = [];
  /** Orders that wait for the working order of their list; they hold nothing. */
  pending: Order[] = [];
  /** Client order ids that are taken for a while. */
  readonly dedupe = new ModelDedupe(this);
  readonly rules = new ModelRules(this);
  readonly icebergs = new ModelIcebergs();
  readonly matching = new ModelMatching(this);
  readonly lists = new ModelOrderLists(this, this.rules);
  readonly auctions = new ModelAuctions(this);
  readonly #amend = new ModelAmend(this, this.rules);
  #told: Told[] = [];
  /** Orders of lists that ended by the running command, which their lists have not heard of yet. */
  #ended: Order[] = [];
  /** New prices of the running command's trades, which waiting orders have not seen yet. */
  #traded: { market: ModelMarket; ticks: bigint }[] = [];

  /** Applies the next entry of the log and answers its groups of events. */
  applyEntry(bytes: Uint8Array): EventGroup[] {
    this.entry++;
    this.chain = createHash("sha256").update(this.chain).update(bytes).digest();
    const batch = fromBinary(CommandBatchSchema, bytes);
    this.ingressId = "";
    if (batch.timeUs > EXACT_MAX || !/^[\x21-\x7e]{0,128}$/.test(batch.ingressId)) {
      this.seq++;
      this.#told = [{ case: "commandRejected", value: { reason: RejectReason.MALFORMED_COMMAND } as never }];
      return [this.#group(0n, 0n)];
    }
    this.ingressId = batch.ingressId;
    if (batch.timeUs > this.timeUs) this.timeUs = batch.timeUs;
    return batch.commands.map((command, i) => this.#apply(command, i === 0));
  }

  #apply(command: Command, firstOfEntry: boolean): EventGroup {
    this.seq++;
    this.#told = [];
    const before = this.balances();
    this.#fireTimers();
    this.settle();
    const { requestNo, accountId, body } = command;
    // A body of another kind than any known is one that is newer than this engine.
    if (requestNo > EXACT_MAX || accountId > EXACT_MAX || (body.case === undefined && command.$unknown === undefined)) {
      this.tell("commandRejected", { reason: RejectReason.MALFORMED_COMMAND });
      this.#tellBalances(before);
      // Numbers that are not exact are not echoed, nor what comes after them.
      return this.#group(requestNo > EXACT_MAX ? 0n : requestNo, requestNo > EXACT_MAX || accountId > EXACT_MAX ? 0n : accountId);
    }
    switch (body.case) {
      case "placeOrder":
        this.placeOrder(command, body.value, this.#late(command));
        break;
      case "cancelOrder":
        this.cancelOrder(command, body.value, this.#late(command), CancelReason.REQUESTED);
        break;
      case "cancelAllOrders":
        this.#cancelAllOrders(command, body.value);
        break;
      case "amendOrder":
        this.#amend.amend(command, body.value, this.#late(command));
        break;
      case "cancelReplaceOrder":
        this.#amend.cancelReplace(command, body.value, this.#late(command));
        break;
      default: {
        const reason = this.#applyOther(command, firstOfEntry);
        if (reason !== RejectReason.UNSPECIFIED) this.tell("commandRejected", { reason });
      }
    }
    this.settle();
    this.#tellBalances(before);
    return this.#group(requestNo, accountId);
  }

  // Commands that are not about orders; the reason when refused.
  #applyOther(command: Command, firstOfEntry: boolean): RejectReason {
    const { accountId, body } = command;
    if (this.#late(command)) return RejectReason.DEADLINE_PASSED;
    const venueOnly = ["resolveTransfer", "setFeeTier", "setTradeGroup", "updateMarket", "openAccount", "setAccountFrozen", "openLog", "listAsset", "listMarket", "setMarketStatus", "startEpoch"];
    if (venueOnly.includes(body.case ?? "") && accountId !== 0n) return RejectReason.MALFORMED_COMMAND;
    switch (body.case) {
      case "deposit":
        return this.#transfer(accountId, body.value, TransferDirection.DEPOSIT);
      case "withdraw":
        return this.#transfer(accountId, body.value, TransferDirection.WITHDRAWAL);
      case "resolveTransfer":
        return this.#resolveTransfer(body.value);
      case "placeOrderList":
        return this.lists.place(command, body.value);
      case "cancelOrderList":
        return this.lists.cancel(accountId, body.value);
      case "advanceTime":
        this.tell("timeAdvanced", {});
        return RejectReason.UNSPECIFIED;
      case "setDeadMansSwitch": {
        const account = this.account(accountId);
        const { timeoutUs } = body.value;
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        if (timeoutUs > 86_400_000_000n) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
        account.switchUs = timeoutUs === 0n ? 0n : this.timeUs + timeoutUs;
        this.tell("deadMansSwitchSet", { firesUs: account.switchUs });
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
        this.tell("accountOpened", { accountId: account.accountId, externalId, name: account.name, created });
        return RejectReason.UNSPECIFIED;
      }
      case "setAccountFrozen": {
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.frozen = body.value.frozen;
        this.tell("accountFrozenChanged", { accountId: account.accountId, frozen: account.frozen });
        return RejectReason.UNSPECIFIED;
      }
      case "openLog":
        if (body.value.venue.length > 128) return RejectReason.MALFORMED_COMMAND;
        if (this.seq !== 1n) return RejectReason.ALREADY_EXISTS;
        this.epoch = body.value.epoch;
        this.venue = body.value.venue;
        this.tell("logOpened", { epoch: this.epoch, venue: this.venue });
        return RejectReason.UNSPECIFIED;
      case "startEpoch": {
        const { epoch, reason } = body.value;
        if (reason.length > 128 || command.deadlineUs !== 0n) return RejectReason.MALFORMED_COMMAND;
        const previousEpoch = this.epoch;
        if (epoch <= previousEpoch) return RejectReason.ALREADY_EXISTS;
        // It speaks for its whole entry, and of a log that was opened.
        if (!firstOfEntry || this.seq === 1n) return RejectReason.MALFORMED_COMMAND;
        this.epoch = epoch;
        this.tell("epochStarted", { epoch, reason, previousEpoch });
        return RejectReason.UNSPECIFIED;
      }
      case "listAsset": {
        const asked = body.value.asset;
        if (asked === undefined || asked.assetId !== 0) return RejectReason.MALFORMED_COMMAND;
        const reason = this.rules.checkAsset(asked);
        if (reason !== RejectReason.UNSPECIFIED) return reason;
        const asset = { ...asked, assetId: this.assets.length + 1 };
        this.assets.push(asset);
        this.tell("assetListed", { asset });
        return RejectReason.UNSPECIFIED;
      }
      case "listMarket": {
        const asked = body.value.market;
        if (asked === undefined || asked.marketId !== 0) return RejectReason.MALFORMED_COMMAND;
        const reason = this.rules.checkMarket(asked);
        if (reason !== RejectReason.UNSPECIFIED) return reason;
        const scale = BigInt(this.assets[asked.baseAssetId - 1]?.scale ?? 0);
        const rules: Market = {
          ...asked,
          marketId: this.markets.length + 1,
          notionalUnits: (asked.tickSizeUnits * asked.lotSizeUnits) / 10n ** scale,
          status: asked.status === MarketStatus.UNSPECIFIED ? MarketStatus.TRADING : asked.status,
        };
        this.markets.push({ rules, nextTradeId: 1n, bookSeq: 0n, lastPriceTicks: 0n, auctionCapTicks: 0n, minutes: new Map() });
        this.tell("marketListed", { market: { ...rules } });
        return RejectReason.UNSPECIFIED;
      }
      case "updateMarket": {
        const asked = body.value.market;
        if (asked === undefined) return RejectReason.MALFORMED_COMMAND;
        const reason = this.rules.checkUpdate(asked);
        const market = this.market(asked.marketId);
        if (reason !== RejectReason.UNSPECIFIED || market === undefined) return reason;
        const { marketId, symbol, baseAssetId, quoteAssetId, tickSizeUnits, lotSizeUnits, notionalUnits, status } = market.rules;
        market.rules = { ...asked, marketId, symbol, baseAssetId, quoteAssetId, tickSizeUnits, lotSizeUnits, notionalUnits, status };
        this.tell("marketUpdated", { market: { ...market.rules } });
        return RejectReason.UNSPECIFIED;
      }
      case "setFeeTier": {
        if (body.value.tier > 2 ** 31 - 1) return RejectReason.MALFORMED_COMMAND;
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.feeTier = body.value.tier;
        this.tell("feeTierChanged", { accountId: account.accountId, tier: account.feeTier });
        return RejectReason.UNSPECIFIED;
      }
      case "setTradeGroup": {
        if (body.value.tradeGroupId > EXACT_MAX) return RejectReason.MALFORMED_COMMAND;
        const account = this.account(body.value.targetAccountId);
        if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
        account.tradeGroupId = body.value.tradeGroupId;
        this.tell("tradeGroupChanged", { accountId: account.accountId, tradeGroupId: account.tradeGroupId });
        return RejectReason.UNSPECIFIED;
      }
      case "setMarketStatus": {
        const market = this.market(body.value.marketId);
        if (market === undefined) return RejectReason.UNKNOWN_MARKET;
        if (!this.auctions.mayBecome(market, body.value.status)) return RejectReason.UNSUPPORTED_COMBINATION;
        market.rules.status = body.value.status;
        this.tell("marketStatusChanged", { marketId: market.rules.marketId, status: market.rules.status });
        this.auctions.statusChanged(market);
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
        for (const open of this.openOrders(account.accountId)) this.cancel(open, CancelReason.DEAD_MANS_SWITCH);
      } else if (this.allOpen().includes(order)) this.expireOpen(order, ExpiryReason.GOOD_TILL_DATE);
    }
  }

  // --- orders

  placeOrder(command: Command, asked: PlaceOrder, late: boolean): void {
    const plan = this.rules.checkPlace(command, asked, late);
    if (typeof plan === "number") {
      this.refusePlace(asked, plan);
      return;
    }
    const order = this.accept(command, asked, plan);
    if (plan.waitingUnits === undefined) this.matching.carryOut(order, plan);
  }

  refusePlace(asked: PlaceOrder, reason: RejectReason): void {
    this.tell("orderRejected", { reason, marketId: asked.marketId, clientOrderId: this.rules.echo(asked.clientOrderId) });
  }

  /** The order exists from here on, and is told; it begins to wait unless it is to be carried out now. */
  accept(command: Command, asked: PlaceOrder, plan: Plan, orderListId = 0n): Order {
    const waits = plan.pending || plan.waitingUnits !== undefined;
    const order = create(OrderSchema, {
      orderId: this.nextOrderId++,
      accountId: command.accountId,
      marketId: asked.marketId,
      clientOrderId: asked.clientOrderId,
      side: asked.side,
      type: asked.type,
      timeInForce: plan.timeInForce,
      status: plan.pending ? OrderStatus.PENDING_NEW : OrderStatus.NEW,
      priceTicks: isMarketType(asked.type) || (waits && asked.pegType !== PegType.UNSPECIFIED) ? 0n : plan.limitTicks,
      quantityLots: asked.quantityLots,
      quoteOrderUnits: asked.quoteOrderUnits,
      createdUs: this.timeUs,
      updatedUs: this.timeUs,
      workingUs: waits ? 0n : this.timeUs,
      stopPriceTicks: asked.stopPriceTicks,
      trailingDeltaBips: asked.trailingDeltaBips,
      icebergLots: asked.icebergLots,
      pegType: asked.pegType,
      pegOffsetLevels: asked.pegOffsetLevels,
      expireTimeUs: asked.expireTimeUs,
      selfTradePreventionMode: asked.selfTradePreventionMode,
      orderListId,
    });
    this.dedupe.remember(command.accountId, asked.clientOrderId);
    if (plan.pending) this.pending.push(order);
    else if (plan.waitingUnits !== undefined) this.wait(order, plan.waitingUnits);
    this.tellOrder("orderAccepted", order);
    return order;
  }

  /** The order begins to wait for a price. A trailing one follows the market at once, unless it waits for its stop price first. */
  wait(order: Order, heldUnits: bigint): void {
    if (order.trailingDeltaBips !== 0 && order.stopPriceTicks === 0n) order.trailingExtremeTicks = (this.market(order.marketId) as ModelMarket).lastPriceTicks;
    this.waiting.push({ order, heldUnits });
  }

  /** A trade happened at this price. */
  traded(market: ModelMarket, ticks: bigint): void {
    if (market.lastPriceTicks !== ticks) this.#traded.push({ market, ticks });
    market.lastPriceTicks = ticks;
    market.bookSeq = this.seq;
  }

  /** The order is over: filled, cancelled or expired. */
  ended(order: Order): void {
    if (order.orderListId !== 0n) this.#ended.push(order);
  }

  /**
   * What follows from the command, until nothing does: first lists hear of their orders' ends, then waiting orders see
   * the next price, and only when all prices are seen are orders placed that a filled working order brings.
   */
  settle(): void {
    for (;;) {
      const ended = this.#ended.shift();
      const traded = ended === undefined ? this.#traded.shift() : undefined;
      const filled = ended === undefined && traded === undefined ? this.lists.filled.shift() : undefined;
      if (ended !== undefined) this.lists.orderEnded(ended);
      else if (traded !== undefined) this.#wakeOrders(traded.market, traded.ticks);
      else if (filled !== undefined) this.lists.placePending(filled);
      else return;
    }
  }

  // A price wakes the orders that waited for it, the oldest first; they may trade at further prices.
  #wakeOrders(market: ModelMarket, ticks: bigint): void {
    const woken = this.waiting.filter(({ order }) => order.marketId === market.rules.marketId && this.#isMet(order, ticks));
    for (const { order, heldUnits } of woken.sort((a, b) => Number(a.order.orderId - b.order.orderId))) {
      if (!this.allOpen().includes(order) || this.lists.hasLostPartner(order)) continue;
      order.triggeredUs = order.updatedUs = order.workingUs = this.timeUs;
      // A pegged limit becomes a price now.
      const pegged = order.pegType !== PegType.UNSPECIFIED;
      if (pegged) order.priceTicks = this.rules.pegTicks(order, this.lists.partnerOf(order));
      this.tellOrder("orderTriggered", order);
      this.lists.endPartner(order);
      const plan = this.rules.planWoken(order, heldUnits);
      this.waiting = this.waiting.filter((w) => w.order !== order);
      if (pegged && order.priceTicks === 0n) this.expire(order, ExpiryReason.INSUFFICIENT_LIQUIDITY);
      else if (plan === undefined) this.expire(order, ExpiryReason.EXCHANGE);
      else this.matching.carryOut(order, plan);
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

  /** Answers whether the order was cancelled. */
  cancelOrder(command: Command, asked: CancelOrder, late: boolean, why: CancelReason): boolean {
    const found = this.rules.checkCancel(command, asked, late);
    if (typeof found === "number") this.refuseCancel(asked, found);
    else this.cancel(found, why);
    return typeof found !== "number";
  }

  refuseCancel(asked: CancelOrder, reason: RejectReason): void {
    const orderId = asked.orderId <= EXACT_MAX ? asked.orderId : 0n;
    this.tell("cancelRejected", { reason, marketId: asked.marketId, orderId, clientOrderId: this.rules.echo(asked.clientOrderId) });
  }

  #cancelAllOrders(command: Command, asked: CancelAllOrders): void {
    const reason = this.rules.checkCancelAll(command, asked, this.#late(command));
    if (reason !== RejectReason.UNSPECIFIED) {
      this.tell("cancelRejected", { reason, marketId: asked.marketId, orderId: 0n, clientOrderId: "" });
      return;
    }
    const wanted = this.openOrders(command.accountId).filter(
      (o) =>
        (asked.marketId === 0 || o.marketId === asked.marketId) &&
        (asked.side === Side.UNSPECIFIED || o.side === asked.side) &&
        this.market(o.marketId)?.rules.status !== MarketStatus.HALT,
    );
    for (const order of wanted) this.cancel(order, asked.reason === CancelReason.UNSPECIFIED ? CancelReason.CANCEL_ALL : asked.reason);
    this.tell("ordersCanceled", { count: wanted.length });
  }

  cancel(order: Order, reason: CancelReason): void {
    this.leave(order);
    order.status = OrderStatus.CANCELED;
    order.cancelReason = reason;
    order.updatedUs = this.timeUs;
    this.tellOrder("orderCanceled", order);
    this.ended(order);
  }

  /** An order that is open expires. */
  expireOpen(order: Order, reason: ExpiryReason): void {
    this.leave(order);
    order.updatedUs = this.timeUs;
    this.expire(order, reason);
  }

  /** An order that is not open, or no longer, expires. */
  expire(order: Order, reason: ExpiryReason): void {
    order.status = reason === ExpiryReason.SELF_TRADE_PREVENTION ? OrderStatus.EXPIRED_IN_MATCH : OrderStatus.EXPIRED;
    order.expiryReason = reason;
    this.tellOrder("orderExpired", order);
    this.ended(order);
  }

  /** The order rests, the youngest at its price. */
  rest(order: Order): void {
    this.orders.push(order);
    this.icebergs.showPart(order);
    (this.market(order.marketId) as ModelMarket).bookSeq = this.seq;
  }

  /** What showed of an iceberg is gone: the next part is the youngest at its price. */
  toTheBack(order: Order): void {
    this.orders = [...this.orders.filter((o) => o !== order), order];
    this.icebergs.showPart(order);
  }

  leave(order: Order): void {
    if (this.orders.includes(order)) (this.market(order.marketId) as ModelMarket).bookSeq = this.seq;
    this.orders = this.orders.filter((o) => o !== order);
    this.waiting = this.waiting.filter((w) => w.order !== order);
    this.pending = this.pending.filter((o) => o !== order);
    this.auctions.leave(order);
    this.icebergs.leave(order);
  }

  // --- money

  #transfer(accountId: bigint, asked: Deposit | Withdraw, direction: TransferDirection): RejectReason {
    const reason = this.rules.checkTransfer(accountId, asked);
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
      this.tell("transferPending", { accountId, assetId, amountUnits, transferId, direction });
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
    else this.tell("transferVoided", { accountId: targetAccountId, assetId, amountUnits, transferId, direction });
    return RejectReason.UNSPECIFIED;
  }

  #post(accountId: bigint, { assetId, amountUnits, transferId, direction }: PendingTransfer): void {
    const comes = direction === TransferDirection.DEPOSIT;
    this.move(accountId, assetId, comes ? amountUnits : -amountUnits);
    this.tell(comes ? "depositPosted" : "withdrawalPosted", { accountId, assetId, amountUnits, transferId });
  }

  #overflows(assetId: number, units: bigint): boolean {
    return this.accounts.reduce((sum, a) => sum + (a.owned.get(assetId) ?? 0n), units) > 2n ** 63n - 1n;
  }

  move(accountId: bigint, assetId: number, units: bigint): void {
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

  /** Orders that wait, for a price or for their list. */
  outsideTheBook(): Order[] {
    return [...this.waiting.map(({ order }) => order), ...this.pending];
  }

  /** Orders in a book, orders collected for an auction, and orders that wait. */
  allOpen(): Order[] {
    return [...this.orders, ...this.auctions.collected, ...this.outsideTheBook()];
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
    if (waiting !== undefined || this.pending.includes(order)) return [isBuy(order) ? rules.quoteAssetId : rules.baseAssetId, waiting?.heldUnits ?? 0n];
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
    return modelSnapshot(this);
  }

  /** SHA-256 of the whole state. */
  stateHash(): Uint8Array {
    return modelStateHash(this);
  }

  // --- telling

  #late(command: Command): boolean {
    return command.deadlineUs !== 0n && this.timeUs > command.deadlineUs;
  }

  tell<Case extends NonNullable<Told["case"]>>(event: Case, value: Partial<Extract<Told, { case: Case }>["value"]> | object): void {
    this.#told.push({ case: event, value } as Told);
  }

  tellOrder(event: "orderAccepted" | "orderTriggered" | "orderCanceled" | "orderExpired", order: Order): void {
    this.tell(event, { executionSeq: this.nextExecution(order), order: { ...order } });
  }

  nextExecution(order: Order): bigint {
    return ++(this.account(order.accountId) as ModelAccount).executionSeq;
  }

  // At most one event per account and asset: what the command as a whole changed.
  #tellBalances(before: Balances): void {
    for (const [key, [availableUnits, heldUnits]] of this.balances()) {
      const [availableBefore, heldBefore] = before.get(key) ?? [0n, 0n];
      if (availableUnits === availableBefore && heldUnits === heldBefore) continue;
      const [accountId = "0", assetId = "0"] = key.split("/");
      const account = this.account(BigInt(accountId)) as ModelAccount;
      this.tell("balanceChanged", {
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

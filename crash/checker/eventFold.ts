// The history of a venue folded into its state, written from the event schema alone: who owns what, which orders stand
// where, and whether the story contradicts itself on the way.
//
// Never: shares code with the engine, or believes a number that it can add up itself. Invariant: entries are given in
// order; whatever is wrong with them becomes a finding, and the fold goes on.
import { createHash } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandBatch } from "../../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema, TransferDirection, type Event, type EventBatch, type OrderAmended, type TradeExecuted, type TradePrevented, type TradeSide } from "../../gen/tickwire/v1/event_pb.ts";
import { CancelReason, OrderListStatus, OrderListType, OrderStatus, OrderType, Side, type Market, type Order, type OrderList } from "../../gen/tickwire/v1/types_pb.ts";
import type { Findings } from "./findings.ts";
import { foldedOrder, hasLimit, neededUnits, paysWith, stageOf, type FoldedOrder } from "./foldedOrder.ts";
import { RestingOrders } from "./restingOrders.ts";

/** One entry of both logs: what was asked, and what came of it. */
export interface LoggedEntry {
  readonly entry: number;
  readonly command: Uint8Array;
  readonly events: Uint8Array;
}

export interface FoldedBalance {
  available: bigint;
  held: bigint;
}

export interface FoldedTrade {
  readonly takerOrderId: number;
  readonly quantityLots: number;
}

/** A transfer that was posted. */
export interface FoldedTransfer {
  readonly accountId: number;
  readonly assetId: number;
  readonly units: bigint;
  count: number;
}

/** The first account of a venue receives the fees. */
const HOUSE = 1;
const MILLION = 1_000_000n;
/** Greater numbers are no names of anything. */
const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const CHAIN_BYTES = 32;

export class EventFold {
  readonly findings: Findings;
  entries = 0;
  commands = 0;
  trades = 0;
  epoch = 0;
  seq = 0;
  readonly markets = new Map<number, Market>();
  readonly orders = new Map<number, FoldedOrder>();
  /** By "account/client order id": every order ever accepted under it. */
  readonly byClientOrderId = new Map<string, FoldedOrder | FoldedOrder[]>();
  /** By "account/asset": as the newest balance event says. */
  readonly balances = new Map<string, FoldedBalance>();
  /** By "account/asset": as deposits, trades and fees add up to. */
  readonly owned = new Map<string, bigint>();
  /** By "account/transfer id". */
  readonly transfers = new Map<string, FoldedTransfer>();
  /** Trades by "market/trade id", for those who were told of them. */
  readonly tradesById = new Map<string, FoldedTrade>();
  readonly externalIds = new Map<string, number>();
  readonly balanceEvents = new Map<number, number>();
  /** By "account/client order list id": how many lists were accepted under it. */
  readonly lists = new Map<string, number>();
  readonly #resting = new Map<number, RestingOrders>();
  /** Of each order that is one of a pair: the list. Only one of the two will ever be carried out. */
  readonly #pairs = new Map<number, number>();
  /** Accounts on a tier of their own. */
  readonly #feeTiers = new Map<number, number>();
  readonly #executionSeq = new Map<number, number>();
  readonly #nextTradeId = new Map<number, number>();
  /** Held by pending withdrawals: "account/transfer id" to what. */
  readonly #pendingWithdrawals = new Map<string, { accountId: number; assetId: number; units: bigint }>();
  readonly #issued = new Map<number, bigint>();
  /** The auction that this group of events began with, and what of its lots has not been told as trades yet. */
  #auction: { readonly marketId: number; readonly priceTicks: bigint; leftLots: bigint } | undefined;
  #timeUs = 0n;
  #chain: Uint8Array = new Uint8Array(CHAIN_BYTES);

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** Takes the next entry of both logs. */
  take({ entry, command, events }: LoggedEntry): void {
    if (entry !== this.entries + 1) this.findings.add("log", `entry ${entry} follows entry ${this.entries}`);
    this.entries = entry;
    let batch: EventBatch;
    try {
      batch = fromBinary(EventBatchSchema, events);
    } catch (error) {
      this.findings.add("log", `the events of entry ${entry} cannot be read: ${String(error)}`);
      return;
    }
    this.#chain = createHash("sha256").update(this.#chain).update(command).digest();
    if (Buffer.compare(this.#chain, batch.chain) !== 0) {
      this.findings.add("log", `the chain of entry ${entry} is not that of the commands before it`);
      this.#chain = batch.chain; // one finding per break, not one per entry after it
    }
    if (batch.entry !== BigInt(entry)) this.findings.add("log", `the events at entry ${entry} say that they answer entry ${batch.entry}`);
    if (batch.timeUs < this.#timeUs) this.findings.add("log", `time runs backwards at entry ${entry}`);
    if (batch.epoch < this.epoch) this.findings.add("log", `the epoch falls from ${this.epoch} to ${batch.epoch} at entry ${entry}`);
    this.epoch = batch.epoch;
    this.#timeUs = batch.timeUs;
    this.#matchCommands(entry, command, batch);
    for (const group of batch.groups) {
      this.commands++;
      if (group.seq !== BigInt(this.seq + 1)) this.findings.add("log", `seq ${group.seq} follows seq ${this.seq}`);
      this.seq = Number(group.seq);
      if (group.events.length === 0) this.findings.add("log", `seq ${this.seq} has no events`);
      for (const event of group.events) this.#event(event);
      if (this.#auction !== undefined && this.#auction.leftLots !== 0n) this.findings.add("order", `the auction at seq ${this.seq} traded ${this.#auction.leftLots} lots less than it says`);
      this.#auction = undefined;
    }
  }

  // One group per command, in order, for the same caller.
  #matchCommands(entry: number, bytes: Uint8Array, batch: EventBatch): void {
    let asked: CommandBatch;
    try {
      asked = fromBinary(CommandBatchSchema, bytes);
    } catch {
      return; // what cannot be read is answered by one refusal
    }
    if (asked.commands.length !== batch.groups.length) {
      this.findings.add("log", `entry ${entry} has ${asked.commands.length} commands and ${batch.groups.length} answers`);
      return;
    }
    for (const [i, { requestNo, accountId }] of asked.commands.entries()) {
      if (requestNo > EXACT_MAX || accountId > EXACT_MAX) continue; // refused, and not echoed
      const group = batch.groups[i];
      if (group?.requestNo !== requestNo || group.accountId !== accountId) this.findings.add("log", `answer ${i} of entry ${entry} is for another command`);
    }
  }

  #event({ body }: Event): void {
    switch (body.case) {
      case "orderAccepted":
        this.#numbered(body.value.order, body.value.executionSeq);
        this.#accepted(body.value.order);
        return;
      case "orderCanceled":
      case "orderExpired":
        this.#numbered(body.value.order, body.value.executionSeq);
        this.#ended(body.value.order, body.case === "orderCanceled" && body.value.order?.cancelReason === CancelReason.REQUESTED);
        return;
      case "orderAmended":
        this.#numbered(body.value.order, body.value.executionSeq);
        this.#amended(body.value);
        return;
      case "orderTriggered":
        this.#numbered(body.value.order, body.value.executionSeq);
        this.#triggered(body.value.order);
        return;
      case "tradePrevented":
        this.#prevented(body.value);
        return;
      case "tradeExecuted":
        this.#trade(body.value);
        return;
      case "balanceChanged": {
        const { accountId, balanceSeq, assetId, availableUnits, heldUnits, availableChangeUnits, heldChangeUnits } = body.value;
        const account = Number(accountId);
        const key = `${account}/${assetId}`;
        const before = this.balances.get(key) ?? { available: 0n, held: 0n };
        const last = this.balanceEvents.get(account) ?? 0;
        if (balanceSeq !== BigInt(last + 1)) this.findings.add("balance", `balance event ${balanceSeq} of account ${account} follows ${last}`);
        this.balanceEvents.set(account, Number(balanceSeq));
        if (before.available + availableChangeUnits !== availableUnits || before.held + heldChangeUnits !== heldUnits) {
          this.findings.add("balance", `balance event ${balanceSeq} of account ${account} does not follow from the one before it`);
        }
        this.balances.set(key, { available: availableUnits, held: heldUnits });
        const owned = this.owned.get(key) ?? 0n;
        if (availableUnits + heldUnits !== owned) {
          this.findings.add("balance", `account ${account} has ${availableUnits + heldUnits} of asset ${assetId} at seq ${this.seq}; deposits, trades and fees add up to ${owned}`);
        }
        return;
      }
      case "accountOpened": {
        const { accountId, externalId } = body.value;
        const known = this.externalIds.get(externalId);
        if (known !== undefined && known !== Number(accountId)) this.findings.add("duplicated", `account "${externalId}" was opened twice`);
        this.externalIds.set(externalId, Number(accountId));
        return;
      }
      case "depositPosted":
        this.#transfer(body.value, 1n);
        return;
      case "withdrawalPosted":
        this.#transfer(body.value, -1n);
        return;
      case "transferPending": {
        const { accountId, assetId, amountUnits, transferId, direction } = body.value;
        if (direction === TransferDirection.WITHDRAWAL) this.#pendingWithdrawals.set(`${accountId}/${transferId}`, { accountId: Number(accountId), assetId, units: amountUnits });
        return;
      }
      case "transferVoided":
        this.#pendingWithdrawals.delete(`${body.value.accountId}/${body.value.transferId}`);
        return;
      case "marketListed":
        if (body.value.market === undefined) return;
        this.markets.set(body.value.market.marketId, body.value.market);
        this.#resting.set(body.value.market.marketId, new RestingOrders(body.value.market.status));
        return;
      case "marketUpdated":
        if (body.value.market !== undefined) this.markets.set(body.value.market.marketId, body.value.market);
        return;
      case "marketStatusChanged":
        this.#resting.get(body.value.marketId)?.statusChanged(body.value.status);
        return;
      case "auctionUncrossed": {
        const { marketId, priceTicks, quantityLots } = body.value;
        this.#resting.get(marketId)?.uncrossed();
        this.#auction = { marketId, priceTicks, leftLots: quantityLots };
        return;
      }
      case "orderListChanged":
        this.#listed(body.value.list);
        return;
      case "feeTierChanged":
        this.#feeTiers.set(Number(body.value.accountId), body.value.tier);
        return;
      default:
        return;
    }
  }

  // Every event of an account's orders carries that account's next number.
  #numbered(order: Order | undefined, executionSeq: bigint): void {
    if (order === undefined) {
      this.findings.add("order", `an event of seq ${this.seq} lacks its order`);
      return;
    }
    const account = Number(order.accountId);
    const last = this.#executionSeq.get(account) ?? 0;
    if (executionSeq !== BigInt(last + 1)) this.findings.add("order", `execution ${executionSeq} of account ${account} follows ${last}`);
    this.#executionSeq.set(account, Number(executionSeq));
  }

  #accepted(order: Order | undefined): void {
    if (order === undefined) return;
    const known = this.orders.get(Number(order.orderId));
    if (known !== undefined) {
      // The pending order of a list is told again when it is placed.
      if (known.stage !== "pending" || order.status === OrderStatus.PENDING_NEW) this.findings.add("duplicated", `order ${order.orderId} was accepted twice`);
      this.#told(order);
      known.stage = stageOf(order);
      // That of a pegged order is known only now.
      known.priceTicks = Number(order.priceTicks);
      if (known.stage === "working") this.#resting.get(known.marketId)?.join(known);
      return;
    }
    const folded = foldedOrder(order, this.seq);
    this.orders.set(folded.orderId, folded);
    this.#name(folded);
    if (!this.#resting.has(folded.marketId)) this.findings.add("order", `order ${folded.orderId} is of market ${folded.marketId}, which was never listed`);
    if (folded.stage === "working") this.#resting.get(folded.marketId)?.join(folded);
  }

  #name(order: FoldedOrder): void {
    const key = `${order.accountId}/${order.clientOrderId}`;
    const known = this.byClientOrderId.get(key);
    if (known === undefined) this.byClientOrderId.set(key, order);
    else if (Array.isArray(known)) known.push(order);
    else this.byClientOrderId.set(key, [known, order]);
  }

  #listed(list: OrderList | undefined): void {
    if (list?.status !== OrderListStatus.EXECUTING) return;
    const key = `${list.accountId}/${list.clientOrderListId}`;
    this.lists.set(key, (this.lists.get(key) ?? 0) + 1);
    const pair = list.type === OrderListType.OCO ? list.orderIds : list.type === OrderListType.OTOCO ? list.orderIds.slice(1) : [];
    for (const orderId of pair) this.#pairs.set(Number(orderId), Number(list.orderListId));
  }

  /** The order as known, after a look at what an event about it says. */
  #told(order: Order | undefined): FoldedOrder | undefined {
    if (order === undefined) return undefined;
    const known = this.orders.get(Number(order.orderId));
    if (known === undefined) {
      this.findings.add("order", `order ${order.orderId} is told of at seq ${this.seq}, and was never accepted`);
      return undefined;
    }
    if (!known.open) this.findings.add("order", `order ${known.orderId} is told of at seq ${this.seq}, after its end`);
    if (Number(order.accountId) !== known.accountId || order.marketId !== known.marketId || order.side !== known.side) {
      this.findings.add("order", `order ${known.orderId} is another's at seq ${this.seq}`);
    }
    known.status = order.status;
    known.lastSeq = this.seq;
    return known;
  }

  #ended(order: Order | undefined, canceled: boolean): void {
    const known = this.#told(order);
    if (known === undefined || order === undefined) return;
    if (Number(order.executedLots) !== known.executedLots) this.findings.add("order", `order ${known.orderId} ended with ${order.executedLots} lots filled; its trades add up to ${known.executedLots}`);
    known.preventedLots = Number(order.preventedLots);
    known.canceled = canceled;
    this.#close(known);
  }

  #amended({ order, keptPriority }: OrderAmended): void {
    const known = this.#told(order);
    if (known === undefined || order === undefined) return;
    const resting = this.#resting.get(known.marketId);
    if (Number(order.quantityLots) > known.quantityLots) this.findings.add("order", `order ${known.orderId} was amended to more at seq ${this.seq}`);
    if (!keptPriority) resting?.leave(known);
    known.priceTicks = Number(order.priceTicks);
    known.quantityLots = Number(order.quantityLots);
    if (keptPriority) resting?.amended(known);
    else resting?.join(known);
    if (order.clientOrderId === known.clientOrderId) return;
    known.clientOrderId = order.clientOrderId;
    this.#name(known);
  }

  // A price was met: from here on it is an ordinary order, the youngest.
  #triggered(order: Order | undefined): void {
    const known = this.#told(order);
    if (known === undefined || order === undefined) return;
    if (known.stage !== "waiting") this.findings.add("order", `order ${known.orderId} was woken at seq ${this.seq}, and did not wait`);
    known.stage = "working";
    // That of a pegged order is known only now.
    known.priceTicks = Number(order.priceTicks);
    this.#resting.get(known.marketId)?.join(known);
  }

  #prevented({ taker, maker, executionSeq, makerExecutionSeq }: TradePrevented): void {
    this.#numbered(taker, executionSeq);
    this.#numbered(maker, makerExecutionSeq);
    for (const order of [taker, maker]) {
      const known = this.#told(order);
      if (known === undefined || order === undefined) continue;
      const lots = Number(order.preventedLots) - known.preventedLots;
      known.preventedLots += lots;
      const resting = this.#resting.get(known.marketId);
      if (order === maker || resting?.auctionEnds === true) resting?.restingPrevented(known, lots);
      else resting?.comingLessened(known);
    }
  }

  #close(order: FoldedOrder): void {
    order.open = false;
    this.#resting.get(order.marketId)?.leave(order);
  }

  #trade(trade: TradeExecuted): void {
    const { marketId, maker, taker } = trade;
    const market = this.markets.get(marketId);
    if (market === undefined || maker?.order === undefined || taker?.order === undefined) {
      this.findings.add("order", `a trade of seq ${this.seq} lacks its market or an order`);
      return;
    }
    this.trades++;
    const tradeId = Number(trade.tradeId);
    const expected = this.#nextTradeId.get(marketId) ?? 1;
    if (tradeId !== expected) this.findings.add(tradeId < expected ? "duplicated" : "order", `trade ${tradeId} of market ${marketId} follows trade ${expected - 1}`);
    this.#nextTradeId.set(marketId, tradeId + 1);
    this.tradesById.set(`${marketId}/${tradeId}`, { takerOrderId: Number(taker.order.orderId), quantityLots: Number(trade.quantityLots) });
    if (trade.quoteUnits !== trade.priceTicks * trade.quantityLots * market.notionalUnits) this.findings.add("order", `trade ${tradeId} of market ${marketId} is not price times quantity`);
    this.#numbered(maker.order, maker.executionSeq);
    this.#numbered(taker.order, taker.executionSeq);
    const [resting, taking] = [this.#told(maker.order), this.#told(taker.order)];
    if (resting === undefined || taking === undefined) return;
    // In an auction both rest, and both must be first in their queues.
    const auction = this.#auction?.marketId === marketId && this.#auction.leftLots > 0n ? this.#auction : undefined;
    for (const order of auction === undefined ? [resting] : [resting, taking]) {
      const wrong = this.#resting.get(marketId)?.outOfTurn(order);
      if (wrong !== undefined) this.findings.add("matching", `trade ${tradeId} of market ${marketId}: ${wrong}`);
    }
    if (trade.priceTicks !== (auction?.priceTicks ?? BigInt(resting.priceTicks))) this.findings.add("matching", `trade ${tradeId} of market ${marketId} is not at ${auction === undefined ? "its maker's price" : "the price of its auction"}`);
    for (const order of [resting, taking]) {
      const { side, priceTicks, orderId, stage } = order;
      if (stage !== "working") this.findings.add("matching", `order ${orderId} traded at seq ${this.seq} while it was ${stage}`);
      if (hasLimit(order) && (side === Side.BUY ? Number(trade.priceTicks) > priceTicks : Number(trade.priceTicks) < priceTicks)) this.findings.add("matching", `trade ${tradeId} of market ${marketId} is worse than the limit of order ${orderId}`);
    }
    if (auction !== undefined) auction.leftLots -= trade.quantityLots;
    // Whoever takes pays as such; in an auction everybody does but those who only ever make.
    const makes = (order: FoldedOrder): boolean => (auction === undefined ? order === resting : order.type === OrderType.LIMIT_MAKER);
    this.#fill(trade, maker, resting, { market, makes: makes(resting), rests: true });
    this.#fill(trade, taker, taking, { market, makes: makes(taking), rests: auction !== undefined });
  }

  #fill(trade: TradeExecuted, { order, feeUnits, feeAssetId }: TradeSide, known: FoldedOrder, { market, makes, rests }: { readonly market: Market; readonly makes: boolean; readonly rests: boolean }): void {
    if (order === undefined) return;
    known.executedLots += Number(trade.quantityLots);
    known.executedQuoteUnits += Number(trade.quoteUnits);
    if (Number(order.executedLots) !== known.executedLots || Number(order.executedQuoteUnits) !== known.executedQuoteUnits) {
      this.findings.add("order", `order ${known.orderId} says ${order.executedLots} lots filled at seq ${this.seq}; its trades add up to ${known.executedLots}`);
    }
    if (known.quantityLots !== 0 && known.executedLots + known.preventedLots > known.quantityLots) this.findings.add("duplicated", `order ${known.orderId} was filled beyond its quantity`);
    const buys = known.side === Side.BUY;
    const baseUnits = trade.quantityLots * market.lotSizeUnits;
    const [payAsset, payUnits, getAsset, getUnits] = buys
      ? [market.quoteAssetId, trade.quoteUnits, market.baseAssetId, baseUnits]
      : [market.baseAssetId, baseUnits, market.quoteAssetId, trade.quoteUnits];
    // Rounded up, toward the house.
    const rates = market.feeTiers.find(({ tier }) => tier === this.#feeTiers.get(known.accountId)) ?? market;
    if (feeUnits !== (getUnits * BigInt(makes ? rates.makerFeePpm : rates.takerFeePpm) + MILLION - 1n) / MILLION) this.findings.add("balance", `order ${known.orderId} paid a fee of ${feeUnits} at seq ${this.seq}`);
    if (feeAssetId !== getAsset) this.findings.add("balance", `order ${known.orderId} paid its fee in another asset than it received`);
    this.#move(known.accountId, payAsset, -payUnits);
    this.#move(known.accountId, getAsset, getUnits - feeUnits);
    this.#move(HOUSE, feeAssetId, feeUnits);
    if (order.status === OrderStatus.FILLED) this.#close(known);
    else if (rests) this.#resting.get(known.marketId)?.restingTraded(known, Number(trade.quantityLots));
    else this.#resting.get(known.marketId)?.comingLessened(known);
  }

  #transfer({ accountId, assetId, amountUnits, transferId }: { accountId: bigint; assetId: number; amountUnits: bigint; transferId: string }, sign: bigint): void {
    const key = `${accountId}/${transferId}`;
    const known = this.transfers.get(key);
    if (known !== undefined) {
      known.count++;
      this.findings.add("duplicated", `transfer "${transferId}" of account ${accountId} was posted twice`);
    } else this.transfers.set(key, { accountId: Number(accountId), assetId, units: sign * amountUnits, count: 1 });
    this.#pendingWithdrawals.delete(key);
    this.#move(Number(accountId), assetId, sign * amountUnits);
    this.#issued.set(assetId, (this.#issued.get(assetId) ?? 0n) + sign * amountUnits);
  }

  #move(accountId: number, assetId: number, units: bigint): void {
    const key = `${accountId}/${assetId}`;
    this.owned.set(key, (this.owned.get(key) ?? 0n) + units);
  }

  /** Ids of the orders in the book of one side, in the order in which they would trade. */
  queueOf(marketId: number, side: Side): number[] {
    return this.#resting.get(marketId)?.book(side) ?? [];
  }

  /** The same of those that an auction has collected beside the book. */
  collectedOf(marketId: number, side: Side): number[] {
    return this.#resting.get(marketId)?.collected(side) ?? [];
  }

  /** What must hold at the end of a history, whoever looks at it. */
  finish(): void {
    for (const [key, owned] of this.owned) {
      const { available, held } = this.balances.get(key) ?? { available: 0n, held: 0n };
      if (available + held !== owned) this.findings.add("balance", `${key} (account/asset) ends with ${available + held}; deposits, trades and fees add up to ${owned}`);
      if (available < 0n || held < 0n) this.findings.add("balance", `${key} (account/asset) ends negative`);
    }
    this.#checkHolds();
    this.#checkConservation();
  }

  // What is held is what open orders need; where that cannot be known from the events, the account's asset is left out.
  #checkHolds(): void {
    const needed = new Map<string, bigint>();
    const leftOut = new Set<string>();
    const need = (key: string, units: bigint) => needed.set(key, (needed.get(key) ?? 0n) + units);
    /** Only one of a pair is ever carried out: together they hold the larger of their needs. */
    const pairs = new Map<number, { readonly key: string; readonly units: bigint }>();
    for (const order of this.orders.values()) {
      const market = this.markets.get(order.marketId);
      if (!order.open || market === undefined) continue;
      const key = `${order.accountId}/${paysWith(order, market)}`;
      const units = neededUnits(order, market);
      if (units === undefined) leftOut.add(key);
      else {
        const list = this.#pairs.get(order.orderId);
        const other = list === undefined ? undefined : pairs.get(list);
        if (list === undefined) need(key, units);
        else if (other === undefined || other.units < units) pairs.set(list, { key, units });
      }
    }
    for (const { key, units } of pairs.values()) need(key, units);
    for (const { accountId, assetId, units } of this.#pendingWithdrawals.values()) need(`${accountId}/${assetId}`, units);
    for (const [key, { held }] of this.balances) {
      if (!leftOut.has(key) && held !== (needed.get(key) ?? 0n)) this.findings.add("balance", `${key} (account/asset) holds ${held}; its open orders need ${needed.get(key) ?? 0n}`);
    }
    for (const [key, units] of needed) if (!this.balances.has(key) && units !== 0n) this.findings.add("balance", `${key} (account/asset) has open orders and no balance`);
  }

  #checkConservation(): void {
    const sums = new Map<number, bigint>();
    for (const [key, { available, held }] of this.balances) {
      const assetId = Number(key.split("/")[1]);
      sums.set(assetId, (sums.get(assetId) ?? 0n) + available + held);
    }
    for (const assetId of new Set([...sums.keys(), ...this.#issued.keys()])) {
      const [sum, issued] = [sums.get(assetId) ?? 0n, this.#issued.get(assetId) ?? 0n];
      if (sum !== issued) this.findings.add("conservation", `all balances of asset ${assetId} sum up to ${sum}; deposits less withdrawals are ${issued}`);
    }
  }

  /** Every order ever accepted under a client order id of an account. */
  ordersNamed(accountId: number, clientOrderId: string): readonly FoldedOrder[] {
    const found = this.byClientOrderId.get(`${accountId}/${clientOrderId}`);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }
}

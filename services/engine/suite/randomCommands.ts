// Random commands that go where the edges are: few prices, tiny and huge sizes, exact balances, ids used twice, ids of
// others, frozen accounts, closed markets, deadlines, the ends of every scale.
//
// Looks at the naive engine to find the edges; what it writes is plain data and stands on its own.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Market, MarketSchema } from "../../../gen/tickwire/v1/types_pb.ts";
import { CancelReplaceMode, CancelRestriction, type PlaceOrderSchema } from "../../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, MarketStatus, OrderListType, OrderType, PegType, Side, TimeInForce, type SelfTradePreventionMode, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "../model/modelEngine.ts";
import { EXACT_MAX, remainingLots, type ModelMarket } from "../model/modelState.ts";
import type { CommandInit, Entry } from "./commandList.ts";
import { wakesOnRise } from "../model/modelRules.ts";
import { seededRoll, type Roll } from "./random.ts";

type Body = NonNullable<CommandInit["body"]>;
type PlaceOrderInit = MessageInitShape<typeof PlaceOrderSchema>;

const opposite = (side: Side): Side => (side === Side.BUY ? Side.SELL : Side.BUY);

const smallest = (a: bigint, b: bigint): bigint => (a < b ? a : b);

// What an order at this price must have to be taken.
const leastLots = ({ minQuantityLots, minNotionalUnits, notionalUnits }: Market, ticks: bigint): bigint => {
  const lots = (minNotionalUnits + ticks * notionalUnits - 1n) / (ticks * notionalUnits);
  return lots > minQuantityLots ? lots : minQuantityLots;
};

/** A venue to trade on: its assets' scales, and how far prices, sizes and deposits go. */
interface Profile {
  readonly name: string;
  readonly scales: readonly [base: number, quote: number, third: number];
  readonly tickSizeUnits: bigint;
  readonly lotSizeUnits: bigint;
  readonly middle: number;
  /** Lots of a usual order. */
  readonly lots: number;
  readonly maxLots: bigint;
  readonly maxPriceTicks: bigint;
  readonly deposits: readonly [base: bigint, quote: bigint];
  readonly fees: readonly [makerPpm: number, takerPpm: number];
  readonly maxNumOrders: number;
}

const PRICE_TICKS_MAX = 2n ** 31n - 2n;

/** The kinds of venue that runs alternate between. */
export const PROFILES: readonly Profile[] = [
  { name: "one tick, one lot, one unit", scales: [0, 0, 0], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: 100, lots: 30, maxLots: 1_000_000n, maxPriceTicks: 1_000_000_000n, deposits: [3_000n, 400_000n], fees: [1_000, 25_003], maxNumOrders: 6 },
  { name: "cents and ten-thousandths", scales: [8, 6, 6], tickSizeUnits: 10_000n, lotSizeUnits: 10_000n, middle: 6_000_000, lots: 50_000, maxLots: 90_000_000n, maxPriceTicks: 100_000_000n, deposits: [40_000_000_000n, 9_000_000_000_000n], fees: [0, 1_000], maxNumOrders: 200 },
  { name: "prices near one", scales: [0, 0, 2], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: 2, lots: 400, maxLots: EXACT_MAX, maxPriceTicks: 7n, deposits: [EXACT_MAX / 3n, EXACT_MAX / 2n], fees: [3, 100_000], maxNumOrders: 9 },
  { name: "prices near the maximum", scales: [0, 0, 0], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: Number(PRICE_TICKS_MAX) - 3, lots: 9, maxLots: 1n << 23n, maxPriceTicks: PRICE_TICKS_MAX, deposits: [1n << 40n, EXACT_MAX], fees: [1, 999], maxNumOrders: 30 },
  { name: "a coarse notional", scales: [2, 0, 0], tickSizeUnits: 1_000n, lotSizeUnits: 1_000n, middle: 4_000, lots: 3_000, maxLots: 1n << 32n, maxPriceTicks: 1n << 24n, deposits: [1n << 44n, 1n << 50n], fees: [77, 501], maxNumOrders: 20 },
  { name: "a market that jumps", scales: [0, 0, 0], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: 1 << 20, lots: 20, maxLots: 100_000n, maxPriceTicks: PRICE_TICKS_MAX, deposits: [100_000n, EXACT_MAX], fees: [0, 0], maxNumOrders: 40 },
];

const ACCOUNTS = 5;
const HUGE = 2n ** 64n - 1n;

export class RandomCommands {
  readonly #roll: Roll;
  readonly #profile: Profile;
  #timeUs = 1_000_000n;
  #newestClientId = 0;
  #newestListId = 0;
  #transfers = 0;
  /** Client order id of the last list with a pegged order: what becomes of its peg, the market decides soon. */
  #peggedList = "";
  /** Commands that are to follow the last one. */
  readonly #coming: ((model: ModelEngine) => CommandInit)[] = [];
  readonly #middle: [number, number];

  constructor(seed: number, profile: Profile = PROFILES[seed % PROFILES.length] as Profile) {
    this.#roll = seededRoll(seed);
    this.#profile = profile;
    this.#middle = [profile.middle, 50];
  }

  /** Lists the assets and two markets that share one, opens the house and the traders, and brings their money. */
  opening(): Entry[] {
    const { scales, deposits } = this.#profile;
    const bodies: Body[] = [
      { case: "openLog", value: { epoch: 7, venue: "Proof" } },
      ...["BASE", "QUOTE", "THIRD"].map((code, i): Body => ({ case: "listAsset", value: { asset: { code, name: code, scale: scales[i] as number } } })),
      { case: "listMarket", value: { market: this.#firstMarket() } },
      { case: "listMarket", value: { market: this.#secondMarket() } },
      ...["house", ...Array.from({ length: ACCOUNTS - 1 }, (_, i) => `trader ${i}`)].map((externalId): Body => ({ case: "openAccount", value: { externalId, name: externalId } })),
    ];
    const commands: CommandInit[] = bodies.map((body) => ({ body }));
    for (let account = 2n; account <= ACCOUNTS; account++) {
      for (const [i, amountUnits] of [...deposits, 1_000_000n].entries()) {
        commands.push({ accountId: account, body: { case: "deposit", value: { assetId: i + 1, amountUnits, transferId: `opening-${i}` } } });
      }
    }
    return [{ timeUs: this.#timeUs, commands }];
  }

  #firstMarket() {
    const { tickSizeUnits, lotSizeUnits, maxLots, maxPriceTicks, fees, maxNumOrders } = this.#profile;
    return {
      symbol: "BASEQUOTE",
      baseAssetId: 1,
      quoteAssetId: 2,
      tickSizeUnits,
      lotSizeUnits,
      makerFeePpm: fees[0],
      takerFeePpm: fees[1],
      minPriceTicks: this.#pick([1n, 1n, 2n]),
      maxPriceTicks,
      minQuantityLots: this.#pick([1n, 1n, 3n]),
      maxQuantityLots: maxLots,
      maxMarketQuantityLots: maxLots / this.#pick([1n, 2n]),
      minNotionalUnits: this.#pick([1n, 1n, 50n]),
      maxNotionalUnits: this.#pick([EXACT_MAX, EXACT_MAX, EXACT_MAX / 5n]),
      maxNumOrders,
    };
  }

  // Its base is the first market's quote.
  #secondMarket() {
    const whole = 10n ** BigInt(this.#profile.scales[1]);
    return {
      symbol: "QUOTETHIRD",
      baseAssetId: 2,
      quoteAssetId: 3,
      tickSizeUnits: whole,
      lotSizeUnits: 2n,
      makerFeePpm: 250,
      takerFeePpm: 5_000,
      minPriceTicks: 1n,
      maxPriceTicks: 1_000n,
      minQuantityLots: 1n,
      maxQuantityLots: 5_000n,
      maxMarketQuantityLots: 1_000n,
      minNotionalUnits: 4n,
      maxNotionalUnits: 1_000_000n,
      maxNumOrders: 5,
    };
  }

  // Sometimes with the rules that are off by default, tight enough to be met.
  #changedRules(model: ModelEngine): MessageInitShape<typeof MarketSchema> {
    const roll = this.#roll;
    const marketId = 1 + roll(2);
    const old = model.market(marketId)?.rules as Market;
    const maybe = <T extends number | bigint>(zero: T, ...values: T[]): T => (roll(2) === 0 ? zero : this.#pick(values));
    return {
      ...(marketId === 1 ? this.#firstMarket() : this.#secondMarket()),
      marketId: roll(20) === 0 ? 7 : marketId,
      symbol: roll(10) === 0 ? "OTHER" : roll(2) === 0 ? "" : old.symbol,
      maxNumAlgoOrders: maybe(0, 1, 3),
      maxIcebergParts: maybe(0, 1, 4),
      maxNumIcebergOrders: maybe(0, 1, 3),
      maxNumOrderLists: maybe(0, 1, 2),
      maxNumOrderAmends: maybe(0, 1, 2),
      maxPositionLots: maybe(0n, 100n, 5_000n, EXACT_MAX),
      minMarketQuantityLots: maybe(0n, 2n),
      bidMultiplierUpBips: maybe(0, 10_000, 10_500, 20_000),
      bidMultiplierDownBips: maybe(0, 9_500, 10_000),
      askMultiplierUpBips: maybe(0, 10_000, 10_500),
      askMultiplierDownBips: maybe(0, 1, 9_500),
      minTrailingAboveBips: maybe(0, 50),
      maxTrailingAboveBips: maybe(0, 500, 2_000),
      minTrailingBelowBips: maybe(0, 100),
      maxTrailingBelowBips: maybe(0, 500),
      priceBandBips: maybe(0, 1, 100, 300, 20_000),
      feeTiers: maybe(0, 1) === 0 ? [] : [{ tier: 1, makerFeePpm: 5, takerFeePpm: 55 }, { tier: this.#pick([2, 2, 2, 1]), makerFeePpm: 0, takerFeePpm: this.#pick([0, 100_000, 100_001]) }],
    };
  }

  /** The next entry, given how the venue stands. */
  next(model: ModelEngine): Entry {
    const roll = this.#roll;
    this.#timeUs += BigInt(roll(20) === 0 ? roll(2_000_000) : roll(300));
    if (roll(200) === 0) this.#jump();
    const commands = [(roll(8) === 0 ? this.#opensAgain(model) : undefined) ?? this.#command(model)];
    if (roll(12) === 0) for (let more = roll(4); more > 0; more--) commands.push(this.#command(model));
    // A writer's clock may be behind another's.
    const timeUs = roll(50) === 0 ? this.#timeUs - BigInt(roll(1_000)) : this.#timeUs;
    return { timeUs, commands };
  }

  // What is closed or frozen does not stay so for long, or nothing else would be tested.
  #opensAgain(model: ModelEngine): CommandInit | undefined {
    const closed = model.markets.find(({ rules }) => rules.status !== MarketStatus.TRADING);
    if (closed !== undefined) {
      const { marketId, status } = closed.rules;
      // An auction has to last for a while to collect anything.
      if (status === MarketStatus.AUCTION && this.#roll(8) > 0) return undefined;
      const next = status === MarketStatus.HALT && this.#roll(3) > 0 ? MarketStatus.AUCTION : MarketStatus.TRADING;
      return { accountId: 0n, body: { case: "setMarketStatus", value: { marketId, status: next } } };
    }
    const frozen = model.accounts.find((account) => account.frozen);
    return frozen === undefined ? undefined : { accountId: 0n, body: { case: "setAccountFrozen", value: { targetAccountId: frozen.accountId, frozen: false } } };
  }

  #jump(): void {
    const highest = Number(this.#profile.maxPriceTicks);
    if (this.#profile.name === "a market that jumps") this.#middle[0] = 1 + this.#roll(Math.min(highest, 2 ** (1 + this.#roll(31))));
    else this.#middle[0] = Math.max(1, Math.min(highest, this.#middle[0] + this.#roll(9) - 4));
    this.#middle[1] = 45 + this.#roll(10);
  }

  #command(model: ModelEngine): CommandInit {
    const roll = this.#roll;
    if (this.#coming.length === 0 && roll(2) === 0) this.#setOffPegged(model);
    if (this.#coming.length === 0 && roll(50) === 0) this.#listWithPegs(model);
    if (this.#coming.length === 0 && roll(60) === 0) this.#wakeTogether(model);
    if (this.#coming.length === 0 && roll(25) === 0) {
      const choices = [model.orders.filter((o) => o.orderListId !== 0n), model.orders, model.outsideTheBook()].filter((orders) => orders.length > 0);
      if (choices.length > 0) this.#setOff(model, this.#pick(choices));
    }
    const coming = this.#coming.shift();
    if (coming !== undefined) return coming(model);
    const accountId = roll(60) === 0 ? this.#pick([0n, 1n, BigInt(ACCOUNTS) + 1n, EXACT_MAX, HUGE]) : BigInt(2 + roll(ACCOUNTS - 1));
    const command: CommandInit = { accountId, body: this.#body(model, accountId) };
    if (["resolveTransfer", "setFeeTier", "setTradeGroup", "updateMarket", "openAccount", "setAccountFrozen", "setMarketStatus", "openLog", "listAsset", "listMarket"].includes(command.body?.case ?? "") && roll(8) > 0) command.accountId = 0n;
    if (roll(25) === 0) command.deadlineUs = this.#timeUs + this.#pick([-1n, 0n, 1n, 1_000n]);
    if (roll(2_000) === 0) command.requestNo = HUGE;
    return command;
  }

  #body(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const kind = roll(1_000);
    if (kind < 540) return { case: "placeOrder", value: this.#placeOrder(model, accountId) };
    if (kind < 640) return this.#placeList(model, accountId);
    if (kind < 780) return { case: "cancelOrder", value: this.#cancelOrder(model, accountId) };
    if (kind < 830) return this.#amendOrder(model, accountId);
    if (kind < 860) return this.#cancelReplace(model, accountId);
    if (kind < 870) return this.#cancelList(model, accountId);
    if (kind < 880) {
      return {
        case: "cancelAllOrders",
        value: {
          marketId: this.#pick([0, 1, 1, 2, 3]),
          side: this.#pick([Side.UNSPECIFIED, Side.UNSPECIFIED, Side.BUY, Side.SELL, 3 as Side]),
          reason: this.#pick([0, 0, 0, 0, CancelReason.DISCONNECT, CancelReason.OPERATOR, CancelReason.REPLACED, 9 as CancelReason]),
        },
      };
    }
    if (kind < 920) return this.#transfer("deposit", model, accountId);
    if (kind < 950) return this.#transfer("withdraw", model, accountId);
    if (kind < 953) {
      const account = model.accounts[roll(model.accounts.length)];
      const transfer = account?.pendingTransfers[roll(Math.max(1, account.pendingTransfers.length))];
      return { case: "resolveTransfer", value: { targetAccountId: roll(20) === 0 ? 99n : (account?.accountId ?? 1n), transferId: transfer?.transferId ?? "t1", post: roll(2) === 0 } };
    }
    if (kind < 962) return { case: "setAccountFrozen", value: { targetAccountId: roll(8) === 0 ? this.#pick([0n, 99n, HUGE]) : BigInt(1 + roll(ACCOUNTS)), frozen: roll(2) === 0 } };
    if (kind < 974) {
      const marketId = roll(15) === 0 ? 9 : 1 + roll(2);
      const status = this.#pick([MarketStatus.TRADING, MarketStatus.TRADING, MarketStatus.HALT, MarketStatus.HALT, MarketStatus.CANCEL_ONLY, MarketStatus.POST_ONLY, MarketStatus.AUCTION, MarketStatus.UNSPECIFIED, 77 as MarketStatus]);
      return { case: "setMarketStatus", value: { marketId, status } };
    }
    if (kind < 984) return { case: "setDeadMansSwitch", value: { timeoutUs: this.#pick([0n, 1n, 1_000n, 100_000n, 1_000_000n, 86_400_000_000n, 86_400_000_001n, HUGE]) } };
    if (kind < 990) return { case: "advanceTime", value: {} };
    if (kind < 991) return roll(2) === 0 ? { case: "setFeeTier", value: { targetAccountId: BigInt(roll(ACCOUNTS + 2)), tier: this.#pick([0, 1, 2, 9, 2 ** 31]) } } : { case: "setTradeGroup", value: { targetAccountId: BigInt(roll(ACCOUNTS + 2)), tradeGroupId: this.#pick([0n, 1n, 1n, EXACT_MAX + 1n]) } };
    if (kind < 993) return { case: "updateMarket", value: { market: this.#changedRules(model) } };
    if (kind < 994) return { case: "openAccount", value: { externalId: this.#pick(["house", "trader 1", "late", "", "x".repeat(129)]), name: "again" } };
    if (kind < 995) {
      if (roll(2) === 0) return { case: "openLog", value: { epoch: 9, venue: "Other" } };
      return { case: "startEpoch", value: { epoch: model.epoch + this.#pick([-1, 0, 1, 1, 1, 1, 5]), reason: this.#pick(["", "a repair", "x".repeat(129)]) } };
    }
    if (kind < 996) return { case: "listAsset", value: { asset: { code: this.#pick(["BASE", "FOURTH", "fifth"]), name: "", scale: 3 } } };
    if (kind < 998) return { case: "listMarket", value: { market: { ...this.#firstMarket(), symbol: this.#pick(["BASEQUOTE", "NO", "no"]), maxNotionalUnits: this.#pick([0n, HUGE]) } } };
    return { case: undefined } as unknown as Body;
  }

  #placeOrder(model: ModelEngine, accountId: bigint): PlaceOrderInit {
    const roll = this.#roll;
    const marketId = roll(80) === 0 ? this.#pick([0, 3, 4_294_967_295]) : roll(5) === 0 ? 2 : 1;
    const rules = model.market(marketId)?.rules ?? (model.markets[0]?.rules as Market);
    const side = roll(150) === 0 ? this.#pick([Side.UNSPECIFIED, 3 as Side, -1 as Side]) : roll(2) === 0 ? Side.BUY : Side.SELL;
    if (roll(10) === 0) return this.#waitingOrder(model, rules, accountId, side === Side.BUY ? Side.BUY : Side.SELL);
    const type = roll(100) < 70 ? OrderType.LIMIT : this.#pick([OrderType.MARKET, OrderType.MARKET, OrderType.LIMIT_MAKER, OrderType.LIMIT_MAKER, roll(10) === 0 ? this.#pick([0 as OrderType, 8 as OrderType, -1 as OrderType]) : OrderType.MARKET]);
    const priceTicks = type === OrderType.MARKET && roll(40) > 0 ? 0n : this.#price(rules, marketId === 2 ? 1 : 0, side);
    const byQuote = type === OrderType.MARKET && roll(2) === 0;
    const timeInForce = type === OrderType.LIMIT ? this.#pick([1, 1, 1, 1, 1, 1, 2, 3, 4, roll(20) === 0 ? roll(7) - 1 : 1]) : roll(10) === 0 ? roll(6) : 0;
    const order: PlaceOrderInit = {
      marketId,
      side,
      type,
      timeInForce: timeInForce as TimeInForce,
      priceTicks,
      quantityLots: byQuote && roll(40) > 0 ? 0n : this.#lots(model, rules, accountId, side, priceTicks),
      quoteOrderUnits: byQuote ? this.#quoteUnits(model, rules, accountId, side) : roll(300) === 0 ? 5n : 0n,
      clientOrderId: this.#clientId(),
      selfTradePreventionMode: this.#prevention(),
      expireTimeUs: (timeInForce === TimeInForce.GTD) !== (roll(100) === 0) ? this.#timeUs + this.#pick([0n, 1n, 500n, 20_000n, 1_000_000n, EXACT_MAX]) : 0n,
    };
    if (roll(type === OrderType.LIMIT_MAKER ? 3 : 200) === 0) order.postOnlySlide = true;
    if (roll(type === OrderType.MARKET ? 60 : 8) === 0) order.icebergLots = this.#icebergLots(rules, order.quantityLots ?? 0n);
    return roll(type === OrderType.MARKET ? 60 : 14) === 0 ? this.#peg(order) : order;
  }

  // A few commands in a row by which something is set off: an order meets another of its own account, what is left
  // of the account's money goes, and the market moves to a price that an order waits for, of the same list at best.
  #setOff(model: ModelEngine, orders: readonly Order[]): void {
    const roll = this.#roll;
    const order = orders[roll(orders.length)] as Order;
    const rules = model.market(order.marketId)?.rules as Market;
    if (model.orders.includes(order) && roll(2) === 0) {
      const lots = remainingLots(order);
      const mode = this.#pick([0, 1, 2, 3, 4, 5, 5]) as SelfTradePreventionMode;
      this.#coming.push(() => this.#limit(order.accountId, rules, opposite(order.side), order.priceTicks, lots > 2n ? this.#pick([1n, lots / 2n, lots - 1n, lots, lots + 1n]) : lots, { selfTradePreventionMode: mode }));
    }
    if (roll(3) === 0) this.#coming.push((now) => this.#withdrawsAll(now, order.accountId, this.#pick([rules.baseAssetId, rules.quoteAssetId])));
    const waiting = model.waiting.map((w) => w.order).find((o) => (order.orderListId === 0n ? o === order : o.orderListId === order.orderListId)) ?? order;
    const last = model.market(order.marketId)?.lastPriceTicks ?? 0n;
    const ticks = waiting.stopPriceTicks !== 0n && waiting.triggeredUs === 0n ? waiting.stopPriceTicks : waiting.priceTicks !== 0n ? waiting.priceTicks : last;
    if (ticks === 0n) return;
    const side = ticks >= last ? Side.BUY : Side.SELL;
    const [maker, taker] = [BigInt(2 + roll(ACCOUNTS - 1)), BigInt(2 + roll(ACCOUNTS - 1))];
    const there = model.makers(order.marketId, side, ticks).reduce((sum, o) => sum + remainingLots(o), 0n);
    const least = leastLots(rules, ticks);
    this.#coming.push(() => this.#limit(maker, rules, opposite(side), ticks, least, {}));
    this.#coming.push(() => this.#limit(taker, rules, side, ticks, there + least, { timeInForce: TimeInForce.IOC }));
  }

  // A list with pegged orders that mostly fit, in a market that has prices for them, or lacks one.
  #listWithPegs(model: ModelEngine): void {
    const roll = this.#roll;
    const { rules, lastPriceTicks } = model.markets[roll(4) === 0 ? 1 : 0] as ModelMarket;
    const middle = lastPriceTicks === 0n ? BigInt(this.#middle[rules.marketId === 2 ? 1 : 0]) : lastPriceTicks;
    const lots = leastLots(rules, middle) + BigInt(1 + roll(4));
    const away = (side: Side, ticks: number): bigint => (side === Side.SELL ? middle + BigInt(ticks) : middle > BigInt(ticks) ? middle - BigInt(ticks) : 1n);
    for (const side of [Side.BUY, Side.SELL]) {
      const maker = BigInt(2 + roll(ACCOUNTS - 1));
      for (let levels = roll(4); levels > 0; levels--) this.#coming.push(() => this.#limit(maker, rules, side, away(side, 1 + roll(6)), lots, {}));
    }
    const side = roll(2) === 0 ? Side.BUY : Side.SELL;
    const maybePegged = (order: PlaceOrderInit): PlaceOrderInit => (roll(2) === 0 && order.timeInForce !== TimeInForce.UNSPECIFIED ? this.#pegInList(order) : order);
    const type = this.#pick([OrderListType.OCO, OrderListType.OTO, OrderListType.OTOCO]);
    const limit = (of: Side): PlaceOrderInit => ({ ...this.#plain(rules, of, lots), ...this.#lasting(), type: this.#pick([OrderType.LIMIT, OrderType.LIMIT_MAKER]), priceTicks: away(of, roll(3)) });
    const pair = this.#pair(model, rules, side, lots).map(maybePegged);
    const orders = type === OrderListType.OCO ? pair : type === OrderListType.OTO ? [maybePegged(limit(opposite(side))), this.#pegInList(limit(side))] : [limit(opposite(side)), ...pair];
    const clientOrderListId = this.#listId();
    this.#coming.push(() => {
      this.#peggedList = clientOrderListId;
      return { accountId: BigInt(2 + roll(ACCOUNTS - 1)), body: { case: "placeOrderList", value: { type, clientOrderListId, orders } } };
    });
  }

  // Several orders of one account that one price wakes, of which each may take what the next one needs: one that meets the
  // account's own order of a pair, one without a limit that spends all there is, and the pair's other order.
  #wakeTogether(model: ModelEngine): void {
    const roll = this.#roll;
    const { rules, lastPriceTicks } = model.markets[roll(4) === 0 ? 1 : 0] as ModelMarket;
    if (lastPriceTicks === 0n) return;
    const accountId = BigInt(2 + roll(ACCOUNTS - 1));
    const [maker, taker] = [BigInt(2 + roll(ACCOUNTS - 1)), BigInt(2 + roll(ACCOUNTS - 1))];
    const side = roll(2) === 0 ? Side.BUY : Side.SELL;
    const other = opposite(side);
    const beyond = (ticks: number): bigint => (side === Side.BUY ? lastPriceTicks + BigInt(ticks) : lastPriceTicks > BigInt(ticks) ? lastPriceTicks - BigInt(ticks) : 1n);
    const wakesAt = beyond(1);
    const lots = leastLots(rules, wakesAt) + BigInt(roll(5));
    const waits = (of: Side, type: OrderType, quantityLots: bigint, more: PlaceOrderInit): PlaceOrderInit => ({ ...this.#plain(rules, of, quantityLots), type, stopPriceTicks: wakesAt, ...more });
    const places = (order: PlaceOrderInit): void => void this.#coming.push(() => ({ accountId, body: { case: "placeOrder", value: order } }));
    this.#coming.push((now) => {
      // Nobody bids, or asks, as much as the pair's own order.
      const better = now.side(rules.marketId, side).reduce((sum, o) => sum + remainingLots(o), 0n);
      return this.#limit(taker, rules, other, side === Side.BUY ? 1n : rules.maxPriceTicks, better === 0n ? 1n : better, { timeInForce: TimeInForce.IOC });
    });
    if (roll(5) > 0) places(waits(other, OrderType.TAKE_PROFIT, lots, { selfTradePreventionMode: this.#pick([3, 3, 3, 4, 5, 2, 0]) as SelfTradePreventionMode }));
    if (roll(5) > 0) places(waits(side, OrderType.STOP_LOSS, lots * BigInt(1 + roll(4)), {}));
    const gains: PlaceOrderInit = { ...this.#plain(rules, side, lots), type: OrderType.LIMIT_MAKER, priceTicks: side === Side.BUY ? (lastPriceTicks > 2n ? lastPriceTicks - BigInt(1 + roll(2)) : 1n) : lastPriceTicks + BigInt(1 + roll(2)) };
    const stops = waits(side, OrderType.STOP_LOSS_LIMIT, lots, { timeInForce: TimeInForce.GTC, priceTicks: beyond(2 + roll(3)) });
    const orders = side === Side.BUY ? [stops, gains] : [gains, stops];
    this.#coming.push(() => ({ accountId, body: { case: "placeOrderList", value: { type: OrderListType.OCO, clientOrderListId: this.#listId(), orders } } }));
    this.#coming.push(() => this.#limit(maker, rules, other, beyond(40 + roll(200)), lots * 9n, {}));
    this.#coming.push((now) => this.#withdrawsAll(now, accountId, side === Side.BUY ? rules.quoteAssetId : rules.baseAssetId));
    const least = leastLots(rules, wakesAt);
    this.#coming.push(() => this.#limit(maker, rules, other, wakesAt, least, {}));
    this.#coming.push((now) => this.#limit(taker, rules, side, wakesAt, now.makers(rules.marketId, side, wakesAt).reduce((sum, o) => sum + remainingLots(o), 0n), { timeInForce: TimeInForce.IOC }));
  }

  // The pegged order of the newest such list gets its price, or finds none: its list's working order is filled, or it is woken.
  #setOffPegged(model: ModelEngine): void {
    const list = model.lists.open.find((l) => l.clientOrderListId === this.#peggedList);
    this.#peggedList = "";
    if (list === undefined) return;
    const open = model.allOpen().filter((o) => o.orderListId === list.orderListId);
    const working = open.filter((o) => o.orderId === list.orderIds[0] && list.type !== OrderListType.OCO);
    this.#setOff(model, working.length > 0 ? working : open);
  }

  #withdrawsAll(model: ModelEngine, accountId: bigint, assetId: number): CommandInit {
    return { accountId, body: { case: "withdraw", value: { assetId, amountUnits: model.available(accountId, assetId), transferId: `t${++this.#transfers}` } } };
  }

  #limit(accountId: bigint, rules: Market, side: Side, priceTicks: bigint, quantityLots: bigint, more: PlaceOrderInit): CommandInit {
    return { accountId, body: { case: "placeOrder", value: { ...this.#plain(rules, side, quantityLots), type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks, ...more } } };
  }

  // A few parts, mostly; sometimes as many as may be, one more, or a part that is larger than the whole.
  #icebergLots(rules: Market, quantityLots: bigint): bigint {
    const roll = this.#roll;
    const parts = roll(8) === 0 ? this.#pick([1_000n, 1_001n, BigInt(rules.maxIcebergParts || 50)]) : BigInt(1 + roll(6));
    const lots = quantityLots / parts;
    return roll(12) === 0 ? this.#pick([1n, rules.minQuantityLots - 1n, quantityLots, smallest(HUGE, quantityLots + 1n), HUGE]) : lots < 1n ? 1n : smallest(HUGE, lots + BigInt(roll(2)));
  }

  // Its price is the book's; the offset is mostly one that the book has.
  #peg(order: PlaceOrderInit): PlaceOrderInit {
    const roll = this.#roll;
    return {
      ...order,
      pegType: this.#pick([PegType.PRIMARY, PegType.PRIMARY, PegType.MARKET, PegType.MARKET, roll(20) === 0 ? (3 as PegType) : PegType.MARKET, roll(20) === 0 ? PegType.UNSPECIFIED : PegType.PRIMARY]),
      pegOffsetLevels: roll(3) > 0 ? 0 : this.#pick([1, 1, 2, 3, 100, 101]),
      priceTicks: roll(20) > 0 ? 0n : (order.priceTicks ?? 0n),
    };
  }

  // An order of a list whose price is to be the book's: now, when it is placed, or when it is woken. It mostly may be.
  #pegInList(order: PlaceOrderInit): PlaceOrderInit {
    const roll = this.#roll;
    const pegged = this.#peg(order);
    if (roll(8) === 0) return pegged;
    const pegType = order.type === OrderType.LIMIT_MAKER || pegged.pegType !== PegType.MARKET ? PegType.PRIMARY : PegType.MARKET;
    const lasts: PlaceOrderInit = pegType === PegType.PRIMARY ? { timeInForce: TimeInForce.GTC, expireTimeUs: 0n } : {};
    return { ...pegged, ...lasts, pegType, pegOffsetLevels: this.#pick([0, 0, 0, 0, 0, 1, 2]), priceTicks: 0n };
  }

  // Lists that fit together, mostly: the working order near the market, a pair around it.
  #placeList(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const rules = model.market(roll(6) === 0 ? 2 : 1)?.rules as Market;
    const market = rules.marketId === 2 ? 1 : 0;
    const side = roll(2) === 0 ? Side.BUY : Side.SELL;
    const other = opposite(side);
    const type = this.#pick([OrderListType.OCO, OrderListType.OCO, OrderListType.OTO, OrderListType.OTOCO, roll(20) === 0 ? (roll(5) as OrderListType) : OrderListType.OTOCO]);
    // What a working order brings, its pending orders can mostly give away again.
    const workingSide = roll(6) > 0 ? other : side;
    const priceTicks = this.#price(rules, market, workingSide);
    const lots = this.#lots(model, rules, accountId, type === OrderListType.OCO ? side : workingSide, priceTicks);
    const limit: PlaceOrderInit = { ...this.#plain(rules, workingSide, lots), ...this.#lasting(), type: this.#pick([OrderType.LIMIT, OrderType.LIMIT, OrderType.LIMIT_MAKER]), priceTicks };
    const works = roll(6) === 0 ? this.#pegInList(limit) : limit;
    const pendingLots = roll(3) > 0 ? lots : this.#lots(model, rules, accountId, side, priceTicks);
    const pair = this.#pair(model, rules, side, type === OrderListType.OCO ? lots : pendingLots);
    const brought = roll(2) === 0 ? this.#waitingOrder(model, rules, accountId, side) : { ...this.#placeOrder(model, accountId), marketId: rules.marketId, side, quantityLots: pendingLots, quoteOrderUnits: 0n };
    const single = brought.type !== OrderType.MARKET && roll(4) === 0 ? this.#pegInList(brought) : brought;
    const orders = type === OrderListType.OCO ? pair : type === OrderListType.OTO ? [works, single] : [works, ...pair];
    // Now and then something is wrong with it.
    const wrong = roll(60);
    if (wrong === 0) orders.reverse();
    else if (wrong === 1) orders.pop();
    else if (wrong === 2) orders.push(this.#placeOrder(model, accountId));
    else if (wrong === 3 && orders[0] !== undefined) orders[0] = { ...orders[0], ...this.#pick<PlaceOrderInit>([{ quantityLots: 3n }, { marketId: 2 }, { clientOrderId: "same" }, { pegType: PegType.PRIMARY }, { quoteOrderUnits: 1n }, { postOnlySlide: true }, { side: 7 as Side }]) };
    if (wrong === 3 && roll(2) === 0) for (const order of orders) order.clientOrderId = "same";
    const clientOrderListId = this.#listId();
    if (orders.some((order) => order.pegType !== undefined && order.pegType !== PegType.UNSPECIFIED)) this.#peggedList = clientOrderListId;
    return { case: "placeOrderList", value: { type, clientOrderListId, orders } };
  }

  // A limit maker, or a take-profit, on the one side of the market, and a stop on the other.
  #pair(model: ModelEngine, rules: Market, side: Side, lots: bigint): PlaceOrderInit[] {
    const roll = this.#roll;
    const last = model.market(rules.marketId)?.lastPriceTicks ?? 0n;
    const middle = last === 0n ? BigInt(this.#middle[rules.marketId === 2 ? 1 : 0]) : last;
    const away = (sign: bigint): bigint => {
      const ticks = middle + sign * BigInt(roll(12) === 0 ? roll(2) : 1 + roll(4));
      return ticks < 1n ? 1n : ticks > rules.maxPriceTicks ? rules.maxPriceTicks : ticks;
    };
    const up = side === Side.SELL ? 1n : -1n;
    const gain: PlaceOrderInit = roll(3) > 0 ? { type: OrderType.LIMIT_MAKER, priceTicks: away(up) } : this.#trigger(OrderType.TAKE_PROFIT, away(up), away(up));
    const stop = this.#trigger(OrderType.STOP_LOSS, away(-up), away(-up));
    const [gains, stops] = [gain, stop].map((order): PlaceOrderInit => ({ ...this.#plain(rules, side, lots), ...this.#lasting(), ...order, ...(order.timeInForce === TimeInForce.UNSPECIFIED ? { expireTimeUs: 0n } : {}) })) as [PlaceOrderInit, PlaceOrderInit];
    if (roll(6) === 0) for (const order of [gains, stops]) if (order.timeInForce === TimeInForce.GTC) order.icebergLots = this.#icebergLots(rules, lots);
    return (side === Side.SELL ? [gains, stops] : [stops, gains]).map((order) => (order.timeInForce !== TimeInForce.UNSPECIFIED && roll(4) === 0 ? this.#pegInList(order) : order));
  }

  // The type given, with or without a limit, with or without a trailing delta.
  #trigger(marketType: OrderType, stopPriceTicks: bigint, priceTicks: bigint): PlaceOrderInit {
    const roll = this.#roll;
    const trails = roll(5) === 0 ? { trailingDeltaBips: this.#pick([50, 100, 500, 2_000]) } : {};
    const stop = { stopPriceTicks: roll(3) === 0 && roll(5) === 0 ? 0n : stopPriceTicks, ...trails };
    if (roll(2) === 0) return { type: marketType, timeInForce: TimeInForce.UNSPECIFIED, ...stop };
    return { type: marketType === OrderType.STOP_LOSS ? OrderType.STOP_LOSS_LIMIT : OrderType.TAKE_PROFIT_LIMIT, priceTicks, ...stop };
  }

  #plain(rules: Market, side: Side, quantityLots: bigint): PlaceOrderInit {
    return { marketId: rules.marketId, side, quantityLots, clientOrderId: this.#clientId(), selfTradePreventionMode: this.#prevention() };
  }

  #lasting(): PlaceOrderInit {
    if (this.#roll(5) > 0) return { timeInForce: TimeInForce.GTC, expireTimeUs: 0n };
    return { timeInForce: TimeInForce.GTD, expireTimeUs: this.#timeUs + this.#pick([500n, 20_000n, 1_000_000n]) };
  }

  #listId(): string {
    return this.#roll(40) === 0 ? this.#pick(["", "a b", "x".repeat(37)]) : `l${this.#roll(4) > 0 ? ++this.#newestListId : Math.max(0, this.#newestListId - this.#roll(20))}`;
  }

  #cancelList(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const mine = model.lists.open.filter((list) => list.accountId === accountId);
    const list = mine.length > 0 && roll(6) > 0 ? mine[roll(mine.length)] : model.lists.open[roll(Math.max(1, model.lists.open.length))];
    const byId = roll(2) === 0;
    return {
      case: "cancelOrderList",
      value: {
        marketId: roll(20) === 0 ? roll(4) : (list?.marketId ?? 1),
        orderListId: byId ? (roll(10) === 0 ? this.#pick([0n, 1n, EXACT_MAX, HUGE]) : (list?.orderListId ?? 1n)) : 0n,
        clientOrderListId: !byId || roll(6) === 0 ? (roll(6) === 0 ? this.#listId() : (list?.clientOrderListId ?? "")) : "",
      },
    };
  }

  // Mostly fewer lots, or a price near; the filled part, one lot more, what changes nothing.
  #amendOrder(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const { marketId, orderId, clientOrderId } = this.#cancelOrder(model, accountId);
    const order = model.allOpen().find((o) => o.orderId === orderId || (o.accountId === accountId && o.clientOrderId === clientOrderId));
    const rules = model.market(order?.marketId ?? 1)?.rules as Market;
    const { quantityLots, executedLots, priceTicks } = order ?? { quantityLots: 5n, executedLots: 0n, priceTicks: 100n };
    const fewer = quantityLots > 1n ? quantityLots - 1n - BigInt(roll(Number(smallest(quantityLots - 1n, 1_000n)))) : 1n;
    return {
      case: "amendOrder",
      value: {
        marketId,
        orderId,
        clientOrderId,
        newQuantityLots: roll(3) === 0 ? 0n : roll(5) > 0 ? fewer : this.#pick([1n, executedLots, executedLots + 1n, quantityLots, quantityLots + 1n, HUGE]),
        newPriceTicks: roll(2) === 0 ? 0n : roll(8) === 0 ? priceTicks : this.#price(rules, rules.marketId === 2 ? 1 : 0, order?.side ?? Side.BUY),
        newClientOrderId: roll(5) === 0 ? this.#clientId() : "",
        postOnly: roll(6) === 0,
      },
    };
  }

  // The new order is often like the old one, and often bears its name.
  #cancelReplace(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const cancel = this.#cancelOrder(model, accountId);
    const order = model.allOpen().find((o) => o.orderId === cancel.orderId || (o.accountId === accountId && o.clientOrderId === cancel.clientOrderId));
    const place = this.#placeOrder(model, accountId);
    if (roll(15) > 0) place.marketId = cancel.marketId ?? 1;
    if (roll(2) === 0 && order !== undefined) place.clientOrderId = order.clientOrderId;
    const mode = this.#pick([CancelReplaceMode.STOP_ON_FAILURE, CancelReplaceMode.ALLOW_FAILURE, roll(20) === 0 ? (this.#pick([0, 3]) as CancelReplaceMode) : CancelReplaceMode.STOP_ON_FAILURE]);
    if (roll(150) === 0) return { case: "cancelReplaceOrder", value: roll(2) === 0 ? { mode, cancel } : { mode, place } };
    return { case: "cancelReplaceOrder", value: { mode, cancel, place } };
  }

  #prevention(): SelfTradePreventionMode {
    return this.#pick([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, this.#roll(30) === 0 ? 6 : 0]) as SelfTradePreventionMode;
  }

  // A stop, take-profit or trailing order; mostly on the right side of the market, and near it.
  #waitingOrder(model: ModelEngine, rules: Market, accountId: bigint, side: Side): PlaceOrderInit {
    const roll = this.#roll;
    const type = this.#pick([OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT]);
    const hasLimit = type === OrderType.STOP_LOSS_LIMIT || type === OrderType.TAKE_PROFIT_LIMIT;
    const last = model.market(rules.marketId)?.lastPriceTicks ?? 0n;
    const away = BigInt(1 + roll(4)) * (wakesOnRise(type, side) === roll(15) > 0 ? 1n : -1n);
    const stop = last + away > 0n ? last + away : 1n;
    const trails = roll(3) === 0;
    const stopPriceTicks = roll(30) === 0 ? this.#pick([0n, rules.maxPriceTicks + 1n, HUGE]) : trails && roll(2) === 0 ? 0n : stop;
    const priceTicks = hasLimit ? this.#price(rules, rules.marketId === 2 ? 1 : 0, side) : 0n;
    const timeInForce = hasLimit ? this.#pick([1, 1, 2, 3, 4]) : this.#pick([0, 0, 2]);
    const order: PlaceOrderInit = {
      marketId: rules.marketId,
      side,
      type,
      timeInForce: timeInForce as TimeInForce,
      priceTicks,
      quantityLots: this.#lots(model, rules, accountId, side, hasLimit ? priceTicks : stop),
      stopPriceTicks,
      trailingDeltaBips: trails ? this.#pick([1, 50, 100, 500, 2_000, 9_999, 10_000]) : 0,
      clientOrderId: this.#clientId(),
      selfTradePreventionMode: this.#prevention(),
      expireTimeUs: timeInForce === 4 ? this.#timeUs + this.#pick([1_000n, 20_000n, 1_000_000n]) : 0n,
    };
    if (roll(hasLimit ? 6 : 60) === 0) order.icebergLots = this.#icebergLots(rules, order.quantityLots ?? 0n);
    if (roll(hasLimit ? 5 : 60) === 0) return { ...this.#peg(order), pegOffsetLevels: this.#pick([0, 0, 1, 2]) };
    if (roll(60) === 0) order.pegType = PegType.PRIMARY;
    return order;
  }

  // Near the middle, on few levels, often across the spread; now and then at the ends of the scale.
  #price(rules: Market, market: 0 | 1, side: Side): bigint {
    const roll = this.#roll;
    if (roll(30) === 0) return this.#pick([0n, 1n, 2n, rules.minPriceTicks - 1n, rules.minPriceTicks, rules.maxPriceTicks, rules.maxPriceTicks + 1n, PRICE_TICKS_MAX, PRICE_TICKS_MAX + 1n, EXACT_MAX, HUGE]);
    const lean = side === Side.BUY ? -1 : 1;
    const price = this.#middle[market] + (roll(3) === 0 ? 0 : lean) + roll(5) - 2;
    const ticks = BigInt(Math.max(1, price));
    return ticks > rules.maxPriceTicks ? rules.maxPriceTicks : ticks;
  }

  #lots(model: ModelEngine, rules: Market, accountId: bigint, side: Side, priceTicks: bigint): bigint {
    const roll = this.#roll;
    const near = (lots: bigint): bigint => (lots < 1n || roll(3) > 0 ? lots : lots + BigInt(roll(3) - 1));
    const kind = roll(100);
    if (kind < 40) return BigInt(1 + roll(5));
    if (kind < 78) return BigInt(1 + roll(rules.marketId === 2 ? 40 : this.#profile.lots));
    if (kind < 90) {
      // As much as the other side's best order, its best level, or all of it.
      const other = model.side(rules.marketId, side === Side.BUY ? Side.SELL : Side.BUY);
      const best = other[0];
      if (best === undefined) return 1n;
      const met = this.#pick<readonly Order[]>([[best], other.filter((o) => o.priceTicks === best.priceTicks), other]);
      return near(met.reduce((sum, o) => sum + remainingLots(o), 0n));
    }
    if (kind < 97) {
      // As much as the account can pay for.
      const each = side === Side.BUY ? (priceTicks === 0n ? 1n : priceTicks) * rules.notionalUnits : rules.lotSizeUnits;
      return near(model.available(accountId, side === Side.BUY ? rules.quoteAssetId : rules.baseAssetId) / each);
    }
    return this.#pick([0n, 1n, rules.minQuantityLots - 1n, rules.minQuantityLots, rules.maxQuantityLots, rules.maxQuantityLots + 1n, rules.maxMarketQuantityLots, EXACT_MAX, HUGE, EXACT_MAX / (priceTicks === 0n ? 1n : priceTicks) + BigInt(roll(2))]);
  }

  #quoteUnits(model: ModelEngine, rules: Market, accountId: bigint, side: Side): bigint {
    const roll = this.#roll;
    const kind = roll(10);
    const best = model.side(rules.marketId, side === Side.BUY ? Side.SELL : Side.BUY)[0];
    const each = (best?.priceTicks ?? 1n) * rules.notionalUnits;
    if (kind < 6) return each * BigInt(1 + roll(40)) + BigInt(roll(3) - 1);
    if (kind < 8) return model.available(accountId, rules.quoteAssetId) + BigInt(roll(2));
    return this.#pick([1n, each - 1n, each, rules.minNotionalUnits - 1n, rules.minNotionalUnits, rules.maxNotionalUnits, rules.maxNotionalUnits + 1n, EXACT_MAX, HUGE]);
  }

  #clientId(): string {
    if (this.#roll(60) === 0) return this.#pick(["", "x".repeat(36), "x".repeat(37), "ö", "a b", ".A-Z:/a-z0-9_-"]);
    // Mostly a new one, now and then one that was used, a short or a long while ago.
    if (this.#roll(8) > 0) this.#newestClientId++;
    return `o${Math.max(0, this.#newestClientId - (this.#roll(8) > 0 ? 0 : this.#roll(200)))}`;
  }

  #cancelOrder(model: ModelEngine, accountId: bigint) {
    const roll = this.#roll;
    const mine = model.openOrders(accountId);
    const order = mine.length > 0 && roll(8) > 0 ? mine[roll(mine.length)] : model.orders[roll(Math.max(1, model.orders.length))];
    const byId = roll(2) === 0;
    return {
      marketId: roll(30) === 0 ? this.#pick([0, 1, 2, 3]) : (order?.marketId ?? 1),
      orderId: byId ? (roll(30) === 0 ? this.#pick([1n, model.nextOrderId, EXACT_MAX, HUGE]) : (order?.orderId ?? 1n)) : 0n,
      clientOrderId: !byId || roll(10) === 0 ? (roll(10) === 0 ? this.#clientId() : (order?.clientOrderId ?? "")) : "",
      restriction: roll(8) === 0 ? (this.#pick([1, 2, 1, 2, 3]) as CancelRestriction) : CancelRestriction.UNSPECIFIED,
    };
  }

  #transfer(direction: "deposit" | "withdraw", model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const assetId = roll(40) === 0 ? this.#pick([0, 9]) : 1 + roll(3);
    const mine = model.available(accountId, assetId);
    // Often an account is left with nothing but what its orders hold.
    const usual = direction === "deposit" ? (this.#profile.deposits[assetId - 1] ?? 1_000_000n) / 4n + BigInt(roll(50)) : roll(3) === 0 ? mine : mine / 3n;
    const amountUnits = roll(4) > 0 ? usual : this.#pick([0n, 1n, direction === "withdraw" ? mine : 7n, mine + 1n, EXACT_MAX, EXACT_MAX + 1n, HUGE]);
    const transferId = roll(12) === 0 ? this.#pick(["", "opening-0", "t1", "x".repeat(64), "x".repeat(65)]) : `t${++this.#transfers}`;
    return { case: direction, value: { assetId, amountUnits, transferId, pending: roll(3) === 0 } };
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#roll(values.length)] as T;
  }
}

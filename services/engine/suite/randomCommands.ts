// Random commands that go where the edges are: few prices, tiny and huge sizes, exact balances, ids used twice, ids of
// others, frozen accounts, closed markets, deadlines, the ends of every scale.
//
// Looks at the naive engine to find the edges; what it writes is plain data and stands on its own.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Market, MarketSchema } from "../../../gen/tickwire/v1/types_pb.ts";
import { MarketStatus, OrderType, Side, TimeInForce, type SelfTradePreventionMode, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "../model/modelEngine.ts";
import { EXACT_MAX, remainingLots } from "../model/modelState.ts";
import type { CommandInit, Entry } from "./commandList.ts";
import { wakesOnRise } from "../model/modelRules.ts";
import { seededRoll, type Roll } from "./random.ts";

type Body = NonNullable<CommandInit["body"]>;

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
  { name: "one tick, one lot, one unit", scales: [0, 0, 0], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: 100, lots: 30, maxLots: 1_000_000n, maxPriceTicks: 1_000_000_000n, deposits: [3_000n, 400_000n], fees: [1_000, 25_003], maxNumOrders: 12 },
  { name: "cents and ten-thousandths", scales: [8, 6, 6], tickSizeUnits: 10_000n, lotSizeUnits: 10_000n, middle: 6_000_000, lots: 50_000, maxLots: 90_000_000n, maxPriceTicks: 100_000_000n, deposits: [40_000_000_000n, 9_000_000_000_000n], fees: [0, 1_000], maxNumOrders: 200 },
  { name: "prices near one", scales: [0, 0, 2], tickSizeUnits: 1n, lotSizeUnits: 1n, middle: 2, lots: 400, maxLots: EXACT_MAX, maxPriceTicks: 7n, deposits: [EXACT_MAX / 3n, EXACT_MAX / 2n], fees: [3, 100_000], maxNumOrders: 15 },
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
  #transfers = 0;
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
      maxNumOrders: 9,
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
    const commands = [this.#command(model)];
    if (roll(12) === 0) for (let more = roll(4); more > 0; more--) commands.push(this.#command(model));
    // A writer's clock may be behind another's.
    const timeUs = roll(50) === 0 ? this.#timeUs - BigInt(roll(1_000)) : this.#timeUs;
    return { timeUs, commands };
  }

  #jump(): void {
    const highest = Number(this.#profile.maxPriceTicks);
    if (this.#profile.name === "a market that jumps") this.#middle[0] = 1 + this.#roll(Math.min(highest, 2 ** (1 + this.#roll(31))));
    else this.#middle[0] = Math.max(1, Math.min(highest, this.#middle[0] + this.#roll(9) - 4));
    this.#middle[1] = 45 + this.#roll(10);
  }

  #command(model: ModelEngine): CommandInit {
    const roll = this.#roll;
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
    if (kind < 620) return this.#placeOrder(model, accountId);
    if (kind < 860) return this.#cancelOrder(model, accountId);
    if (kind < 880) {
      return {
        case: "cancelAllOrders",
        value: { marketId: this.#pick([0, 1, 1, 2, 3]), side: this.#pick([Side.UNSPECIFIED, Side.UNSPECIFIED, Side.BUY, Side.SELL, 3 as Side]) },
      };
    }
    if (kind < 920) return this.#transfer("deposit", model, accountId);
    if (kind < 950) return this.#transfer("withdraw", model, accountId);
    if (kind < 953) {
      const account = model.accounts[roll(model.accounts.length)];
      const transfer = account?.pendingTransfers[roll(Math.max(1, account.pendingTransfers.length))];
      return { case: "resolveTransfer", value: { targetAccountId: roll(20) === 0 ? 99n : (account?.accountId ?? 1n), transferId: transfer?.transferId ?? "t1", post: roll(2) === 0 } };
    }
    if (kind < 962) return { case: "setAccountFrozen", value: { targetAccountId: roll(8) === 0 ? this.#pick([0n, 99n, HUGE]) : BigInt(1 + roll(ACCOUNTS)), frozen: roll(4) === 0 } };
    if (kind < 974) {
      // Mostly trading again, or nothing else would be tested.
      const status = this.#pick([MarketStatus.TRADING, MarketStatus.TRADING, MarketStatus.TRADING, MarketStatus.TRADING, MarketStatus.HALT, MarketStatus.CANCEL_ONLY, MarketStatus.POST_ONLY, MarketStatus.UNSPECIFIED, 77 as MarketStatus]);
      return { case: "setMarketStatus", value: { marketId: roll(15) === 0 ? 9 : 1 + roll(2), status } };
    }
    if (kind < 984) return { case: "setDeadMansSwitch", value: { timeoutUs: this.#pick([0n, 1n, 1_000n, 100_000n, 1_000_000n, 86_400_000_000n, 86_400_000_001n, HUGE]) } };
    if (kind < 990) return { case: "advanceTime", value: {} };
    if (kind < 991) return roll(2) === 0 ? { case: "setFeeTier", value: { targetAccountId: BigInt(roll(ACCOUNTS + 2)), tier: this.#pick([0, 1, 2, 9, 2 ** 31]) } } : { case: "setTradeGroup", value: { targetAccountId: BigInt(roll(ACCOUNTS + 2)), tradeGroupId: this.#pick([0n, 1n, 1n, EXACT_MAX + 1n]) } };
    if (kind < 993) return { case: "updateMarket", value: { market: this.#changedRules(model) } };
    if (kind < 994) return { case: "openAccount", value: { externalId: this.#pick(["house", "trader 1", "late", "", "x".repeat(129)]), name: "again" } };
    if (kind < 995) return { case: "openLog", value: { epoch: 9, venue: "Other" } };
    if (kind < 996) return { case: "listAsset", value: { asset: { code: this.#pick(["BASE", "FOURTH", "fifth"]), name: "", scale: 3 } } };
    if (kind < 998) return { case: "listMarket", value: { market: { ...this.#firstMarket(), symbol: this.#pick(["BASEQUOTE", "NO", "no"]), maxNotionalUnits: this.#pick([0n, HUGE]) } } };
    return { case: undefined } as unknown as Body;
  }

  #placeOrder(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const marketId = roll(80) === 0 ? this.#pick([0, 3, 4_294_967_295]) : roll(5) === 0 ? 2 : 1;
    const rules = model.market(marketId)?.rules ?? (model.markets[0]?.rules as Market);
    const side = roll(150) === 0 ? this.#pick([Side.UNSPECIFIED, 3 as Side, -1 as Side]) : roll(2) === 0 ? Side.BUY : Side.SELL;
    if (roll(14) === 0) return this.#waitingOrder(model, rules, accountId, side === Side.BUY ? Side.BUY : Side.SELL);
    const type = roll(100) < 70 ? OrderType.LIMIT : this.#pick([OrderType.MARKET, OrderType.MARKET, OrderType.LIMIT_MAKER, OrderType.LIMIT_MAKER, roll(10) === 0 ? this.#pick([0 as OrderType, 8 as OrderType, -1 as OrderType]) : OrderType.MARKET]);
    const priceTicks = type === OrderType.MARKET && roll(40) > 0 ? 0n : this.#price(rules, marketId === 2 ? 1 : 0, side);
    const byQuote = type === OrderType.MARKET && roll(2) === 0;
    const timeInForce = type === OrderType.LIMIT ? this.#pick([1, 1, 1, 1, 1, 1, 2, 3, 4, roll(20) === 0 ? roll(7) - 1 : 1]) : roll(10) === 0 ? roll(6) : 0;
    return {
      case: "placeOrder",
      value: {
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
      },
    };
  }

  #prevention(): SelfTradePreventionMode {
    return this.#pick([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, this.#roll(30) === 0 ? 6 : 0]) as SelfTradePreventionMode;
  }

  // A stop, take-profit or trailing order; mostly on the right side of the market, and near it.
  #waitingOrder(model: ModelEngine, rules: Market, accountId: bigint, side: Side): Body {
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
    return {
      case: "placeOrder",
      value: {
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
      },
    };
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
    return `o${this.#roll(24)}`;
  }

  #cancelOrder(model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const mine = model.openOrders(accountId);
    const order = mine.length > 0 && roll(8) > 0 ? mine[roll(mine.length)] : model.orders[roll(Math.max(1, model.orders.length))];
    const byId = roll(2) === 0;
    return {
      case: "cancelOrder",
      value: {
        marketId: roll(30) === 0 ? this.#pick([0, 1, 2, 3]) : (order?.marketId ?? 1),
        orderId: byId ? (roll(30) === 0 ? this.#pick([1n, model.nextOrderId, EXACT_MAX, HUGE]) : (order?.orderId ?? 1n)) : 0n,
        clientOrderId: !byId || roll(10) === 0 ? (roll(10) === 0 ? this.#clientId() : (order?.clientOrderId ?? "")) : "",
      },
    };
  }

  #transfer(direction: "deposit" | "withdraw", model: ModelEngine, accountId: bigint): Body {
    const roll = this.#roll;
    const assetId = roll(40) === 0 ? this.#pick([0, 9]) : 1 + roll(3);
    const mine = model.available(accountId, assetId);
    const usual = direction === "deposit" ? (this.#profile.deposits[assetId - 1] ?? 1_000_000n) / 4n : mine / 3n;
    const amountUnits = roll(4) > 0 ? usual + BigInt(roll(50)) : this.#pick([0n, 1n, direction === "withdraw" ? mine : 7n, mine + 1n, EXACT_MAX, EXACT_MAX + 1n, HUGE]);
    const transferId = roll(12) === 0 ? this.#pick(["", "opening-0", "t1", "x".repeat(64), "x".repeat(65)]) : `t${++this.#transfers}`;
    return { case: direction, value: { assetId, amountUnits, transferId, pending: roll(3) === 0 } };
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#roll(values.length)] as T;
  }
}

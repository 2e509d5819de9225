// An event log written by hand, for tests: the bytes an engine would append, without an engine. Orders fill at once
// and whole, which is all the recorder's rows need.
import { createHash } from "node:crypto";
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { EventBatchSchema, EventSchema, type Event, type EventBatch } from "../../../gen/tickwire/v1/event_pb.ts";
import { OrderSchema, OrderStatus, OrderType, Side, TimeInForce, type Order } from "../../../gen/tickwire/v1/types_pb.ts";

/** 2026-03-01T00:00:00Z. */
export const SUNDAY_US = 1_772_323_200_000_000n;

export interface HandTrade {
  readonly marketId: number;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly takerSide: Side;
  readonly makerAccountId?: bigint;
  readonly takerAccountId?: bigint;
}

type Body = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;
export const event = (body: Body): Event => create(EventSchema, { body });

export class HandWrittenLog {
  readonly batches: EventBatch[] = [];
  epoch: number;
  #seq = 0n;
  #orderId = 0n;
  #chain: Uint8Array;
  #timeUs = SUNDAY_US;
  readonly #tradeIds = new Map<number, bigint>();
  readonly #balanceSeqs = new Map<bigint, bigint>();

  /** `origin` makes two logs of one epoch different from their first entry. */
  constructor(epoch = 1, origin = "") {
    this.epoch = epoch;
    this.#chain = createHash("sha256").update(origin).digest();
  }

  get timeUs(): bigint {
    return this.#timeUs;
  }

  /** The first entry: two assets, the markets 1 BTCUSDT and 2 ETHUSDT, the house and two traders. */
  open(): EventBatch {
    const asset = (assetId: number, code: string) => event({ case: "assetListed", value: { asset: { assetId, code, name: code, scale: 8 } } });
    const market = (marketId: number, symbol: string, baseAssetId: number) =>
      event({
        case: "marketListed",
        value: { market: { marketId, symbol, baseAssetId, quoteAssetId: 2, tickSizeUnits: 1_000_000n, lotSizeUnits: 1_000n, notionalUnits: 10n, status: 1, makerFeePpm: 1_000, takerFeePpm: 1_000 } },
      });
    const account = (accountId: bigint, name: string) =>
      event({ case: "accountOpened", value: { accountId, externalId: name, name, created: true } });
    return this.entry(SUNDAY_US, [
      [event({ case: "logOpened", value: { epoch: this.epoch, venue: "by hand" } })],
      [asset(1, "BTC")],
      [asset(2, "USDT")],
      [asset(3, "ETH")],
      [market(1, "BTCUSDT", 1)],
      [market(2, "ETHUSDT", 3)],
      [account(1n, "house")],
      [account(2n, "maker \"the first\" \\ {1,2}")],
      [account(3n, "taker")],
    ]);
  }

  /** An entry that starts a new epoch, which every later one is of. */
  startEpoch(epoch: number): EventBatch {
    const previousEpoch = this.epoch;
    this.epoch = epoch;
    return this.entry(this.#timeUs, [[event({ case: "epochStarted", value: { epoch, previousEpoch, reason: "by hand" } })]]);
  }

  /** One entry with one command per group. */
  entry(timeUs: bigint, groups: readonly (readonly Event[])[]): EventBatch {
    if (timeUs > this.#timeUs) this.#timeUs = timeUs;
    const batch = create(EventBatchSchema, {
      epoch: this.epoch,
      entry: BigInt(this.batches.length + 1),
      ingressId: "by-hand",
      timeUs: this.#timeUs,
      groups: groups.map((events, index) => ({ seq: ++this.#seq, requestNo: BigInt(index + 1), accountId: 3n, events: [...events] })),
    });
    this.#chain = createHash("sha256").update(this.#chain).update(toBinary(EventBatchSchema, batch)).digest();
    batch.chain = this.#chain;
    this.batches.push(batch);
    return batch;
  }

  /** The events of a taker that fills one resting order: its acceptance, the trade, both balances in both assets, the fees. */
  trade(hand: HandTrade): Event[] {
    const { marketId, priceTicks, quantityLots, takerSide } = hand;
    const makerAccountId = hand.makerAccountId ?? 2n;
    const takerAccountId = hand.takerAccountId ?? 3n;
    const tradeId = (this.#tradeIds.get(marketId) ?? 0n) + 1n;
    this.#tradeIds.set(marketId, tradeId);
    const quoteUnits = priceTicks * quantityLots * 10n;
    const filled = (accountId: bigint, side: Side): Order => this.order({ accountId, marketId, side, priceTicks, quantityLots, filled: true });
    const maker = filled(makerAccountId, takerSide === Side.BUY ? Side.SELL : Side.BUY);
    const taker = filled(takerAccountId, takerSide);
    const resting = { ...taker, status: OrderStatus.NEW, executedLots: 0n, executedQuoteUnits: 0n };
    return [
      event({ case: "orderAccepted", value: { executionSeq: 1n, order: resting } }),
      event({
        case: "tradeExecuted",
        value: { marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide, maker: { executionSeq: 1n, order: maker, feeUnits: 1n, feeAssetId: 2 }, taker: { executionSeq: 2n, order: taker, feeUnits: 2n, feeAssetId: 1 } },
      }),
      this.balance(makerAccountId, 1),
      this.balance(makerAccountId, 2),
      this.balance(takerAccountId, 1),
      this.balance(takerAccountId, 2),
      this.balance(1n, 1),
    ];
  }

  order(of: { accountId: bigint; marketId: number; side: Side; priceTicks: bigint; quantityLots: bigint; filled: boolean; clientOrderId?: string }): Order {
    const orderId = ++this.#orderId;
    return create(OrderSchema, {
      orderId,
      accountId: of.accountId,
      marketId: of.marketId,
      clientOrderId: of.clientOrderId ?? `c-${orderId}`,
      side: of.side,
      type: OrderType.LIMIT,
      timeInForce: TimeInForce.GTC,
      status: of.filled ? OrderStatus.FILLED : OrderStatus.NEW,
      priceTicks: of.priceTicks,
      quantityLots: of.quantityLots,
      executedLots: of.filled ? of.quantityLots : 0n,
      executedQuoteUnits: of.filled ? of.quantityLots * of.priceTicks * 10n : 0n,
      createdUs: this.#timeUs,
      updatedUs: this.#timeUs,
      workingUs: this.#timeUs,
    });
  }

  balance(accountId: bigint, assetId: number, availableUnits = (1n << 64n) - 1n): Event {
    const balanceSeq = (this.#balanceSeqs.get(accountId) ?? 0n) + 1n;
    this.#balanceSeqs.set(accountId, balanceSeq);
    return event({ case: "balanceChanged", value: { accountId, balanceSeq, assetId, availableUnits, heldUnits: 0n, availableChangeUnits: -1n, heldChangeUnits: 1n } });
  }
}

/** A reproducible stream of numbers in [0, 1): the same seed, the same market. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Appends `entries` entries of a few trades each, in both markets, with pauses from microseconds to hours. */
export function writeFlow(log: HandWrittenLog, { entries, seed, tradesPerEntry = 3 }: { entries: number; seed: number; tradesPerEntry?: number }): void {
  const random = seededRandom(seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  let prices: [bigint, bigint] = [6_400_000n, 320_000n];
  for (let n = 0; n < entries; n += 1) {
    const pauseUs = random() < 0.03 ? between(1, 7_200_000_000) : between(0, 400_000);
    const groups = Array.from({ length: between(1, tradesPerEntry) }, () => {
      const marketId = random() < 0.7 ? 1 : 2;
      const step = BigInt(between(-50, 50));
      prices = marketId === 1 ? [prices[0] + step, prices[1]] : [prices[0], prices[1] + step];
      return log.trade({ marketId, priceTicks: prices[marketId - 1] ?? 1n, quantityLots: BigInt(between(1, 5_000)), takerSide: random() < 0.5 ? Side.BUY : Side.SELL });
    });
    log.entry(log.timeUs + BigInt(pauseUs), groups);
  }
}

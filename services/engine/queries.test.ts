import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { PlaceOrderSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { WhatIfResultSchema, type WhatIfResult } from "../../gen/tickwire/v1/query_pb.ts";
import { ExpiryReason, OrderType, PegType, RejectReason, Side, TimeInForce, type SelfTradePreventionMode } from "../../gen/tickwire/v1/types_pb.ts";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { ClientOrderId } from "./clientOrderId.ts";
import { NO_SLOT } from "./orderStore.ts";
import { UNTRIGGERED } from "./orderTerms.ts";
import { answer } from "./queries.ts";
import { stateHash } from "./snapshot.ts";
import { heldBy } from "./trading.ts";
import { BASE, MARKET, nameOf, QUOTE, TestVenue } from "./testing/testVenue.ts";

type OrderInit = Omit<MessageInitShape<typeof PlaceOrderSchema>, "$typeName" | "$unknown">;

const limit = (side: Side, priceTicks: bigint, quantityLots: bigint): OrderInit => ({ marketId: MARKET, side, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks, quantityLots });

function whatIf(venue: TestVenue, name: string, order: OrderInit): WhatIfResult {
  const accountId = venue.account(name);
  const before = stateHash(venue.engine);
  const body = answer(venue.engine, { case: "whatIf", value: { $typeName: "tickwire.v1.WhatIfQuery", accountId, order: create(PlaceOrderSchema, order as MessageInitShape<typeof PlaceOrderSchema>) } });
  expect(stateHash(venue.engine)).toEqual(before);
  if (body.case !== "whatIf") throw new Error(String(body.case));
  return create(WhatIfResultSchema, body.value);
}

describe("what if", () => {
  it("tells fills, fee, and what would rest behind whom", () => {
    const venue = new TestVenue({ takerFeePpm: 1_000 });
    for (const line of ["bob sells 3 @ 100", "bob sells 4 @ 101", "carol buys 5 @ 99", "carol buys 6 @ 99"]) venue.say(line);
    expect(whatIf(venue, "alice", limit(Side.BUY, 101n, 9n))).toMatchObject({
      failures: [],
      fills: [
        { priceTicks: 100n, quantityLots: 3n },
        { priceTicks: 101n, quantityLots: 4n },
      ],
      executedLots: 7n,
      executedQuoteUnits: 704n,
      feeUnits: 2n,
      feeAssetId: 1,
      restingLots: 2n,
      ordersAhead: 0,
    });
    expect(whatIf(venue, "alice", limit(Side.BUY, 99n, 9n))).toMatchObject({ fills: [], restingLots: 9n, lotsAhead: 11n, ordersAhead: 2 });
  });

  it("tells every rule the order breaks, in the order in which they are checked", () => {
    const venue = new TestVenue({ minNotionalUnits: 50n, maxNumOrders: 1, rules: { bidMultiplierDownBips: 5_000, minQuantityLots: 2n } });
    venue.account("poor", 0n, 20n);
    for (const line of ["bob sells 3 @ 100", "carol buys 1 @ 100 as a", "carol buys 2 @ 100 as b"]) venue.say(line);
    for (const line of ["bob buys 2 @ 60"]) venue.say(line);
    const reasons = (name: string, order: OrderInit): string[] => whatIf(venue, name, order).failures.map((reason) => nameOf(RejectReason, reason));
    expect(reasons("poor", limit(Side.BUY, 25n, 1n))).toEqual(["LOT_SIZE", "MIN_NOTIONAL", "PERCENT_PRICE_BY_SIDE", "INSUFFICIENT_BALANCE"]);
    expect(reasons("bob", limit(Side.BUY, 0n, 1n))).toEqual(["PRICE_FILTER", "LOT_SIZE", "MIN_NOTIONAL", "PERCENT_PRICE_BY_SIDE", "MAX_NUM_ORDERS"]);
    expect(reasons("poor", { marketId: 9 })).toEqual(["UNKNOWN_MARKET"]);
    expect(reasons("poor", { ...limit(Side.BUY, 25n, 1n), type: 99 as OrderType })).toEqual(["INVALID_ORDER_TYPE"]);
  });

  it("tells every rule broken by an iceberg that waits, and by an order for an amount, though one of them would be enough", () => {
    const venue = new TestVenue({
      minNotionalUnits: 100n,
      maxNumOrders: 2,
      rules: { minPriceTicks: 5n, minQuantityLots: 2n, maxIcebergParts: 4, maxNumIcebergOrders: 1, maxNumAlgoOrders: 1, minTrailingAboveBips: 50, maxPositionLots: 4n, bidMultiplierDownBips: 5_000 },
    });
    venue.account("alice", 10n, 10n);
    venue.account("carol", 0n);
    for (const line of ["bob sells 2 @ 100", "carol buys 2 @ 100", "alice sells 4 @ 200 show 2 as ice", "alice sells 2 @ 90 stop 90 as algo"]) venue.say(line);
    const reasons = (order: OrderInit): string[] => whatIf(venue, "alice", order).failures.map((reason) => nameOf(RejectReason, reason));
    const waits: OrderInit = { marketId: MARKET, side: Side.BUY, type: OrderType.STOP_LOSS_LIMIT, timeInForce: TimeInForce.GTC, stopPriceTicks: 1n, trailingDeltaBips: 1, priceTicks: 11n, quantityLots: 9n, icebergLots: 1n };
    expect(reasons(waits)).toEqual([
      ...["PRICE_FILTER", "TRAILING_DELTA", "MIN_NOTIONAL", "PERCENT_PRICE_BY_SIDE", "LOT_SIZE", "ICEBERG_PARTS", "MAX_NUM_ICEBERG_ORDERS", "MAX_NUM_ALGO_ORDERS"],
      ...["WOULD_TRIGGER_IMMEDIATELY", "MAX_POSITION", "MAX_NUM_ORDERS", "INSUFFICIENT_BALANCE"],
    ]);
    expect(reasons({ ...waits, icebergLots: 10n })).toContain("ICEBERG_EXCEEDS_QUANTITY");
    const amount: OrderInit = { marketId: MARKET, side: Side.BUY, type: OrderType.MARKET, quoteOrderUnits: 60n };
    expect(reasons(amount)).toEqual(["MIN_NOTIONAL", "LOT_SIZE", "MAX_POSITION", "INSUFFICIENT_BALANCE"]);
  });

  it("is what then happens, for thousands of random orders", () => {
    let state = 7;
    const random = (most: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % most;
    };
    const venue = new TestVenue({ makerFeePpm: 900, takerFeePpm: 1_700, rules: { priceBandBips: 600, bidMultiplierUpBips: 10_900, maxNumOrders: 30 } });
    const names = ["alice", "bob", "carol"];
    let waited = 0;
    let pegged = 0;
    for (let i = 0; i < 3_000; i++) {
      const name = names[random(3)] ?? "";
      const market = random(4) === 0;
      const byQuote = market && random(2) === 0;
      const order: OrderInit = {
        marketId: MARKET,
        side: random(2) === 0 ? Side.BUY : Side.SELL,
        type: market ? OrderType.MARKET : random(5) === 0 ? OrderType.LIMIT_MAKER : OrderType.LIMIT,
        timeInForce: TimeInForce.UNSPECIFIED,
        priceTicks: market ? 0n : BigInt(90 + random(21)),
        quantityLots: byQuote ? 0n : BigInt(1 + random(40)),
        quoteOrderUnits: byQuote ? BigInt(1 + random(5_000)) : 0n,
        selfTradePreventionMode: random(6) as SelfTradePreventionMode,
        clientOrderId: `o${i}`,
      };
      if (order.type === OrderType.LIMIT) order.timeInForce = [TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK][random(4)] ?? TimeInForce.GTC;
      const kind = random(8);
      if (kind === 0) {
        // A stop or take-profit order on whichever side of the market: half of them would wake at once.
        order.type = [OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT][random(4)] ?? OrderType.STOP_LOSS;
        const limited = order.type === OrderType.STOP_LOSS_LIMIT || order.type === OrderType.TAKE_PROFIT_LIMIT;
        order.timeInForce = limited ? TimeInForce.GTC : TimeInForce.UNSPECIFIED;
        order.priceTicks = limited ? BigInt(90 + random(21)) : 0n;
        order.quantityLots = BigInt(1 + random(40));
        order.quoteOrderUnits = 0n;
        if (random(3) === 0) order.trailingDeltaBips = 100 + random(900);
        else order.stopPriceTicks = BigInt(90 + random(21));
      } else if (kind === 1 && !market && order.timeInForce !== TimeInForce.FOK) {
        order.pegType = order.timeInForce === TimeInForce.IOC ? PegType.MARKET : ([PegType.PRIMARY, PegType.MARKET][random(2)] ?? PegType.MARKET);
        order.pegOffsetLevels = random(3);
        order.priceTicks = 0n;
      }
      if (order.timeInForce === TimeInForce.GTC && random(3) === 0) order.icebergLots = BigInt(1 + random(Number(order.quantityLots)));
      const expected = whatIf(venue, name, order);
      const accountId = venue.account(name);
      const events = venue.do(accountId, { case: "placeOrder", value: order as MessageInitShape<typeof PlaceOrderSchema> }).map(({ body }) => body);
      const refused = events.flatMap((body) => (body.case === "orderRejected" ? [body.value.reason] : []));
      expect(expected.failures.slice(0, 1)).toEqual(refused);
      // What it wakes comes after it.
      const woken = events.some((body) => body.case === "orderTriggered");
      const trades = events.flatMap((body) => (body.case === "tradeExecuted" && body.value.taker?.order?.clientOrderId === order.clientOrderId ? [body.value] : []));
      expect(expected.fills.map((f) => [f.priceTicks, f.quantityLots])).toEqual(trades.map((t) => [t.priceTicks, t.quantityLots]));
      expect(expected.feeUnits).toBe(trades.reduce((sum, t) => sum + (t.taker?.feeUnits ?? 0n), 0n));
      const ended = events.flatMap((body) => (body.case === "orderExpired" && body.value.order?.clientOrderId === order.clientOrderId ? [body.value.order?.expiryReason ?? 0] : []));
      expect(expected.expiryReason).toBe(ended[0] ?? ExpiryReason.UNSPECIFIED);
      const row = Number(accountId) - 1;
      const id = ClientOrderId.of(row, Buffer.from(order.clientOrderId ?? ""));
      const slot = id === undefined ? NO_SLOT : venue.engine.orders.findClientId(row, id);
      const market0 = venue.engine.markets.markets[0];
      if (!woken && market0 !== undefined) {
        expect(expected.heldUnits).toBe(slot === NO_SLOT ? 0n : BigInt(heldBy(venue.engine.orders, slot, market0)));
        expect(expected.waits).toBe(slot !== NO_SLOT && venue.engine.orders.termsOf(slot)?.phase === UNTRIGGERED);
        if (expected.waits) waited++;
        if (order.pegType !== undefined && slot !== NO_SLOT) pegged++;
      }
      if (random(3) === 0) venue.do(accountId, { case: "cancelAllOrders", value: { marketId: MARKET } });
    }
    expect(waited).toBeGreaterThan(10);
    expect(pegged).toBeGreaterThan(10);
  });

  it("is told of an order that would wait, and what it would hold until then", () => {
    const venue = new TestVenue();
    for (const line of ["mm sells 1 @ 100", "mm buys 1 @ 100"]) venue.say(line);
    const stop = (change: OrderInit): OrderInit => ({ marketId: MARKET, side: Side.BUY, type: OrderType.STOP_LOSS_LIMIT, timeInForce: TimeInForce.GTC, priceTicks: 120n, stopPriceTicks: 110n, quantityLots: 5n, clientOrderId: "s", ...change });
    expect(whatIf(venue, "alice", stop({}))).toMatchObject({ failures: [], fills: [], waits: true, heldUnits: 600n, heldAssetId: QUOTE });
    expect(whatIf(venue, "alice", stop({ type: OrderType.STOP_LOSS, timeInForce: 0, priceTicks: 0n }))).toMatchObject({ waits: true, heldUnits: 550n });
    expect(whatIf(venue, "alice", stop({ side: Side.SELL, type: OrderType.TAKE_PROFIT, timeInForce: 0, priceTicks: 0n }))).toMatchObject({ waits: true, heldUnits: 5n, heldAssetId: BASE });
    expect(whatIf(venue, "alice", stop({ stopPriceTicks: 99n }))).toMatchObject({ failures: [RejectReason.WOULD_TRIGGER_IMMEDIATELY], waits: false });
  });
});

describe("a resting order", () => {
  it("knows its place in the queue", () => {
    const venue = new TestVenue();
    for (const line of ["bob buys 3 @ 100", "alice buys 4 @ 100 as a", "carol buys 5 @ 100", "alice buys 1 @ 101"]) venue.say(line);
    const position = (orderId: bigint) => answer(venue.engine, { case: "queuePosition", value: { $typeName: "tickwire.v1.QueuePositionQuery", accountId: venue.account("alice"), orderId } });
    expect(position(2n)).toEqual({ case: "queuePosition", value: { orderId: 2n, priceTicks: 100n, ordersAhead: 1, lotsAhead: 3n, levelOrders: 3, levelLots: 12n } });
    venue.say("bob cancels all");
    expect(position(2n)).toMatchObject({ value: { ordersAhead: 0, lotsAhead: 0n, levelOrders: 2, levelLots: 9n } });
    expect(position(3n)).toEqual({ case: "rejected", value: { reason: RejectReason.UNKNOWN_ORDER } });
  });

  it("is shown with every other, by price and then by age", () => {
    const venue = new TestVenue();
    for (const line of ["bob buys 3 @ 100", "alice buys 4 @ 100", "carol buys 5 @ 99", "alice sells 1 @ 101", "alice sells 2 @ 103"]) venue.say(line);
    const book = (depth: number) => answer(venue.engine, { case: "bookByOrder", value: { $typeName: "tickwire.v1.BookByOrderQuery", marketId: MARKET, depth } });
    const row = (orderId: bigint, priceTicks: bigint, quantityLots: bigint) => ({ orderId, priceTicks, quantityLots });
    expect(book(0)).toMatchObject({ value: { bids: [row(1n, 100n, 3n), row(2n, 100n, 4n), row(3n, 99n, 5n)], asks: [row(4n, 101n, 1n), row(5n, 103n, 2n)] } });
    expect(book(1)).toMatchObject({ value: { bids: [row(1n, 100n, 3n)], asks: [row(4n, 101n, 1n)] } });
  });
});

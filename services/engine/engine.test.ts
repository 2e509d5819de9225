import { describe, expect, it } from "vitest";
import { MarketStatus, OrderStatus, RejectReason, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { BASE, FAST_ONLY, MARKET, QUOTE, TestVenue, entryBytes, nameOf, type CommandInit, type VenueOptions } from "./testing/testVenue.ts";

function table(text: string, options?: VenueOptions): TestVenue {
  const venue = new TestVenue(options);
  venue.table(text, (actual, expected, row) => expect(actual, row).toBe(expected));
  return venue;
}

describe("matching", () => {
  it("fills at the best price first, at one price the oldest order first, at the maker's price", () => {
    table(`
      alice sells 5 @ 101 -> accepted
      bob   sells 2 @ 100 -> accepted
      carol sells 3 @ 100 -> accepted
      ask 101: 5
      ask 100: 2 3
      dave  buys  7 @ 105 -> accepted, 2 @ 100, 3 @ 100, 2 @ 101
      ask 101: 3
      dave  buys  4 @ 101 -> accepted, 3 @ 101
      bid 101: 1
      erin  sells 1 @ 1   -> accepted, 1 @ 101
      empty book
    `);
  });

  it("rests what a GTC order does not fill, and drops what an IOC order does not fill", () => {
    table(`
      alice sells 2 @ 100     -> accepted
      bob   buys  5 @ 100 ioc -> accepted, 2 @ 100, expired UNFILLED_IOC
      empty book
      bob   buys  5 @ 100 ioc -> accepted, expired UNFILLED_IOC
    `);
  });

  it("fills a FOK order wholly or not at all", () => {
    table(`
      alice sells 2 @ 100     -> accepted
      alice sells 2 @ 102     -> accepted
      bob   buys  3 @ 101 fok -> accepted, expired UNFILLED_FOK
      ask 102: 2
      ask 100: 2
      bob   buys  3 @ 102 fok -> accepted, 2 @ 100, 1 @ 102
      ask 102: 1
    `);
  });

  it("refuses a post-only order that would take", () => {
    table(`
      alice sells 2 @ 100       -> accepted
      bob   buys  1 @ 100 maker -> rejected WOULD_TAKE
      bob   buys  1 @ 99 maker  -> accepted
      ask 100: 2
      bid 99: 1
    `);
  });

  it("lets a market order by quantity walk the book and expires what it could not fill", () => {
    table(`
      alice sells 2 @ 100 -> accepted
      alice sells 2 @ 110 -> accepted
      bob   buys  3       -> accepted, 2 @ 100, 1 @ 110
      bob   buys  3       -> accepted, 1 @ 110, expired INSUFFICIENT_LIQUIDITY
      bob   buys  3       -> accepted, expired INSUFFICIENT_LIQUIDITY
      empty book
      alice buys  2 @ 90  -> accepted
      bob   sells 5       -> accepted, 2 @ 90, expired INSUFFICIENT_LIQUIDITY
    `);
  });

  it("spends at most the named amount in a market order by quote amount", () => {
    table(`
      alice sells 2 @ 100      -> accepted
      alice sells 5 @ 110      -> accepted
      bob   buys  for 315      -> accepted, 2 @ 100, 1 @ 110
      bob   buys  for 99       -> rejected LOT_SIZE
      bob   buys  for 1000     -> accepted, 4 @ 110, expired INSUFFICIENT_LIQUIDITY
      bob   buys  for 1000     -> rejected NO_LIQUIDITY
      alice buys  5 @ 90       -> accepted
      bob   sells for 200      -> accepted, 2 @ 90
      bid 90: 3
    `);
  });

  it("keeps prices far from the market, and costs others nothing by them", () => {
    table(`
      alice sells 1 @ 1000000000 -> accepted
      alice buys  1 @ 1          -> accepted
      bob   sells 2 @ 500000000  -> accepted
      bob   buys  2 @ 499999999  -> accepted
      ask 1000000000: 1
      ask 500000000: 2
      bid 499999999: 2
      bid 1: 1
      carol sells 2 @ 499999999  -> accepted, 2 @ 499999999
      carol sells 1 @ 1          -> accepted, 1 @ 1
      ask 1000000000: 1
      ask 500000000: 2
    `);
  });
});

describe("orders of an account", () => {
  it("finds an order by client order id only while it is open, but takes the id for longer", () => {
    table(`
      alice sells 2 @ 100 as x -> accepted
      alice sells 2 @ 101 as x -> rejected DUPLICATE_CLIENT_ORDER_ID
      bob   sells 2 @ 101 as x -> accepted
      alice cancels x          -> canceled x
      alice cancels x          -> rejected UNKNOWN_ORDER
      alice sells 2 @ 102 as x -> rejected DUPLICATE_CLIENT_ORDER_ID
      alice sells 2 @ 102 as y -> accepted
      ask 102: 2
      ask 101: 2
    `);
  });

  it("cancels all orders of one account, oldest first, and nobody else's", () => {
    table(`
      alice sells 2 @ 103 as a -> accepted
      alice sells 2 @ 101 as b -> accepted
      bob   sells 2 @ 101 as c -> accepted
      alice cancels all        -> canceled a, canceled b
      ask 101: 2
      alice cancels all        ->
    `);
  });

  it("does not let an account cancel another's order by id", () => {
    const venue = new TestVenue();
    venue.say("alice sells 2 @ 100 as a");
    const [event] = venue.do(venue.account("bob"), { case: "cancelOrder", value: { marketId: MARKET, orderId: 1n } });
    expect(event?.body).toMatchObject({ case: "cancelRejected", value: { reason: RejectReason.UNKNOWN_ORDER, orderId: 1n } });
    const both = venue.do(venue.account("alice"), { case: "cancelOrder", value: { marketId: MARKET, orderId: 1n, clientOrderId: "other" } });
    expect(both[0]?.body.case).toBe("cancelRejected");
    const mine = venue.do(venue.account("alice"), { case: "cancelOrder", value: { marketId: MARKET, orderId: 1n, clientOrderId: "a" } });
    expect(mine[0]?.body).toMatchObject({ case: "orderCanceled", value: { order: { status: OrderStatus.CANCELED, clientOrderId: "a" } } });
  });

  it("limits the open orders of one account in a market", () => {
    table(
      `
      alice sells 1 @ 100     -> accepted
      alice sells 1 @ 101     -> accepted
      alice sells 1 @ 102     -> rejected MAX_NUM_ORDERS
      alice buys  1 @ 50 ioc  -> accepted, expired UNFILLED_IOC
      bob   sells 1 @ 102     -> accepted
    `,
      { maxNumOrders: 2 },
    );
  });

  it("may trade with itself while self-trade prevention is NONE", () => {
    const venue = table(`
      alice sells 2 @ 100 -> accepted
      alice buys  3 @ 100 -> accepted, 2 @ 100
      bid 100: 1
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999900/100");
  });
});

describe("money", () => {
  it("holds at acceptance, refunds price improvement, and charges fees in the received asset, rounded up", () => {
    const venue = table(
      `
      alice sells 300 @ 100 -> accepted
      bob   buys  150 @ 120 -> accepted, 150 @ 100
    `,
      { makerFeePpm: 1_000, takerFeePpm: 2_001 },
    );
    // Seller: 15000 quote less ceil(15). Buyer: 150 base less ceil(0.30015).
    expect(venue.balances("alice")).toBe("999700/150 1000014985/0");
    expect(venue.balances("bob")).toBe("1000149/0 999985000/0");
    const house = [BASE, QUOTE].map((asset) => venue.under.balance(1, asset)[0]);
    expect(house).toEqual([1n, 15n]);
  });

  it("holds the rest of a partly filled buy at its own limit", () => {
    const venue = table(`
      alice sells 2 @ 100 -> accepted
      bob   buys  5 @ 110 -> accepted, 2 @ 100
    `);
    expect(venue.balances("bob")).toBe("1000002/0 999999470/330");
    venue.say("bob cancels auto-2");
    expect(venue.balances("bob")).toBe("1000002/0 999999800/0");
  });

  it("refuses what an account cannot pay, to the unit, and moves nothing", () => {
    const venue = new TestVenue();
    venue.account("poor", 10n, 1_000n);
    venue.table(
      `
      poor  buys  10 @ 101 -> rejected INSUFFICIENT_BALANCE
      poor  sells 11 @ 100 -> rejected INSUFFICIENT_BALANCE
      poor  buys  10 @ 100 -> accepted
      poor  buys  1 @ 1    -> rejected INSUFFICIENT_BALANCE
      poor  sells 10 @ 200 -> accepted
      rich  sells 8 @ 150  -> accepted
      poor  cancels all    -> canceled auto-3, canceled auto-5
      poor  buys  7        -> rejected INSUFFICIENT_BALANCE
      poor  buys for 1001  -> rejected INSUFFICIENT_BALANCE
      poor  buys  6        -> accepted, 6 @ 150
    `,
      (actual, expected, row) => expect(actual, row).toBe(expected),
    );
    expect(venue.balances("poor")).toBe("16/0 100/0");
  });

  it("posts a transfer once, however often it is asked for", () => {
    const venue = new TestVenue();
    const alice = venue.account("alice", 0n, 0n);
    const deposit = () => venue.do(alice, { case: "deposit", value: { assetId: QUOTE, amountUnits: 5n, transferId: "t" } });
    expect(deposit().map((e) => e.body.case)).toEqual(["depositPosted", "balanceChanged"]);
    expect(deposit()[0]?.body).toMatchObject({ case: "commandRejected", value: { reason: RejectReason.DUPLICATE_TRANSFER } });
    const withdraw = (amountUnits: bigint, transferId: string) => venue.do(alice, { case: "withdraw", value: { assetId: QUOTE, amountUnits, transferId } })[0]?.body;
    expect(withdraw(6n, "w")).toMatchObject({ value: { reason: RejectReason.INSUFFICIENT_BALANCE } });
    expect(withdraw(0n, "w")).toMatchObject({ value: { reason: RejectReason.AMOUNT_OUT_OF_RANGE } });
    expect(withdraw(5n, "w")).toMatchObject({ case: "withdrawalPosted" });
    expect(venue.balances("alice")).toBe("0/0 0/0");
  });

  it("keeps balances beyond 2^53 exact, and refuses what would leave 63 bits", () => {
    const venue = new TestVenue();
    const alice = venue.account("alice", 0n, 0n);
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    let last;
    for (let i = 0; i < 1_025; i++) last = venue.do(alice, { case: "deposit", value: { assetId: QUOTE, amountUnits: most, transferId: `t${i}` } });
    expect(last?.[0]?.body).toMatchObject({ case: "commandRejected", value: { reason: RejectReason.BALANCE_OVERFLOW } });
    expect(venue.balances("alice")).toBe(`0/0 ${most * 1_024n}/0`);
    const [posted, changed] = venue.do(alice, { case: "withdraw", value: { assetId: QUOTE, amountUnits: most, transferId: "w" } });
    expect(posted?.body.case).toBe("withdrawalPosted");
    expect(changed?.body).toMatchObject({ case: "balanceChanged", value: { availableUnits: most * 1_023n, availableChangeUnits: -most, heldChangeUnits: 0n } });
  });

  it("opens an account once per external id", () => {
    const venue = new TestVenue();
    const open = () => venue.do(0n, { case: "openAccount", value: { externalId: "x", name: "X" } })[0]?.body;
    expect(open()).toMatchObject({ value: { accountId: 2n, created: true } });
    expect(open()).toMatchObject({ value: { accountId: 2n, created: false } });
  });
});

describe("the check ladder", () => {
  const place = { marketId: MARKET, side: Side.BUY, type: 1, timeInForce: 1, priceTicks: 10n, quantityLots: 10n, clientOrderId: "c" } as const;
  const rows: [string, object, keyof typeof RejectReason][] = [
    ["a market that is not listed", { marketId: 9, side: 9 }, "UNKNOWN_MARKET"],
    ["no client order id", { clientOrderId: "", side: 9 }, "INVALID_CLIENT_ORDER_ID"],
    ["a client order id with a blank", { clientOrderId: "a b" }, "INVALID_CLIENT_ORDER_ID"],
    ["a client order id of 37 characters", { clientOrderId: "x".repeat(37) }, "INVALID_CLIENT_ORDER_ID"],
    ["neither buy nor sell", { side: 3, type: 99 }, "INVALID_SIDE"],
    ["an order type that does not exist", { type: 99, timeInForce: 99 }, "INVALID_ORDER_TYPE"],
    ["a stop order without a stop price", { type: 4, timeInForce: 0, priceTicks: 0n }, "UNSUPPORTED_COMBINATION"],
    ["a time in force that does not exist", { timeInForce: 99 }, "INVALID_TIME_IN_FORCE"],
    ["a limit order without time in force", { timeInForce: 0 }, "INVALID_TIME_IN_FORCE"],
    ["GTD without a time", { timeInForce: 4 }, "UNSUPPORTED_COMBINATION"],
    ["a time without GTD", { expireTimeUs: 9_000n }, "UNSUPPORTED_COMBINATION"],
    ["GTD until now", { timeInForce: 4, expireTimeUs: 1_000n }, "EXPIRE_TIME_OUT_OF_RANGE"],
    ["an IOC iceberg", { icebergLots: 1n, timeInForce: 2 }, "UNSUPPORTED_COMBINATION"],
    ["an iceberg that shows more than it is", { icebergLots: 11n }, "ICEBERG_EXCEEDS_QUANTITY"],
    ["a peg and a price", { pegType: 1 }, "UNSUPPORTED_COMBINATION"],
    ["a peg in an empty book", { pegType: 1, priceTicks: 0n }, "PEG_NO_LIQUIDITY"],
    ["levels without a peg", { pegOffsetLevels: 1 }, "UNSUPPORTED_COMBINATION"],
    ["a self-trade prevention mode that does not exist", { selfTradePreventionMode: 9 }, "UNSUPPORTED_COMBINATION"],
    ["a limit order by quote amount", { quoteOrderUnits: 5n }, "UNSUPPORTED_COMBINATION"],
    ["a market order with a price", { type: 3, timeInForce: 0 }, "UNSUPPORTED_COMBINATION"],
    ["a market order by both amounts", { type: 3, timeInForce: 0, priceTicks: 0n, quoteOrderUnits: 1n }, "UNSUPPORTED_COMBINATION"],
    ["price 0", { priceTicks: 0n, quantityLots: 0n }, "PRICE_FILTER"],
    ["a price above the filter", { priceTicks: 1n << 60n }, "PRICE_FILTER"],
    ["quantity 0", { quantityLots: 0n }, "LOT_SIZE"],
    ["a quantity beyond 2^53", { quantityLots: (1n << 64n) - 1n }, "LOT_SIZE"],
    ["a market order larger than MARKET_LOT_SIZE", { type: 3, timeInForce: 0, priceTicks: 0n, quantityLots: 1_000_001n }, "MARKET_LOT_SIZE"],
    ["a product beyond 2^53", { priceTicks: 1_000_000_000n, quantityLots: 1_000_000_000n }, "NOTIONAL_OVERFLOW"],
    ["a notional that is too small", { priceTicks: 1n, quantityLots: 1n }, "MIN_NOTIONAL"],
    ["a notional that is too large", { priceTicks: 1_000n, quantityLots: 1_001n }, "MAX_NOTIONAL"],
    ["more than the account has", { priceTicks: 1_000n, quantityLots: 1_000n }, "INSUFFICIENT_BALANCE"],
  ];
  it.each(rows)("refuses %s", (_name, change, reason) => {
    const venue = new TestVenue({ minNotionalUnits: 5n, maxNotionalUnits: 1_000_000n });
    const alice = venue.account("alice", 100n, 999_999n);
    const before = venue.balances("alice");
    const [event] = venue.do(alice, { case: "placeOrder", value: { ...place, ...change } });
    expect(event?.body.case === "orderRejected" ? nameOf(RejectReason, event.body.value.reason) : event?.body.case).toBe(reason);
    expect(venue.balances("alice")).toBe(before);
    expect(venue.marketData).toEqual([]);
  });

  it("refuses unknown accounts, frozen accounts and late orders, but lets a frozen account cancel", () => {
    const venue = new TestVenue();
    const alice = venue.account("alice");
    const reason = (accountId: bigint, deadlineUs = 0n) => {
      const body = venue.do(accountId, { case: "placeOrder", value: place }, deadlineUs)[0]?.body;
      return body?.case === "orderRejected" ? nameOf(RejectReason, body.value.reason) : body?.case;
    };
    expect(reason(0n)).toBe("UNKNOWN_ACCOUNT");
    expect(reason(99n)).toBe("UNKNOWN_ACCOUNT");
    venue.timeUs = 2_000n;
    expect(reason(alice, 1_999n)).toBe("DEADLINE_PASSED");
    expect(reason(alice, 2_000n)).toBe("orderAccepted");
    venue.do(0n, { case: "setAccountFrozen", value: { targetAccountId: alice, frozen: true } });
    expect(venue.say("alice sells 1 @ 100")).toBe("rejected ACCOUNT_FROZEN");
    expect(venue.say("alice cancels c")).toBe("canceled c");
  });

  it("obeys the market's state", () => {
    const venue = new TestVenue();
    const status = (value: MarketStatus) => venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status: value } })[0]?.body;
    venue.say("alice sells 1 @ 100 as a");
    status(MarketStatus.POST_ONLY);
    expect(venue.say("alice sells 1 @ 101")).toBe("rejected MARKET_POST_ONLY");
    expect(venue.say("alice sells 1 @ 101 maker")).toBe("accepted");
    status(MarketStatus.HALT);
    expect(venue.say("alice sells 1 @ 101")).toBe("rejected MARKET_CLOSED");
    expect(venue.say("alice cancels a")).toBe("rejected MARKET_CLOSED");
    status(MarketStatus.CANCEL_ONLY);
    expect(venue.say("alice sells 1 @ 101")).toBe("rejected MARKET_CLOSED");
    expect(venue.say("alice cancels a")).toBe("canceled a");
    expect(status(MarketStatus.AUCTION)).toMatchObject({ case: "commandRejected", value: { reason: RejectReason.UNSUPPORTED_COMBINATION } });
  });
});

describe("what the outside sees", () => {
  it("tells each balance once per command, after the order events, with gapless numbers per account", () => {
    const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 1_000 });
    const [alice, bob] = [venue.account("alice"), venue.account("bob")];
    venue.say("alice sells 10 @ 100");
    venue.say("alice sells 10 @ 101");
    venue.say("bob buys 30 @ 105");
    const events = venue.batch.groups[0]?.events ?? [];
    expect(events.map((e) => e.body.case)).toEqual(["orderAccepted", "tradeExecuted", "tradeExecuted", ...Array<string>(6).fill("balanceChanged")]);
    const told = events.flatMap((e) => (e.body.case === "balanceChanged" ? [`${e.body.value.accountId}/${e.body.value.assetId}`] : []));
    expect(new Set(told)).toEqual(new Set([`${alice}/1`, `${alice}/2`, `${bob}/1`, `${bob}/2`, "1/1", "1/2"]));
    const trades = events.flatMap((e) => (e.body.case === "tradeExecuted" ? [e.body.value] : []));
    expect(trades.map((t) => [t.tradeId, t.maker?.executionSeq, t.taker?.executionSeq, t.taker?.order?.executedLots])).toEqual([
      [1n, 3n, 2n, 10n],
      [2n, 4n, 3n, 20n],
    ]);
    expect(trades[0]?.maker?.order?.status).toBe(OrderStatus.FILLED);
    expect(trades[1]?.taker?.order?.status).toBe(OrderStatus.PARTIALLY_FILLED);
  });

  it("chains one delta per entry to the one before it, with absolute quantities, and trades beside it", FAST_ONLY, () => {
    const venue = new TestVenue();
    const [alice, bob] = [venue.account("alice"), venue.account("bob")];
    const order = (accountId: bigint, side: Side, priceTicks: bigint, quantityLots: bigint, clientOrderId: string): CommandInit => ({
      accountId,
      body: { case: "placeOrder", value: { marketId: MARKET, side, type: 1, timeInForce: 1, priceTicks, quantityLots, clientOrderId } },
    });
    venue.apply([order(alice, Side.SELL, 101n, 5n, "a"), order(alice, Side.SELL, 102n, 5n, "b"), order(bob, Side.BUY, 99n, 4n, "c")]);
    const first = venue.marketData[0]?.frames[0]?.body;
    expect(first).toMatchObject({ case: "bookDelta", value: { prevSeq: 0n, bidTicks: [99n], bidLots: [4n], askTicks: [101n, 102n], askLots: [5n, 5n] } });
    const seq = venue.batch.groups[2]?.seq;
    venue.apply([order(bob, Side.BUY, 101n, 7n, "d"), { accountId: bob, body: { case: "advanceTime", value: {} } }]);
    expect(venue.marketData[0]?.frames.map((f) => f.body)).toMatchObject([
      { case: "bookDelta", value: { prevSeq: seq, seq: venue.batch.groups[0]?.seq, bidTicks: [101n], bidLots: [2n], askTicks: [101n], askLots: [0n] } },
      { case: "trades", value: { trades: [{ tradeId: 1n, priceTicks: 101n, quantityLots: 5n, takerSide: Side.BUY }] } },
    ]);
    venue.apply([{ body: { case: "advanceTime", value: {} } }]);
    expect(venue.marketData).toEqual([]);
  });

  it("keeps its time monotonic", () => {
    const venue = new TestVenue();
    venue.timeUs = 5_000n;
    expect(venue.apply([{ body: { case: "advanceTime", value: {} } }]).timeUs).toBe(5_000n);
    venue.timeUs = 4_000n;
    expect(venue.apply([{ body: { case: "advanceTime", value: {} } }]).timeUs).toBe(5_000n);
  });

  it("answers bytes that are not a command by name, and goes on", FAST_ONLY, () => {
    const venue = new TestVenue();
    const good = entryBytes([{ requestNo: 5n, body: { case: "advanceTime", value: {} } }]);
    for (const bytes of [Uint8Array.of(0xff), good.subarray(0, good.length - 1), Uint8Array.of(0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f)]) {
      const before = venue.engine.seq;
      expect(venue.applyBytes(bytes).groups).toMatchObject([{ seq: BigInt(before + 1), events: [{ body: { value: { reason: RejectReason.MALFORMED_COMMAND } } }] }]);
    }
    // A broken command among good ones: only it is refused.
    const broken = Uint8Array.from([...entryBytes([{ requestNo: 1n, body: { case: "advanceTime", value: {} } }]), 0x1a, 4, 0x08, 9, 0x22, 9, ...good]);
    expect(venue.applyBytes(broken).groups.map((g) => [g.requestNo, g.events[0]?.body.case])).toEqual([
      [1n, "timeAdvanced"],
      [9n, "commandRejected"],
      [5n, "timeAdvanced"],
    ]);
  });
});

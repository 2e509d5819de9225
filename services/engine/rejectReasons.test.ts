// Every reject reason, and which of several wins. One order that breaks nearly every rule is mended step by step: each
// row names the reason it is refused with, and then mends just that.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PlaceOrderSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { MarketStatus, OrderListType, OrderType, PegType, RejectReason, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { entryBytes, MARKET, nameOf, QUOTE, TestVenue, type CommandInit } from "./testing/testVenue.ts";

type OrderInit = Omit<MessageInitShape<typeof PlaceOrderSchema>, "$typeName" | "$unknown">;
type Body = NonNullable<CommandInit["body"]>;

interface Attempt {
  venue: TestVenue;
  accountId: bigint;
  deadlineUs: bigint;
  order: OrderInit;
}

function reasonOf(venue: TestVenue): string {
  const body = venue.batch.groups[0]?.events[0]?.body;
  switch (body?.case) {
    case "orderRejected":
    case "cancelRejected":
    case "amendRejected":
    case "commandRejected":
      return nameOf(RejectReason, body.value.reason);
    default:
      return body?.case ?? "nothing";
  }
}

function place({ venue, accountId, deadlineUs, order }: Attempt): string {
  venue.do(accountId, { case: "placeOrder", value: order as MessageInitShape<typeof PlaceOrderSchema> }, deadlineUs);
  return reasonOf(venue);
}

const setStatus = (venue: TestVenue, status: MarketStatus): string => {
  venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status } });
  return reasonOf(venue);
};

const freeze = (venue: TestVenue, name: string, frozen: boolean): void => {
  venue.do(0n, { case: "setAccountFrozen", value: { targetAccountId: venue.account(name), frozen } });
};

// A market where everything is limited, an order of bob to meet, and alice, who is frozen and has one order open.
function strictVenue(): TestVenue {
  const venue = new TestVenue({
    maxNumOrders: 1,
    minNotionalUnits: 100n,
    maxNotionalUnits: 1_000_000n,
    rules: { minPriceTicks: 5n, maxPriceTicks: 100_000n, minQuantityLots: 2n, bidMultiplierUpBips: 20_000, maxPositionLots: 50n },
  });
  venue.account("alice", 10n, 2_000n);
  venue.account("dave", 0n);
  for (const line of ["bob sells 2 @ 100", "carol sells 3 @ 100", "dave buys 2 @ 100", "alice buys 3 @ 50 as mine"]) venue.say(line);
  venue.timeUs = 2_000n;
  freeze(venue, "alice", true);
  setStatus(venue, MarketStatus.HALT);
  return venue;
}

describe("the ladder of a limit order", () => {
  it("names the first broken rule, and no other", () => {
    const venue = strictVenue();
    const attempt: Attempt = {
      venue,
      accountId: 99n,
      deadlineUs: 1_999n,
      order: { marketId: 9, clientOrderId: "a b", side: 9 as Side, type: 99 as OrderType, timeInForce: 99 as TimeInForce, priceTicks: 1n, quantityLots: 1n },
    };
    const mend = (change: OrderInit) => (): void => void (attempt.order = { ...attempt.order, ...change });
    const rows: [keyof typeof RejectReason | "orderAccepted", () => void][] = [
      ["UNKNOWN_ACCOUNT", () => void (attempt.accountId = venue.account("alice"))],
      ["DEADLINE_PASSED", () => void (attempt.deadlineUs = 2_000n)],
      ["UNKNOWN_MARKET", mend({ marketId: MARKET })],
      ["INVALID_CLIENT_ORDER_ID", mend({ clientOrderId: "mine" })],
      ["DUPLICATE_CLIENT_ORDER_ID", mend({ clientOrderId: "new" })],
      ["INVALID_SIDE", mend({ side: Side.BUY })],
      ["INVALID_ORDER_TYPE", mend({ type: OrderType.LIMIT })],
      ["INVALID_TIME_IN_FORCE", mend({ timeInForce: TimeInForce.GTD })],
      ["UNSUPPORTED_COMBINATION", mend({ expireTimeUs: 2_000n })],
      ["EXPIRE_TIME_OUT_OF_RANGE", mend({ expireTimeUs: 9_000n })],
      ["ACCOUNT_FROZEN", () => freeze(venue, "alice", false)],
      ["MARKET_CLOSED", () => void setStatus(venue, MarketStatus.POST_ONLY)],
      ["MARKET_POST_ONLY", () => void (mend({ type: OrderType.LIMIT_MAKER })(), setStatus(venue, MarketStatus.HALT), setStatus(venue, MarketStatus.AUCTION))],
      ["MARKET_AUCTION", () => void setStatus(venue, MarketStatus.TRADING)],
      ["PRICE_FILTER", mend({ priceTicks: 5n })],
      ["LOT_SIZE", mend({ quantityLots: 2n })],
      ["MIN_NOTIONAL", mend({ priceTicks: 100_000n, quantityLots: 1_000_000_000n })],
      ["MAX_NOTIONAL", mend({ priceTicks: 201n, quantityLots: 60n })],
      ["PERCENT_PRICE_BY_SIDE", mend({ priceTicks: 200n })],
      ["WOULD_TAKE", mend({ priceTicks: 99n })],
      ["MAX_POSITION", mend({ quantityLots: 30n })],
      ["MAX_NUM_ORDERS", () => void venue.say("alice cancels mine")],
      ["INSUFFICIENT_BALANCE", mend({ quantityLots: 20n })],
      ["orderAccepted", () => undefined],
    ];
    for (const [reason, mendIt] of rows) {
      expect(place(attempt), reason).toBe(reason);
      mendIt();
    }
  });
});

describe("the ladder of an iceberg that waits for a price", () => {
  it("names the first broken rule, and no other", () => {
    const venue = new TestVenue({
      minNotionalUnits: 100n,
      rules: { minPriceTicks: 5n, minQuantityLots: 2n, maxIcebergParts: 4, maxNumIcebergOrders: 1, maxNumAlgoOrders: 1, minTrailingAboveBips: 50 },
    });
    venue.account("alice", 10n, 700n);
    for (const line of ["bob sells 2 @ 100", "carol buys 2 @ 100", "alice sells 4 @ 200 show 2 as ice", "alice sells 2 @ 90 stop 90 as algo"]) venue.say(line);
    const attempt: Attempt = {
      venue,
      accountId: venue.account("alice"),
      deadlineUs: 0n,
      order: { marketId: MARKET, clientOrderId: "new", side: Side.BUY, type: OrderType.STOP_LOSS_LIMIT, timeInForce: TimeInForce.GTC, stopPriceTicks: 1n, trailingDeltaBips: 1, priceTicks: 1n, quantityLots: 1n, icebergLots: 1_000n },
    };
    const mend = (change: OrderInit) => (): void => void (attempt.order = { ...attempt.order, ...change });
    const rows: [keyof typeof RejectReason | "orderAccepted", () => void][] = [
      ["PRICE_FILTER", mend({ stopPriceTicks: 100n })],
      ["TRAILING_DELTA", mend({ trailingDeltaBips: 100 })],
      ["PRICE_FILTER", mend({ priceTicks: 20n })],
      ["LOT_SIZE", mend({ quantityLots: 2n })],
      ["MIN_NOTIONAL", mend({ quantityLots: 40n })],
      ["ICEBERG_EXCEEDS_QUANTITY", mend({ icebergLots: 1n })],
      ["LOT_SIZE", mend({ icebergLots: 2n })],
      ["ICEBERG_PARTS", mend({ icebergLots: 10n })],
      ["MAX_NUM_ICEBERG_ORDERS", () => void venue.say("alice cancels ice")],
      ["MAX_NUM_ALGO_ORDERS", () => void venue.say("alice cancels algo")],
      ["WOULD_TRIGGER_IMMEDIATELY", mend({ stopPriceTicks: 120n })],
      ["INSUFFICIENT_BALANCE", mend({ quantityLots: 30n })],
      ["orderAccepted", () => undefined],
    ];
    for (const [reason, mendIt] of rows) {
      expect(place(attempt), reason).toBe(reason);
      mendIt();
    }
  });
});

describe("the ladder of an order list", () => {
  it("names the first broken rule, and no other: shape, each order, the list's id, and how many there are already", () => {
    const venue = new TestVenue({ maxNumOrders: 4, rules: { minPriceTicks: 5n, maxNumOrderLists: 1, maxNumAlgoOrders: 2 } });
    const alice = venue.account("alice");
    for (const line of ["bob sells 2 @ 100", "carol buys 2 @ 100", "alice sells 2 @ 90 stop 90 as algo", "alice lists oto as one: buys 2 @ 50 as work | sells 2 @ 150 as pend"]) venue.say(line);
    let id = "a b";
    let [above, below]: [OrderInit, OrderInit] = [
      { marketId: MARKET, side: Side.BUY, type: OrderType.TAKE_PROFIT, stopPriceTicks: 150n, quantityLots: 2n, clientOrderId: "same" },
      { marketId: MARKET, side: Side.SELL, type: OrderType.STOP_LOSS, stopPriceTicks: 1n, quantityLots: 2n, clientOrderId: "same" },
    ];
    const rows: [keyof typeof RejectReason | "orderListChanged", () => void][] = [
      ["INVALID_CLIENT_ORDER_ID", () => void (id = "one")],
      ["DUPLICATE_CLIENT_ORDER_ID", () => void (above = { ...above, clientOrderId: "other" })],
      ["ORDER_LIST_SHAPE", () => void (above = { ...above, side: Side.SELL, type: OrderType.LIMIT_MAKER, stopPriceTicks: 0n, pegType: PegType.MARKET })],
      ["UNSUPPORTED_COMBINATION", () => void (above = { ...above, pegType: PegType.PRIMARY })],
      ["PEG_NO_LIQUIDITY", () => void venue.say("bob sells 2 @ 55")],
      ["PRICE_FILTER", () => void (below = { ...below, stopPriceTicks: 60n })],
      ["ORDER_LIST_PRICES", () => void (above = { ...above, type: OrderType.TAKE_PROFIT, stopPriceTicks: 150n, pegType: PegType.UNSPECIFIED })],
      ["DUPLICATE_CLIENT_ORDER_LIST_ID", () => void (id = "two")],
      ["MAX_NUM_ORDER_LISTS", () => void ["alice cancels work", "alice buys 2 @ 40 as x", "alice buys 2 @ 41 as y"].map((line) => venue.say(line))],
      ["MAX_NUM_ORDERS", () => void ["alice cancels x", "alice cancels y"].map((line) => venue.say(line))],
      ["MAX_NUM_ALGO_ORDERS", () => void venue.say("alice cancels algo")],
      ["orderListChanged", () => undefined],
    ];
    for (const [reason, mendIt] of rows) {
      const orders = [above, below].map((order) => order as MessageInitShape<typeof PlaceOrderSchema>);
      venue.do(alice, { case: "placeOrderList", value: { type: OrderListType.OCO, clientOrderListId: id, orders } });
      expect(reasonOf(venue), reason).toBe(reason);
      mendIt();
    }
  });
});

// Each row names what the command is answered with, and then mends just that.
type Rows = readonly (readonly [outcome: string, mend: () => unknown])[];

function climb(rows: Rows, send: () => string): void {
  for (const [outcome, mend] of rows) {
    expect(send(), outcome).toBe(outcome);
    mend();
  }
}

describe("the ladder of a market order", () => {
  const open = (): { venue: TestVenue; attempt: Attempt; mend: (change: OrderInit) => void } => {
    const venue = new TestVenue({ minNotionalUnits: 300n, maxNotionalUnits: 5_000n, rules: { minQuantityLots: 2n, minMarketQuantityLots: 3n, maxPositionLots: 40n } });
    venue.account("alice", 10n, 700n);
    venue.account("dave", 0n);
    for (const line of ["bob sells 5 @ 100", "dave buys 5 @ 100"]) venue.say(line);
    const order: OrderInit = { marketId: MARKET, clientOrderId: "new", side: Side.BUY, type: OrderType.MARKET };
    const attempt: Attempt = { venue, accountId: venue.account("alice"), deadlineUs: 0n, order };
    return { venue, attempt, mend: (change) => void (attempt.order = { ...attempt.order, ...change }) };
  };

  it("by quantity names the first broken rule, and no other", () => {
    const { venue, attempt, mend } = open();
    venue.say("bob sells 50 @ 100");
    mend({ quantityLots: 1n });
    climb(
      [
        ["LOT_SIZE", () => mend({ quantityLots: 2n })],
        ["MARKET_LOT_SIZE", () => void (mend({ quantityLots: 3n }), venue.do(0n, { case: "updateMarket", value: { market: rulesNow({ minNotionalUnits: 301n }) } }))],
        ["MIN_NOTIONAL", () => mend({ quantityLots: 51n })],
        ["MAX_NOTIONAL", () => mend({ quantityLots: 31n })],
        ["MAX_POSITION", () => mend({ quantityLots: 8n })],
        ["INSUFFICIENT_BALANCE", () => mend({ quantityLots: 7n })],
        ["orderAccepted", () => undefined],
      ],
      () => place(attempt),
    );
  });

  it("by an amount names the first broken rule, and no other", () => {
    const { venue, attempt, mend } = open();
    mend({ quoteOrderUnits: 299n });
    climb(
      [
        ["MIN_NOTIONAL", () => mend({ quoteOrderUnits: 5_001n })],
        ["MAX_NOTIONAL", () => mend({ quoteOrderUnits: 1_000n })],
        ["NO_LIQUIDITY", () => void venue.say("bob sells 2 @ 600")],
        ["LOT_SIZE", () => void venue.say("bob sells 9 @ 450")],
        ["MARKET_LOT_SIZE", () => void venue.say("bob sells 45 @ 30")],
        ["MAX_POSITION", () => mend({ quoteOrderUnits: 701n })],
        ["INSUFFICIENT_BALANCE", () => mend({ quoteOrderUnits: 700n })],
        ["orderAccepted", () => undefined],
      ],
      () => place(attempt),
    );
  });
});

// The market of `open` as UpdateMarket takes it.
const rulesNow = (change: object): object => ({
  marketId: MARKET,
  minPriceTicks: 1n,
  maxPriceTicks: 1_000_000_000n,
  minQuantityLots: 2n,
  maxQuantityLots: 1_000_000_000n,
  maxMarketQuantityLots: 1_000_000n,
  minMarketQuantityLots: 3n,
  minNotionalUnits: 300n,
  maxNotionalUnits: 5_000n,
  maxNumOrders: 1_000,
  maxPositionLots: 40n,
  ...change,
});

describe("the ladder of what changes or ends an order", () => {
  interface Asked {
    accountId: bigint;
    deadlineUs: bigint;
    value: Record<string, unknown>;
  }
  const strict = (): { venue: TestVenue; asked: Asked; mend: (change: object) => void; send: (what: string) => string } => {
    const venue = new TestVenue({ minNotionalUnits: 100n, maxNotionalUnits: 2_000n, rules: { minPriceTicks: 5n, minQuantityLots: 2n, bidMultiplierUpBips: 20_000, maxNumOrderAmends: 1 } });
    venue.account("alice", 10n, 2_350n);
    venue.account("dave", 0n);
    for (const line of ["bob sells 2 @ 100", "dave buys 2 @ 100", "alice buys 9 @ 50 as mine", "alice buys 9 @ 50 as amended", "alice lists oto as list: buys 9 @ 40 as work | sells 9 @ 150"]) venue.say(line);
    venue.say("alice amends amended to 8");
    venue.timeUs = 2_000n;
    freeze(venue, "alice", true);
    setStatus(venue, MarketStatus.HALT);
    const asked: Asked = { accountId: 99n, deadlineUs: 1_999n, value: { marketId: 9 } };
    const send = (what: string): string => {
      venue.do(asked.accountId, { case: what, value: asked.value } as Body, asked.deadlineUs);
      return reasonOf(venue);
    };
    return { venue, asked, mend: (change) => void (asked.value = { ...asked.value, ...change }), send };
  };
  const who = ({ venue, asked }: { venue: TestVenue; asked: Asked }): Rows => [
    ["UNKNOWN_ACCOUNT", () => (asked.accountId = venue.account("alice"))],
    ["DEADLINE_PASSED", () => (asked.deadlineUs = 2_000n)],
    ["UNKNOWN_MARKET", () => (asked.value = { ...asked.value, marketId: MARKET })],
  ];

  it("a cancel", () => {
    const started = strict();
    const { venue, mend, send } = started;
    mend({ clientOrderId: "gone", restriction: 3 });
    const rows: Rows = [
      ...who(started),
      ["UNSUPPORTED_COMBINATION", () => mend({ restriction: 2 })],
      ["UNKNOWN_ORDER", () => mend({ clientOrderId: "mine" })],
      ["MARKET_CLOSED", () => setStatus(venue, MarketStatus.CANCEL_ONLY)],
      ["CANCEL_RESTRICTED", () => mend({ restriction: 1 })],
      ["orderCanceled", () => undefined],
    ];
    climb(rows, () => send("cancelOrder"));
  });

  it("a cancel of all", () => {
    const started = strict();
    const { venue, mend, send } = started;
    mend({ side: 3, reason: 3 });
    const rows: Rows = [
      ...who(started),
      ["UNSUPPORTED_COMBINATION", () => mend({ reason: 0 })],
      ["INVALID_SIDE", () => mend({ side: Side.BUY })],
      ["MARKET_CLOSED", () => setStatus(venue, MarketStatus.CANCEL_ONLY)],
      ["orderCanceled", () => undefined],
    ];
    climb(rows, () => send("cancelAllOrders"));
  });

  it("a cancel of a list", () => {
    const started = strict();
    const { venue, asked, mend, send } = started;
    mend({ clientOrderListId: "gone" });
    const rows: Rows = [
      ["DEADLINE_PASSED", () => (asked.deadlineUs = 0n)],
      ["UNKNOWN_ACCOUNT", () => (asked.accountId = venue.account("alice"))],
      ["UNKNOWN_MARKET", () => mend({ marketId: MARKET })],
      ["UNKNOWN_ORDER_LIST", () => mend({ clientOrderListId: "list" })],
      ["MARKET_CLOSED", () => setStatus(venue, MarketStatus.CANCEL_ONLY)],
      ["orderCanceled", () => undefined],
    ];
    climb(rows, () => send("cancelOrderList"));
  });

  it("an amendment", () => {
    const started = strict();
    const { venue, mend, send } = started;
    mend({ clientOrderId: "gone", newPriceTicks: 3n, newQuantityLots: 10n, newClientOrderId: "a b" });
    const rows: Rows = [
      ...who(started),
      ["UNKNOWN_ORDER", () => mend({ clientOrderId: "work" })],
      ["UNSUPPORTED_COMBINATION", () => mend({ clientOrderId: "amended" })],
      ["INVALID_CLIENT_ORDER_ID", () => mend({ newClientOrderId: "mine" })],
      ["DUPLICATE_CLIENT_ORDER_ID", () => mend({ newClientOrderId: "" })],
      ["ACCOUNT_FROZEN", () => freeze(venue, "alice", false)],
      ["MARKET_CLOSED", () => setStatus(venue, MarketStatus.POST_ONLY)],
      ["MARKET_POST_ONLY", () => (setStatus(venue, MarketStatus.TRADING), mend({ newPriceTicks: 50n, newQuantityLots: 8n }))],
      ["AMEND_CHANGES_NOTHING", () => mend({ newPriceTicks: 3n, newQuantityLots: 9n })],
      ["AMEND_INCREASES_QUANTITY", () => mend({ newQuantityLots: 1n })],
      ["MAX_NUM_ORDER_AMENDS", () => mend({ clientOrderId: "mine" })],
      ["PRICE_FILTER", () => mend({ newPriceTicks: 5n })],
      ["LOT_SIZE", () => mend({ newQuantityLots: 9n })],
      ["MIN_NOTIONAL", () => mend({ newPriceTicks: 223n })],
      ["MAX_NOTIONAL", () => mend({ newPriceTicks: 201n })],
      ["PERCENT_PRICE_BY_SIDE", () => mend({ newPriceTicks: 200n })],
      ["INSUFFICIENT_BALANCE", () => mend({ newPriceTicks: 60n })],
      ["orderAmended", () => undefined],
    ];
    climb(rows, () => send("amendOrder"));
  });
});

describe("the ladder of a transfer", () => {
  it.each(["withdraw", "deposit"] as const)("a %s names the first broken rule, and no other", (what) => {
    const venue = new TestVenue();
    venue.account("alice", 10n, 100n);
    venue.timeUs = 2_000n;
    freeze(venue, "alice", true);
    let accountId = 99n;
    let deadlineUs = 1_999n;
    let value = { assetId: 9, amountUnits: 0n, transferId: "" };
    const mend = (change: Partial<typeof value>) => (value = { ...value, ...change });
    const onlyOut: Rows = [
      ["ACCOUNT_FROZEN", () => freeze(venue, "alice", false)],
      ["INSUFFICIENT_BALANCE", () => mend({ amountUnits: 100n })],
      ["withdrawalPosted", () => undefined],
    ];
    const rows: Rows = [
      ["DEADLINE_PASSED", () => (deadlineUs = 0n)],
      ["MALFORMED_COMMAND", () => mend({ transferId: "quote" })],
      ["UNKNOWN_ACCOUNT", () => (accountId = venue.account("alice"))],
      ["DUPLICATE_TRANSFER", () => mend({ transferId: "next" })],
      ["UNKNOWN_ASSET", () => mend({ assetId: QUOTE })],
      ["AMOUNT_OUT_OF_RANGE", () => mend({ amountUnits: 101n })],
      ...(what === "withdraw" ? onlyOut : ([["depositPosted", () => undefined]] as Rows)),
    ];
    climb(rows, () => {
      venue.do(accountId, { case: what, value }, deadlineUs);
      return reasonOf(venue);
    });
  });
});

describe("other refusals", () => {
  const order = (change: OrderInit = {}): OrderInit => ({
    marketId: MARKET,
    side: Side.BUY,
    type: OrderType.LIMIT,
    timeInForce: TimeInForce.GTC,
    priceTicks: 90n,
    quantityLots: 2n,
    clientOrderId: "o",
    ...change,
  });
  const market = (change: OrderInit = {}): OrderInit => order({ type: OrderType.MARKET, timeInForce: TimeInForce.IOC, priceTicks: 0n, ...change });
  const stop = (change: OrderInit = {}): OrderInit => order({ type: OrderType.STOP_LOSS_LIMIT, stopPriceTicks: 120n, ...change });
  const placed = (change: OrderInit): Body => ({ case: "placeOrder", value: change as MessageInitShape<typeof PlaceOrderSchema> });

  const rows: [keyof typeof RejectReason, string, Body][] = [
    ["NOTIONAL_OVERFLOW", "a product beyond 2^53", placed(order({ priceTicks: 1_000_000_000n, quantityLots: 1_000_000_000n }))],
    ["MARKET_LOT_SIZE", "a market order that is too large", placed(market({ quantityLots: 1_000_001n }))],
    ["UNSUPPORTED_COMBINATION", "a peg on a stop order without a limit", placed(stop({ type: OrderType.STOP_LOSS, timeInForce: TimeInForce.UNSPECIFIED, priceTicks: 0n, pegType: PegType.PRIMARY }))],
    ["UNSUPPORTED_COMBINATION", "a stop order by quote amount", placed(stop({ type: OrderType.STOP_LOSS, timeInForce: TimeInForce.UNSPECIFIED, priceTicks: 0n, quantityLots: 0n, quoteOrderUnits: 500n }))],
    ["NO_LIQUIDITY", "a market order by quote amount without a book", placed(market({ side: Side.SELL, quantityLots: 0n, quoteOrderUnits: 500n }))],
    ["MAX_NUM_ALGO_ORDERS", "one stop order too many", placed(stop())],
    ["TRAILING_DELTA", "a trailing delta that is too small", placed(stop({ stopPriceTicks: 0n, trailingDeltaBips: 1 }))],
    ["UNKNOWN_ORDER", "a cancel of what is not open", { case: "cancelOrder", value: { marketId: MARKET, clientOrderId: "gone" } }],
    ["CANCEL_RESTRICTED", "a cancel that wants a fill first", { case: "cancelOrder", value: { marketId: MARKET, clientOrderId: "open", restriction: 2 } }],
    ["AMEND_CHANGES_NOTHING", "an amendment to the same", { case: "amendOrder", value: { marketId: MARKET, clientOrderId: "open", newPriceTicks: 90n } }],
    ["AMEND_INCREASES_QUANTITY", "an amendment to more", { case: "amendOrder", value: { marketId: MARKET, clientOrderId: "open", newQuantityLots: 9n } }],
    ["MAX_NUM_ORDER_AMENDS", "one amendment too many", { case: "amendOrder", value: { marketId: MARKET, clientOrderId: "amended", newQuantityLots: 1n } }],
    ["INSUFFICIENT_BALANCE", "a withdrawal of more than is there", { case: "withdraw", value: { assetId: QUOTE, amountUnits: 1n << 40n, transferId: "w" } }],
    ["AMOUNT_OUT_OF_RANGE", "a deposit of nothing", { case: "deposit", value: { assetId: QUOTE, amountUnits: 0n, transferId: "d" } }],
    ["UNKNOWN_ASSET", "a deposit of what is not listed", { case: "deposit", value: { assetId: 9, amountUnits: 1n, transferId: "d" } }],
    ["DUPLICATE_TRANSFER", "a deposit for the second time", { case: "deposit", value: { assetId: QUOTE, amountUnits: 1n, transferId: "quote" } }],
    ["MALFORMED_COMMAND", "a deposit without an id", { case: "deposit", value: { assetId: QUOTE, amountUnits: 1n } }],
  ];
  it.each(rows)("%s: %s", (reason, _what, body) => {
    const venue = new TestVenue({ rules: { maxNumAlgoOrders: 1, minTrailingAboveBips: 10, maxNumOrderAmends: 1 } });
    for (const line of ["bob sells 1 @ 100", "carol buys 1 @ 100", "alice buys 2 @ 90 as open", "alice buys 3 @ 80 as amended"]) venue.say(line);
    const alice = venue.account("alice");
    venue.do(alice, { case: "amendOrder", value: { marketId: MARKET, clientOrderId: "amended", newQuantityLots: 2n } });
    expect(reasonOf(venue)).toBe("orderAmended");
    venue.do(alice, placed(stop({ clientOrderId: "stop" })));
    expect(reasonOf(venue)).toBe("orderAccepted");
    if (reason === "NO_LIQUIDITY") for (const name of ["alice", "bob"]) venue.say(`${name} cancels all`);
    const before = venue.balances("alice");
    venue.do(alice, body);
    expect(reasonOf(venue)).toBe(reason);
    expect(venue.balances("alice")).toBe(before);
  });

  it("MAX_NUM_ORDER_LISTS: one list too many", () => {
    const venue = new TestVenue({ rules: { maxNumOrderLists: 1 } });
    const list = (name: string): void => {
      const leg = (change: OrderInit) => order({ side: Side.SELL, ...change }) as MessageInitShape<typeof PlaceOrderSchema>;
      const orders = [
        leg({ type: OrderType.LIMIT_MAKER, priceTicks: 150n, clientOrderId: `${name}-above` }),
        leg({ type: OrderType.STOP_LOSS_LIMIT, stopPriceTicks: 50n, priceTicks: 50n, clientOrderId: `${name}-below` }),
      ];
      venue.do(venue.account("alice"), { case: "placeOrderList", value: { type: OrderListType.OCO, clientOrderListId: name, orders } });
    };
    list("one");
    expect(reasonOf(venue)).toBe("orderListChanged");
    list("two");
    expect(reasonOf(venue)).toBe("MAX_NUM_ORDER_LISTS");
  });

  it("of the venue's own commands", () => {
    const venue = new TestVenue();
    const asset = (code: string): Body => ({ case: "listAsset", value: { asset: { code, name: code, scale: 0 } } });
    const venueRows: [keyof typeof RejectReason, Body][] = [
      ["ALREADY_EXISTS", asset("BASE")],
      ["INVALID_DEFINITION", asset("lower")],
      ["UNKNOWN_TRANSFER", { case: "resolveTransfer", value: { targetAccountId: 1n, transferId: "none", post: true } }],
      ["UNKNOWN_ACCOUNT", { case: "setFeeTier", value: { targetAccountId: 99n, tier: 1 } }],
      ["UNKNOWN_ACCOUNT", { case: "setTradeGroup", value: { targetAccountId: 99n, tradeGroupId: 1n } }],
      ["UNKNOWN_MARKET", { case: "setMarketStatus", value: { marketId: 9, status: MarketStatus.HALT } }],
      ["MALFORMED_COMMAND", { case: "setFeeTier", value: { targetAccountId: 1n, tier: 0xffff_ffff } }],
    ];
    for (const [reason, body] of venueRows) {
      venue.do(0n, body);
      expect(reasonOf(venue)).toBe(reason);
    }
    // An auction begins after a halt only.
    expect(setStatus(venue, MarketStatus.AUCTION)).toBe("UNSUPPORTED_COMBINATION");
    // A body with a number that no engine knows yet.
    venue.applyBytes(Uint8Array.from([...entryBytes([]), 0x1a, 5, 0x08, 1, 0xfa, 0x06, 0]));
    expect(reasonOf(venue)).toBe("UNSUPPORTED_COMMAND");
  });
});

it("every reason is in a test, but for those that cannot be brought about", () => {
  const here = new URL(".", import.meta.url);
  const texts = readdirSync(here)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, here), "utf8"))
    .join("\n");
  // It would take ten million accounts.
  const outOfReach = ["UNSPECIFIED", "ACCOUNT_LIMIT_REACHED"];
  const untested = Object.keys(RejectReason).filter((name) => Number.isNaN(Number(name)) && !new RegExp(`\\b${name}\\b`).test(texts));
  expect(untested.filter((name) => !outOfReach.includes(name))).toEqual([]);
});

// Orders that show a part of themselves, and orders that take their price from the book.
import { describe, expect, it } from "vitest";
import { PegType } from "../../gen/tickwire/v1/types_pb.ts";
import { table } from "./testing/restoredTable.ts";
import { FAST_ONLY, TestVenue } from "./testing/testVenue.ts";

describe("an iceberg", () => {
  it("shows its part, and joins the back of the queue with the next one", () => {
    const venue = table(`
      alice sells 10 @ 100 show 3 as ice -> accepted
      bob   sells 2 @ 100 -> accepted
      ask 100: 3 2
      carol buys  1 @ 100 -> accepted, 1 @ 100
      ask 100: 2 2
      carol buys  3 @ 100 -> accepted, 2 @ 100, 1 @ 100
      ask 100: 1 3
      carol buys  6 @ 100 -> accepted, 1 @ 100, 3 @ 100, 2 @ 100
      ask 100: 1
    `);
    expect(venue.balances("alice")).toBe("999990/2 1000000800/0");
    table(`
      alice cancels ice -> canceled ice
      empty book
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("999992/0 1000000800/0");
  });

  it("tells the public what shows", FAST_ONLY, () => {
    const venue = table(`
      alice sells 10 @ 100 show 3 -> accepted
      carol buys  9 @ 100 -> accepted, 3 @ 100, 3 @ 100, 3 @ 100
    `);
    expect(venue.marketData[0]?.frames[0]?.body).toMatchObject({ value: { askTicks: [100n], askLots: [1n] } });
  });

  it("gives all it has to whoever takes it: FOK, market orders and amounts count what is hidden", () => {
    table(`
      alice sells 10 @ 100 show 3 -> accepted
      bob   sells 5 @ 101 -> accepted
      carol buys  9 @ 100 fok -> accepted, 3 @ 100, 3 @ 100, 3 @ 100
      ask 101: 5
      ask 100: 1
      alice sells 10 @ 100 show 4 -> accepted
      carol buys  12 -> accepted, 1 @ 100, 4 @ 100, 4 @ 100, 2 @ 100, 1 @ 101
      alice sells 10 @ 100 show 4 -> accepted
      carol buys  for 1101 -> accepted, 4 @ 100, 4 @ 100, 2 @ 100, 1 @ 101
      ask 101: 3
      carol buys 4 @ 101 fok -> accepted, expired UNFILLED_FOK
    `);
  });

  it("takes with its whole size when it comes in, and hides only what rests", () => {
    const venue = table(`
      bob   sells 4 @ 100 -> accepted
      alice buys  10 @ 100 show 5 as ice -> accepted, 4 @ 100
      bid 100: 5
    `);
    expect(venue.balances("alice")).toBe("1000004/0 999999000/600");
  });

  it("ends whole by self-trade prevention, or shows its next part when it is only lessened", () => {
    table(`
      alice sells 10 @ 100 show 3 as ice -> accepted
      alice buys  2 @ 100 stp decrement -> accepted, prevented 2 @ 100, expired SELF_TRADE_PREVENTION
      ask 100: 1
      alice buys  2 @ 100 stp decrement -> accepted, prevented 1 @ 100, prevented 1 @ 100, expired SELF_TRADE_PREVENTION
      ask 100: 2
      bob   sells 3 @ 100 -> accepted
      alice buys  4 @ 100 fok stp expire_maker -> accepted, expired UNFILLED_FOK
      alice buys  4 @ 100 stp expire_maker -> accepted, prevented 2 @ 100, expired SELF_TRADE_PREVENTION, 3 @ 100
      bid 100: 1
    `);
  });

  it("may be a stop-limit order, which shows its part once it rests", () => {
    table(`
      mm sells 1 @ 100 -> accepted
      mm buys  1 @ 100 -> accepted, 1 @ 100
      alice sells 10 @ 95 show 4 stop 90 as ice -> accepted
      mm  buys  3 @ 96 -> accepted
      mm  buys  1 @ 90 -> accepted
      bob sells 3 @ 96 -> accepted, 3 @ 96
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken ice
      ask 95: 4
    `);
  });

  it("obeys its filters", () => {
    const venue = new TestVenue({ rules: { maxIcebergParts: 4, maxNumIcebergOrders: 1, minQuantityLots: 2n } });
    table(`
      alice sells 10 @ 100 show 2 -> rejected ICEBERG_PARTS
      alice sells 10 @ 100 show 1 -> rejected LOT_SIZE
      alice sells 10 @ 100 show 3 -> accepted
      alice sells 10 @ 100 show 3 -> rejected MAX_NUM_ICEBERG_ORDERS
      alice sells 10 @ 100 show 11 -> rejected ICEBERG_EXCEEDS_QUANTITY
      bob   sells 10 @ 100 show 10 -> accepted
      ask 100: 3 10
    `, undefined, venue);
  });

  it("keeps every invariant at random", () => {
    let state = 99;
    const roll = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % below;
    };
    const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
    for (const name of ["a", "b", "c"]) venue.account(name, 2_000n, 200_000n);
    const modes = ["none", "none", "expire_maker", "expire_both", "decrement"];
    for (let n = 0; n < 1_500; n++) {
      const name = ["a", "b", "c"][roll(3)] ?? "a";
      const lots = 1 + roll(20);
      const how = [`@ ${95 + roll(11)} show ${1 + roll(lots)}`, `@ ${95 + roll(11)}`, `@ ${95 + roll(11)} fok`, "", `@ ${95 + roll(11)} show ${1 + roll(lots)} stop ${95 + roll(11)}`][roll(5)];
      venue.say(roll(8) === 0 ? `${name} cancels o${roll(30)}` : `${name} ${roll(2) === 0 ? "buys" : "sells"} ${lots} ${how} stp ${modes[roll(5)]} as o${roll(30)}`);
    }
    table("", undefined, venue);
  });
});

describe("an iceberg on a market that names no bound of its parts", () => {
  // A market order that met an iceberg of 10^15 parts never ended: the engine died of it, and again at every replay.
  it("has a thousand parts at most, so that a command that meets it ends", () => {
    table(`
      alice sells 1001 @ 100 show 1 -> rejected ICEBERG_PARTS
      alice sells 1000 @ 100 show 1 -> accepted
    `);
  });
});

describe("a pegged order", () => {
  it("takes its price from the book once, and keeps it", () => {
    const venue = table(`
      mm sells 1 @ 110 -> accepted
      mm sells 1 @ 112 -> accepted
      mm buys  1 @ 90 -> accepted
      mm buys  1 @ 88 -> accepted
      alice buys  2 peg primary -> accepted
      alice sells 2 peg primary behind 1 as deep -> accepted
      alice sells 2 peg primary behind 2 -> rejected PEG_NO_LIQUIDITY
      alice sells 1 peg primary ioc -> rejected UNSUPPORTED_COMBINATION
      alice sells 1 peg maker -> rejected UNSUPPORTED_COMBINATION
      alice sells 1 peg primary behind 1 maker as post -> accepted
      alice cancels post -> canceled post
      ask 112: 1 2
      ask 110: 1
      bid 90: 1 2
      bid 88: 1
      mm  buys  1 @ 91 -> accepted
      bob buys  2 peg behind 1 -> accepted, 1 @ 110, 1 @ 112
      ask 112: 2
      bid 91: 1
      bid 90: 1 2
      bid 88: 1
    `);
    venue.say("alice buys 1 peg primary as p");
    expect(venue.batch.groups[0]?.events[0]?.body).toMatchObject({ value: { order: { priceTicks: 91n, pegType: PegType.PRIMARY, pegOffsetLevels: 0 } } });
  });

  it("that waits takes its price when it is woken, and holds what it costs where it wakes until then", () => {
    const venue = table(`
      mm sells 1 @ 100 -> accepted
      mm buys  1 @ 100 -> accepted, 1 @ 100
      alice buys 4 stop 110 peg primary as p -> accepted
      alice buys 2 stop 110 peg as m -> accepted
      alice amends p to 3 -> amended in place
      alice amends p @ 100 -> rejected UNSUPPORTED_COMBINATION
      alice buys 4 stop 110 peg primary ioc -> rejected UNSUPPORTED_COMBINATION
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999450/550");
    table(`
      mm  buys  1 @ 95 -> accepted
      mm  sells 9 @ 115 -> accepted
      mm  sells 1 @ 110 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110, woken p, woken m, 2 @ 115
      ask 115: 7
      bid 95: 1 3
    `, undefined, venue);
    // Three at 95 wait in the book, two were bought at 115: more than they held, and paid.
    expect(venue.balances("alice")).toBe("1000002/0 999999485/285");
  });

  it("that waits expires when it is woken into a book without a price for it, or to a price its market or its owner cannot take", () => {
    const venue = new TestVenue({ rules: { bidMultiplierUpBips: 11_000 } });
    venue.account("poor", 0n, 222n);
    table(`
      mm sells 1 @ 100 -> accepted
      mm buys  1 @ 100 -> accepted, 1 @ 100
      alice buys 2 stop 110 peg primary as none -> accepted
      poor  buys 2 stop 110 peg as poor -> accepted
      alice buys 2 stop 110 peg as far -> accepted
      mm  sells 1 @ 110 -> accepted
      mm  sells 5 @ 200 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110, woken none, expired INSUFFICIENT_LIQUIDITY, woken poor, expired EXCHANGE, woken far, expired EXCHANGE
      ask 200: 5
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
    expect(venue.balances("poor")).toBe("0/0 222/0");
  });
});

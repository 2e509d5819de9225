// Orders that must not take: refused when they would, or, if they may slide, moved to just inside the spread.
import { expect, it } from "vitest";
import { table } from "./testing/restoredTable.ts";

it("a post-only order that would take is refused, and one that may slide moves to just inside the spread", () => {
  const venue = table(`
    mm    sells 5 @ 105 -> accepted
    mm    buys  5 @ 100 -> accepted
    alice buys  1 @ 105 maker -> rejected WOULD_TAKE
    alice buys  1 @ 105 maker slides as a -> accepted
    bob   sells 2 @ 90 maker slides -> accepted
    ask 105: 5 2
    bid 104: 1
    bid 100: 5
    alice buys  3 @ 103 maker slides -> accepted
    carol sells 1 @ 104 -> accepted, 1 @ 104
    ask 105: 5 2
    bid 103: 3
    bid 100: 5
  `);
  // It held what its price came to, and no more.
  expect(venue.balances("alice")).toBe("1000001/0 999999587/309");
});

it("a post-only order slides out of its owner's way, too, and behind whoever stands there already", () => {
  table(`
    alice sells 2 @ 101 -> accepted
    bob   buys  2 @ 100 -> accepted
    alice buys  3 @ 101 maker slides stp expire_taker -> accepted
    ask 101: 2
    bid 100: 2 3
  `);
});

it("with no room inside the market's prices a post-only order does not slide", () => {
  table(
    `
    mm    sells 5 @ 10 -> accepted
    alice buys  5 @ 10 maker slides -> rejected WOULD_TAKE
    alice buys  5 @ 9 maker slides -> rejected PRICE_FILTER
    alice buys  5 @ 201 maker slides -> rejected PRICE_FILTER
    mm    cancels all -> canceled auto-1
    mm    buys  5 @ 200 -> accepted
    alice sells 5 @ 100 maker slides -> rejected WOULD_TAKE
    alice sells 5 @ 9 maker slides -> rejected PRICE_FILTER
    `,
    { rules: { minPriceTicks: 10n, maxPriceTicks: 200n } },
  );
});

it("the price to which an order slides is the one that the market's rules and its owner's money are asked about", () => {
  table(
    `
    mm    sells 5 @ 100 -> accepted
    alice buys  1 @ 100 maker slides -> rejected MIN_NOTIONAL
    alice buys  2 @ 100 maker slides -> accepted
    ask 100: 5
    bid 99: 2
    `,
    { minNotionalUnits: 100n },
  );
});

it("only a post-only order with a price of its own slides, and none of a list", () => {
  table(`
    mm    sells 5 @ 105 -> accepted
    mm    buys  5 @ 95 -> accepted
    alice buys  1 @ 100 slides -> rejected UNSUPPORTED_COMBINATION
    alice buys  1 slides -> rejected UNSUPPORTED_COMBINATION
    alice buys  1 peg primary maker slides -> rejected UNSUPPORTED_COMBINATION
    alice lists oco as l: sells 5 @ 110 maker slides as above | sells 5 stop 90 as below -> rejected ORDER_LIST_SHAPE
  `);
});

it("an amendment that must not take is refused where the order's own type would let it", () => {
  table(`
    mm    sells 5 @ 105 -> accepted
    alice buys  5 @ 100 as a -> accepted
    alice amends a @ 105 maker -> rejected WOULD_TAKE
    alice amends a @ 104 maker -> amended
    ask 105: 5
    bid 104: 5
    venue goes POST_ONLY ->
    alice amends a @ 103 -> rejected MARKET_POST_ONLY
    alice amends a @ 103 maker -> amended
    venue goes TRADING ->
    bob   sells 1 @ 103 -> accepted, 1 @ 103
    bob   sells 5 stop 90 as waits -> accepted
    bob   amends waits to 4 maker -> rejected UNSUPPORTED_COMBINATION
    alice amends a @ 105 -> amended, 4 @ 105
  `);
});

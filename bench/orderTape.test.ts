import { expect, test } from "vitest";
import { OrderTape } from "./orderTape.ts";

const account = { accountId: "2", apiKey: "k", apiSecret: "s" };
const touch = { bidCents: 6_400_000, askCents: 6_400_100 };

const priceOf = (params: string) => Number(new URLSearchParams(params).get("price"));

test("resting orders rest, crossing orders cross, and only what was acknowledged is canceled", () => {
  const tape = new OrderTape(account, 1);
  const acknowledged = new Set<string>();
  const kinds = { rest: 0, cross: 0, cancel: 0 };
  for (let i = 0; i < 2_000; i++) {
    const planned = tape.next("BTCUSDT", touch);
    kinds[planned.kind]++;
    const buy = planned.params.includes("side=BUY");
    if (planned.kind === "rest") expect(buy ? priceOf(planned.params) < 64_000 : priceOf(planned.params) > 64_001).toBe(true);
    if (planned.kind === "cross") expect(buy ? priceOf(planned.params) > 64_001 : priceOf(planned.params) < 64_000).toBe(true);
    if (planned.kind === "cancel") expect(acknowledged.delete(planned.clientOrderId)).toBe(true);
    if (planned.kind === "rest") acknowledged.add(planned.clientOrderId);
    tape.acknowledged(planned);
    expect(acknowledged.size).toBeLessThanOrEqual(22);
  }
  expect(Math.min(kinds.rest, kinds.cross, kinds.cancel)).toBeGreaterThan(100);
});

test("the same seed sends the same orders", () => {
  const [one, two] = [new OrderTape(account, 7), new OrderTape(account, 7)];
  for (let i = 0; i < 50; i++) expect(one.next("BTCUSDT", touch)).toEqual(two.next("BTCUSDT", touch));
});

import { expect, it } from "vitest";
import { ExecutionType } from "../../../gen/tickwire/v1/private_data_pb.ts";
import { RequestError } from "../../../gen/tickwire/v1/server_pb.ts";
import * as types from "../../../gen/tickwire/v1/types_pb.ts";
import * as words from "./words.ts";

const tables: [string, Record<string, number>, ReadonlyMap<number, string>][] = [
  ["Side", types.Side, words.SIDES],
  ["OrderType", types.OrderType, words.ORDER_TYPES],
  ["TimeInForce", types.TimeInForce, words.TIMES_IN_FORCE],
  ["OrderStatus", types.OrderStatus, words.ORDER_STATUSES],
  ["MarketStatus", types.MarketStatus, words.MARKET_STATUSES],
  ["CancelReason", types.CancelReason, words.CANCEL_REASONS],
  ["ExpiryReason", types.ExpiryReason, words.EXPIRY_REASONS],
  ["ExecutionType", ExecutionType, words.EXECUTION_TYPES],
  ["RequestError", RequestError, words.REQUEST_ERRORS],
];

it.each(tables)("every %s of the wire has its own name as its word", (_, wire, table) => {
  const named = Object.entries(wire).filter(([, number]) => number !== 0);
  expect([...table].map(([number, word]) => [word, number])).toEqual(named);
});

it("every candle interval of the wire has one word", () => {
  const numbers = Object.values(types.CandleInterval).filter((number) => number !== 0);
  expect([...words.CANDLE_INTERVALS.keys()]).toEqual(numbers);
  expect(new Set(words.CANDLE_INTERVALS.values()).size).toBe(numbers.length);
  expect(words.wireInterval("1M")).toBe(types.CandleInterval.MONTH_1);
});

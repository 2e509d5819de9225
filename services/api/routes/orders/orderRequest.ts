// POST /api/v3/order, from text to ticks and lots: which parameters a type needs, what the market's steps allow.
//
// Exact: a text with more digits than its asset has is refused, one between two steps fails the market's filter, and
// nothing is rounded. The rest (ranges, notional, balance) is the engine's to judge.
import { z } from "zod";
import { OrderType, TimeInForce } from "../../../../gen/tickwire/v1/types_pb.ts";
import type { PlaceOrderRequest } from "../../../shared/trading/tradingService.ts";
import type { ListedMarket, VenueDirectory } from "../../../shared/trading/venueDirectory.ts";
import { ORDER_TYPES, SELF_TRADE_PREVENTION_MODES, SIDES, TIMES_IN_FORCE } from "../../../shared/trading/words.ts";
import { parsePriceTicks, parseQuantityLots, parseUnits, type Lots, type Ticks } from "../../../shared/units.ts";
import type { Caller } from "../../apiEnv.ts";
import { ApiError, type ErrorName } from "../../errors.ts";
import { clientOrderIdParam, decimalParam, symbolParam, wordParam } from "../../request/params.ts";
import { marketOf } from "../markets.ts";

/** Every parameter of a new order that clients know; those of types not offered are refused by name below. */
export const orderParams = z.strictObject({
  symbol: symbolParam,
  side: wordParam(SIDES, "INVALID_SIDE"),
  type: wordParam(ORDER_TYPES, "INVALID_ORDER_TYPE"),
  timeInForce: wordParam(TIMES_IN_FORCE, "INVALID_TIME_IN_FORCE").optional(),
  quantity: decimalParam.optional(),
  quoteOrderQty: decimalParam.optional(),
  price: decimalParam.optional(),
  newClientOrderId: clientOrderIdParam.optional(),
  newOrderRespType: z.enum(["ACK", "RESULT", "FULL"]).optional(),
  selfTradePreventionMode: wordParam(SELF_TRADE_PREVENTION_MODES, "INVALID_PARAMETER").optional(),
  stopPrice: decimalParam.optional(),
  trailingDelta: z.string().optional(),
  icebergQty: decimalParam.optional(),
});
export type OrderParams = z.output<typeof orderParams>;

type Param = "timeInForce" | "quantity" | "quoteOrderQty" | "price" | "stopPrice" | "trailingDelta" | "icebergQty";

interface Needs {
  readonly required: readonly Param[];
  readonly refused: readonly Param[];
}

const CONTINGENT: readonly Param[] = ["stopPrice", "trailingDelta"];
const NEEDS: ReadonlyMap<OrderType, Needs> = new Map([
  [OrderType.LIMIT, { required: ["timeInForce", "quantity", "price"], refused: ["quoteOrderQty", ...CONTINGENT] }],
  [OrderType.LIMIT_MAKER, { required: ["quantity", "price"], refused: ["timeInForce", "quoteOrderQty", ...CONTINGENT] }],
  [OrderType.MARKET, { required: [], refused: ["timeInForce", "price", ...CONTINGENT] }],
]);

function checkPresence(params: OrderParams): void {
  const needs = NEEDS.get(params.type);
  // A type of the dictionary that this venue does not offer (see orderTypes in exchangeInfo).
  if (needs === undefined) throw new ApiError("INVALID_ORDER_TYPE");
  for (const param of needs.required) if (params[param] === undefined) throw new ApiError("MANDATORY_PARAMETER", { param });
  for (const param of needs.refused) if (params[param] !== undefined) throw new ApiError("PARAMETER_NOT_REQUIRED", { param });
  if (params.icebergQty !== undefined) throw new ApiError("ICEBERG_NOT_SUPPORTED");
  if (params.type !== OrderType.MARKET) return;
  if (params.quantity === undefined && params.quoteOrderQty === undefined) throw new ApiError("EITHER_PARAMETER", { a: "quantity", b: "quoteOrderQty" });
  if (params.quantity !== undefined && params.quoteOrderQty !== undefined) throw new ApiError("PARAMETER_NOT_REQUIRED", { param: "quoteOrderQty" });
}

interface Measure {
  readonly text: string | undefined;
  readonly param: string;
  readonly scale: number;
  /** What a value that is zero, or between two steps, fails. */
  readonly filter: ErrorName;
}

/** Text to steps; 0 when it was not sent. */
function measured<T extends number | bigint>({ text, param, scale, filter }: Measure, parse: (text: string) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }): T | undefined {
  if (text === undefined) return undefined;
  const units = parseUnits(text, scale);
  if (!units.ok) throw new ApiError(units.error === "too_precise" ? "TOO_PRECISE" : filter, { param });
  const steps = parse(text);
  if (!steps.ok || units.value === 0n) throw new ApiError(filter);
  return steps.value;
}

/** An order request that the engine can judge. @throws ApiError naming the parameter or the filter */
export function orderRequest(params: OrderParams, directory: VenueDirectory, caller: Caller): { readonly listed: ListedMarket; readonly request: PlaceOrderRequest } {
  const listed = marketOf(directory, params.symbol);
  checkPresence(params);
  const { baseScale, quoteScale } = listed;
  const priceTicks = measured({ text: params.price, param: "price", scale: quoteScale, filter: "PRICE_FILTER" }, (text) => parsePriceTicks(text, listed));
  const quantityLots = measured({ text: params.quantity, param: "quantity", scale: baseScale, filter: "LOT_SIZE" }, (text) => parseQuantityLots(text, listed));
  const quoteOrderUnits = measured({ text: params.quoteOrderQty, param: "quoteOrderQty", scale: quoteScale, filter: "NOTIONAL" }, (text) => parseUnits(text, quoteScale));
  const request: PlaceOrderRequest = {
    accountId: caller.accountId,
    marketId: listed.market.marketId,
    side: params.side,
    type: params.type,
    timeInForce: params.timeInForce ?? TimeInForce.UNSPECIFIED,
    priceTicks: priceTicks ?? (0 as Ticks),
    quantityLots: quantityLots ?? (0 as Lots),
    quoteOrderUnits: quoteOrderUnits ?? 0n,
    clientOrderId: params.newClientOrderId,
    selfTradePreventionMode: params.selfTradePreventionMode,
    deadlineUs: caller.deadlineUs,
  };
  return { listed, request };
}

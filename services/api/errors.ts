// Every error the api can answer, in one closed table: HTTP status, code, text. The texts are part of the contract:
// clients (ccxt first of all) match them before the code.
//
// Codes below -9000 are Tickwire's own, for what Binance has no word for.
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import type { IngressFailure } from "../shared/trading/ingress.ts";

interface ErrorSpec {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503 | 504;
  readonly code: number;
  /** `{name}` is replaced by the detail of that name. */
  readonly msg: string;
}

export const ERRORS = {
  // The venue cannot answer.
  UNKNOWN: { status: 500, code: -1000, msg: "An unknown error occurred while processing the request." },
  DISCONNECTED: { status: 503, code: -1001, msg: "Internal error; unable to process your request. Please try again." },
  HISTORY_BEHIND: { status: 503, code: -1001, msg: "History is still catching up with the engine. Please try again." },
  TIMEOUT: { status: 504, code: -1007, msg: "Timeout waiting for response from backend server. Send status unknown; execution status unknown." },
  SERVER_BUSY: { status: 503, code: -1008, msg: "Server is currently overloaded with other requests. Please try again in a few minutes." },
  // Who asks, and how often.
  UNAUTHORIZED: { status: 401, code: -1002, msg: "You are not authorized to execute this request." },
  TOO_MUCH_WEIGHT: { status: 429, code: -1003, msg: "Too much request weight used; current limit is {limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API." },
  TOO_MANY_ATTEMPTS: { status: 429, code: -1003, msg: "Too many attempts; try again in {seconds} s." },
  BAD_API_KEY_FORMAT: { status: 401, code: -2014, msg: "API-key format invalid." },
  REJECTED_API_KEY: { status: 401, code: -2015, msg: "Invalid API-key, IP, or permissions for action." },
  OUTSIDE_RECV_WINDOW: { status: 400, code: -1021, msg: "Timestamp for this request is outside of the recvWindow." },
  TIMESTAMP_AHEAD: { status: 400, code: -1021, msg: "Timestamp for this request was 1000ms ahead of the server's time." },
  INVALID_SIGNATURE: { status: 400, code: -1022, msg: "Signature for this request is not valid." },
  BAD_RECV_WINDOW: { status: 400, code: -1131, msg: "recvWindow must be less than 60000." },
  // The shape of the request.
  NO_SUCH_ROUTE: { status: 404, code: -1020, msg: "This operation is not supported: {method} {path}" },
  BODY_TOO_LARGE: { status: 413, code: -1101, msg: "The request body is larger than {bytes} bytes." },
  BODY_NOT_FORM: { status: 415, code: -1100, msg: "The request body must be application/x-www-form-urlencoded." },
  BODY_NOT_JSON: { status: 400, code: -1135, msg: "Invalid JSON Request" },
  MALFORMED_ENCODING: { status: 400, code: -1100, msg: "Illegal characters found in a parameter." },
  ILLEGAL_CHARACTERS: { status: 400, code: -1100, msg: "Illegal characters found in parameter '{param}'; legal range is '{range}'." },
  TOO_MANY_PARAMETERS: { status: 400, code: -1101, msg: "Too many parameters; expected '{expected}' and received '{received}'." },
  DUPLICATE_PARAMETER: { status: 400, code: -1101, msg: "Duplicate values for a parameter detected." },
  MANDATORY_PARAMETER: { status: 400, code: -1102, msg: "Mandatory parameter '{param}' was not sent, was empty/null, or malformed." },
  EITHER_PARAMETER: { status: 400, code: -1102, msg: "Param '{a}' or '{b}' must be sent, but both were empty/null!" },
  UNREAD_PARAMETERS: { status: 400, code: -1104, msg: "Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'." },
  EMPTY_PARAMETER: { status: 400, code: -1105, msg: "Parameter '{param}' was empty." },
  PARAMETER_NOT_REQUIRED: { status: 400, code: -1106, msg: "Parameter '{param}' sent when not required." },
  PARAMETER_OVERFLOW: { status: 400, code: -1108, msg: "Parameter '{param}' overflowed." },
  TOO_PRECISE: { status: 400, code: -1111, msg: "Parameter '{param}' has too much precision." },
  INVALID_TIME_IN_FORCE: { status: 400, code: -1115, msg: "Invalid timeInForce." },
  INVALID_ORDER_TYPE: { status: 400, code: -1116, msg: "Invalid orderType." },
  INVALID_SIDE: { status: 400, code: -1117, msg: "Invalid side." },
  INVALID_INTERVAL: { status: 400, code: -1120, msg: "Invalid interval." },
  INVALID_SYMBOL: { status: 400, code: -1121, msg: "Invalid symbol." },
  LOOKUP_INTERVAL_TOO_BIG: { status: 400, code: -1127, msg: "More than {hours} hours between startTime and endTime." },
  BAD_COMBINATION: { status: 400, code: -1128, msg: "Combination of optional parameters invalid." },
  INVALID_PARAMETER: { status: 400, code: -1130, msg: "Data sent for parameter '{param}' is not valid." },
  INVALID_JSON_PARAMETER: { status: 400, code: -1135, msg: "JSON sent for parameter '{param}' is not valid" },
  INVALID_CANCEL_RESTRICTIONS: { status: 400, code: -1145, msg: "`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`." },
  DUPLICATE_SYMBOLS: { status: 400, code: -1151, msg: "Symbol is present multiple times in the list." },
  // Filters.
  PRICE_FILTER: { status: 400, code: -1013, msg: "Filter failure: PRICE_FILTER" },
  LOT_SIZE: { status: 400, code: -1013, msg: "Filter failure: LOT_SIZE" },
  MARKET_LOT_SIZE: { status: 400, code: -1013, msg: "Filter failure: MARKET_LOT_SIZE" },
  NOTIONAL: { status: 400, code: -1013, msg: "Filter failure: NOTIONAL" },
  PERCENT_PRICE_BY_SIDE: { status: 400, code: -1013, msg: "Filter failure: PERCENT_PRICE_BY_SIDE" },
  ICEBERG_PARTS: { status: 400, code: -1013, msg: "Filter failure: ICEBERG_PARTS" },
  MAX_NUM_ORDERS: { status: 400, code: -1013, msg: "Filter failure: MAX_NUM_ORDERS" },
  MAX_NUM_ALGO_ORDERS: { status: 400, code: -1013, msg: "Filter failure: MAX_NUM_ALGO_ORDERS" },
  MAX_POSITION: { status: 400, code: -1013, msg: "Filter failure: MAX_POSITION" },
  MAX_NUM_ORDER_LISTS: { status: 400, code: -1013, msg: "Filter failure: MAX_NUM_ORDER_LISTS" },
  MAX_NUM_ICEBERG_ORDERS: { status: 400, code: -1013, msg: "Filter failure: MAX_NUM_ICEBERG_ORDERS" },
  MAX_NUM_ORDER_AMENDS: { status: 400, code: -2038, msg: "Filter failure: MAX_NUM_ORDER_AMENDS" },
  TRAILING_DELTA: { status: 400, code: -1013, msg: "Filter failure: TRAILING_DELTA" },
  UNSUPPORTED_COMBINATION: { status: 400, code: -1014, msg: "Unsupported order combination." },
  // The engine's refusals.
  ORDER_REJECTED: { status: 400, code: -2010, msg: "NEW_ORDER_REJECTED" },
  INSUFFICIENT_BALANCE: { status: 400, code: -2010, msg: "Account has insufficient balance for requested action." },
  DUPLICATE_ORDER: { status: 400, code: -2010, msg: "Duplicate order sent." },
  MARKET_CLOSED: { status: 400, code: -2010, msg: "Market is closed." },
  MARKET_POST_ONLY: { status: 400, code: -2010, msg: "Market is in post-only mode." },
  MARKET_AUCTION: { status: 400, code: -2010, msg: "Market is in auction: only limit orders that rest and may take." },
  ICEBERG_NOT_SUPPORTED: { status: 400, code: -2010, msg: "Iceberg orders are not supported for this symbol." },
  WOULD_TAKE: { status: 400, code: -2010, msg: "Order would immediately match and take." },
  WOULD_TRIGGER: { status: 400, code: -2010, msg: "Order would trigger immediately." },
  ICEBERG_EXCEEDS_QUANTITY: { status: 400, code: -2010, msg: "IcebergQty exceeds QTY." },
  ORDER_LIST_PRICES: { status: 400, code: -2010, msg: "The relationship of the prices for the orders is not correct." },
  PEG_NO_LIQUIDITY: { status: 400, code: -2010, msg: "Order book liquidity is too low for this pegged order." },
  NO_LIQUIDITY: { status: 400, code: -2010, msg: "Order book liquidity is less than symbol minimum quantity." },
  ACTION_DISABLED: { status: 400, code: -2010, msg: "This action is disabled on this account." },
  CANCEL_REJECTED: { status: 400, code: -2011, msg: "CANCEL_REJECTED" },
  UNKNOWN_ORDER: { status: 400, code: -2011, msg: "Unknown order sent." },
  CANCEL_RESTRICTED: { status: 400, code: -2011, msg: "Order was not canceled due to cancel restrictions." },
  NO_SUCH_ORDER: { status: 400, code: -2013, msg: "Order does not exist." },
  AMEND_REJECTED: { status: 400, code: -2038, msg: "The requested action would change no state; rejecting." },
  AMEND_INCREASES: { status: 400, code: -2038, msg: "Order amend (quantity increase) is not supported." },
  // Tickwire's own: accounts, sessions, money.
  INVALID_FIELD: { status: 400, code: -9000, msg: "{field}: {problem}." },
  WRONG_CREDENTIALS: { status: 401, code: -9001, msg: "E-mail or password is wrong." },
  NOT_LOGGED_IN: { status: 401, code: -9002, msg: "Not logged in." },
  EMAIL_TAKEN: { status: 409, code: -9003, msg: "This e-mail address has an account already." },
  WRONG_ORIGIN: { status: 403, code: -9004, msg: "This origin may not use the session." },
  NOT_OPERATOR: { status: 401, code: -9005, msg: "The operator token is missing or wrong." },
  UNKNOWN_ASSET: { status: 400, code: -9010, msg: "{asset} is not an asset of this venue." },
  ON_RAMP_REQUEST_CAP: { status: 400, code: -9011, msg: "At most {cap} {asset} can be added at once." },
  ON_RAMP_DAY_CAP: { status: 400, code: -9012, msg: "At most {cap} {asset} can be added in 24 hours; {left} {asset} is left." },
  AMOUNT_REJECTED: { status: 400, code: -9013, msg: "The amount is out of range." },
  TOO_MANY_API_KEYS: { status: 400, code: -9020, msg: "An account can have {max} API keys." },
  NO_SUCH_API_KEY: { status: 404, code: -9021, msg: "No such API key." },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorName = keyof typeof ERRORS;

/** An answer that is not a success. Thrown anywhere below a route, turned into JSON in one place. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly errorName: ErrorName;
  readonly status: ErrorSpec["status"];
  readonly code: number;
  /** Seconds for a Retry-After header. */
  readonly retryAfterS: number | undefined;

  constructor(errorName: ErrorName, details: Readonly<Record<string, string | number>> = {}, retryAfterS?: number) {
    const { status, code, msg } = ERRORS[errorName];
    super(msg.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? "")));
    this.errorName = errorName;
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

// What the engine's reasons are called when a new order is refused. A shape reason (MALFORMED_COMMAND and its like) that
// gets here passed the api's own checks, so it is a defect, and answered as a refusal all the same.
const PLACE_REFUSALS: Readonly<Record<RejectReason, ErrorName>> = {
  [RejectReason.UNSPECIFIED]: "ORDER_REJECTED",
  [RejectReason.MALFORMED_COMMAND]: "ORDER_REJECTED",
  [RejectReason.UNKNOWN_ACCOUNT]: "REJECTED_API_KEY",
  [RejectReason.UNKNOWN_MARKET]: "INVALID_SYMBOL",
  [RejectReason.UNKNOWN_ASSET]: "UNKNOWN_ASSET",
  [RejectReason.UNKNOWN_ORDER]: "UNKNOWN_ORDER",
  [RejectReason.ACCOUNT_FROZEN]: "ACTION_DISABLED",
  [RejectReason.DEADLINE_PASSED]: "OUTSIDE_RECV_WINDOW",
  [RejectReason.DUPLICATE_CLIENT_ORDER_ID]: "DUPLICATE_ORDER",
  [RejectReason.INVALID_CLIENT_ORDER_ID]: "ORDER_REJECTED",
  [RejectReason.INVALID_SIDE]: "INVALID_SIDE",
  [RejectReason.INVALID_ORDER_TYPE]: "INVALID_ORDER_TYPE",
  [RejectReason.INVALID_TIME_IN_FORCE]: "INVALID_TIME_IN_FORCE",
  [RejectReason.UNSUPPORTED_COMBINATION]: "UNSUPPORTED_COMBINATION",
  [RejectReason.UNSUPPORTED_COMMAND]: "UNSUPPORTED_COMBINATION",
  [RejectReason.ALREADY_EXISTS]: "ORDER_REJECTED",
  [RejectReason.INVALID_DEFINITION]: "ORDER_REJECTED",
  [RejectReason.ACCOUNT_LIMIT_REACHED]: "ACTION_DISABLED",
  [RejectReason.MARKET_CLOSED]: "MARKET_CLOSED",
  [RejectReason.MARKET_POST_ONLY]: "MARKET_POST_ONLY",
  [RejectReason.MARKET_AUCTION]: "MARKET_AUCTION",
  [RejectReason.PRICE_FILTER]: "PRICE_FILTER",
  [RejectReason.LOT_SIZE]: "LOT_SIZE",
  [RejectReason.MARKET_LOT_SIZE]: "MARKET_LOT_SIZE",
  [RejectReason.MIN_NOTIONAL]: "NOTIONAL",
  [RejectReason.MAX_NOTIONAL]: "NOTIONAL",
  [RejectReason.PERCENT_PRICE_BY_SIDE]: "PERCENT_PRICE_BY_SIDE",
  [RejectReason.ICEBERG_PARTS]: "ICEBERG_PARTS",
  [RejectReason.MAX_NUM_ORDERS]: "MAX_NUM_ORDERS",
  [RejectReason.MAX_NUM_ALGO_ORDERS]: "MAX_NUM_ALGO_ORDERS",
  [RejectReason.MAX_POSITION]: "MAX_POSITION",
  [RejectReason.TRAILING_DELTA]: "TRAILING_DELTA",
  [RejectReason.NOTIONAL_OVERFLOW]: "NOTIONAL",
  [RejectReason.WOULD_TAKE]: "WOULD_TAKE",
  [RejectReason.WOULD_TRIGGER_IMMEDIATELY]: "WOULD_TRIGGER",
  [RejectReason.NO_LIQUIDITY]: "NO_LIQUIDITY",
  [RejectReason.INSUFFICIENT_BALANCE]: "INSUFFICIENT_BALANCE",
  [RejectReason.AMOUNT_OUT_OF_RANGE]: "AMOUNT_REJECTED",
  [RejectReason.BALANCE_OVERFLOW]: "AMOUNT_REJECTED",
  [RejectReason.DUPLICATE_TRANSFER]: "ORDER_REJECTED",
  [RejectReason.CANCEL_RESTRICTED]: "CANCEL_RESTRICTED",
  [RejectReason.AMEND_INCREASES_QUANTITY]: "AMEND_INCREASES",
  [RejectReason.AMEND_CHANGES_NOTHING]: "AMEND_REJECTED",
  [RejectReason.MAX_NUM_ORDER_LISTS]: "MAX_NUM_ORDER_LISTS",
  [RejectReason.MAX_NUM_ICEBERG_ORDERS]: "MAX_NUM_ICEBERG_ORDERS",
  [RejectReason.MAX_NUM_ORDER_AMENDS]: "MAX_NUM_ORDER_AMENDS",
  [RejectReason.ICEBERG_EXCEEDS_QUANTITY]: "ICEBERG_EXCEEDS_QUANTITY",
  [RejectReason.PEG_NO_LIQUIDITY]: "PEG_NO_LIQUIDITY",
  [RejectReason.ORDER_LIST_SHAPE]: "UNSUPPORTED_COMBINATION",
  [RejectReason.ORDER_LIST_PRICES]: "ORDER_LIST_PRICES",
  [RejectReason.UNKNOWN_ORDER_LIST]: "UNKNOWN_ORDER",
  [RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID]: "DUPLICATE_ORDER",
  [RejectReason.NOT_ATTEMPTED]: "ORDER_REJECTED",
  [RejectReason.UNKNOWN_TRANSFER]: "ORDER_REJECTED",
  [RejectReason.EXPIRE_TIME_OUT_OF_RANGE]: "UNSUPPORTED_COMBINATION",
};

const failureNames: Readonly<Record<IngressFailure, ErrorName>> = {
  unknown: "TIMEOUT",
  unavailable: "DISCONNECTED",
  busy: "SERVER_BUSY",
};

/** What was being done when the engine refused: the same reason has different codes. */
export type Action = "place" | "cancel" | "query" | "fund";

/** The error that a refusal by the engine is answered with. */
export function refusal(reason: RejectReason, action: Action): ApiError {
  const name = PLACE_REFUSALS[reason] ?? "ORDER_REJECTED"; // a reason of a later version
  if (action === "query" && name === "UNKNOWN_ORDER") return new ApiError("NO_SUCH_ORDER");
  if (action === "cancel" && name === "ORDER_REJECTED") return new ApiError("CANCEL_REJECTED");
  return new ApiError(name);
}

/** The error that no word from the engine is answered with. */
export const noOutcome = (failure: IngressFailure): ApiError => new ApiError(failureNames[failure]);

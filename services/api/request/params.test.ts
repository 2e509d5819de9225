import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Side } from "../../../gen/tickwire/v1/types_pb.ts";
import { SIDES } from "../../shared/trading/words.ts";
import { symbolsParam } from "../routes/markets.ts";
import { clientOrderIdParam, decimalParam, idParam, limitParam, readParams, sentParams, symbolParam, timeParam, wordParam } from "./params.ts";

const schema = z.strictObject({
  symbol: symbolParam,
  side: wordParam(SIDES, "INVALID_SIDE").optional(),
  price: decimalParam.optional(),
  orderId: idParam.optional(),
  startTime: timeParam.optional(),
  symbols: symbolsParam.optional(),
  clientId: clientOrderIdParam.optional(),
  limit: limitParam({ fallback: 500, max: 1_000 }),
});

const read = (query: string, body = "", contentType = "application/x-www-form-urlencoded") => readParams(schema, sentParams({ query, body, contentType }));
const refusal = (query: string, body?: string, contentType?: string) => {
  try {
    read(query, body, contentType);
    return "accepted";
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    return `${code} ${message}`;
  }
};

describe("parameters", () => {
  it("come from the query, the body or both; the query wins", () => {
    expect(read("symbol=BTCUSDT", "price=1.5&symbol=ETHUSDT")).toEqual({ symbol: "BTCUSDT", price: "1.5", limit: 500 });
    expect(read("", "symbol=BTCUSDT&limit=5000")).toEqual({ symbol: "BTCUSDT", limit: 1_000 });
  });

  it("are decoded once, and read as what they are", () => {
    expect(read("symbol=%42TCUSDT&side=SELL&orderId=9007199254740991&startTime=1700000000000&symbols=%5B%22A%22%2C%22B%22%5D")).toEqual({
      symbol: "BTCUSDT", side: Side.SELL, orderId: 9007199254740991n, startTime: 1_700_000_000_000_000n, symbols: ["A", "B"], limit: 500,
    });
  });

  it("of the signature belong to no route", () => {
    expect(read("symbol=BTCUSDT&timestamp=1&recvWindow=2&signature=3")).toEqual({ symbol: "BTCUSDT", limit: 500 });
  });

  it.each([
    ["", "-1102 Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ["symbol=", "-1102 Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ["symbol=btcusdt", "-1100 Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'."],
    ["symbol=A&symbol=B", "-1101 Duplicate values for a parameter detected."],
    ["symbol=A&color=red", "-1104 Not all sent parameters were read; read '1' parameter(s) but was sent '2'."],
    ["symbol=A&color=red&side=HOLD", "-1117 Invalid side."],
    ["symbol=A&__proto__=x", "-1104 Not all sent parameters were read; read '1' parameter(s) but was sent '2'."],
    ["symbol=A&constructor=x", "-1104 Not all sent parameters were read; read '1' parameter(s) but was sent '2'."],
    ["symbol=A&price=", "-1105 Parameter 'price' was empty."],
    ["symbol=A&side=", "-1105 Parameter 'side' was empty."],
    ["symbol=A&price=1e-7", "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["symbol=A&price=-1", "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["symbol=A&price=%2B1", "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["symbol=A&price=1%0A", "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["symbol=A&price=NaN", "-1100 Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["symbol=A&orderId=1.5", "-1100 Illegal characters found in parameter 'orderId'; legal range is '^[0-9]{1,20}$'."],
    ["symbol=A&orderId=9007199254740993", "-1108 Parameter 'orderId' overflowed."],
    ["symbol=A&limit=0", "-1130 Data sent for parameter 'limit' is not valid."],
    ["symbol=A&side=buy", "-1117 Invalid side."],
    ["symbol=A&symbols=A", "-1135 JSON sent for parameter 'symbols' is not valid"],
    ["symbol=A&symbols=[]", "-1135 JSON sent for parameter 'symbols' is not valid"],
    ['symbol=A&symbols=["A","A"]', "-1151 Symbol is present multiple times in the list."],
    ["symbol=A&clientId=a b", "-1100 Illegal characters found in parameter 'clientId'; legal range is '^[.A-Z:/a-z0-9_-]{1,36}$'."],
    ["symbol=%E0%A4%A", "-1100 Illegal characters found in a parameter."],
    [Array.from({ length: 65 }, (_, i) => `p${i}=1`).join("&"), "-1101 Too many parameters; expected '64' and received '65'."],
  ])("%s: %s", (query, expected) => {
    expect(refusal(query)).toBe(expected);
  });

  it("in a body must be a form", () => {
    expect(refusal("symbol=A", '{"price":"1"}', "application/json")).toBe("-1100 The request body must be application/x-www-form-urlencoded.");
    expect(refusal("", "symbol=A", "")).toBe("accepted");
  });
});

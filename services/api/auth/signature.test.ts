import { createSecretKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sentParams } from "../request/params.ts";
import { checkValidity, readValidity, signatureMatches, signedPayload } from "./signature.ts";

// The published example of the Binance documentation.
const SECRET = createSecretKey(Buffer.from("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"));
const FORM = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
const SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
const MIXED = { query: "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC", body: "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559" };
const MIXED_SIGNATURE = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77";

describe("a signature covers the request as it was sent", () => {
  it.each([
    ["all in the query", { query: `${FORM}&signature=${SIGNATURE}`, body: "" }, SIGNATURE],
    ["all in the body", { query: "", body: `${FORM}&signature=${SIGNATURE}` }, SIGNATURE],
    ["the signature in front", { query: `signature=${SIGNATURE}&${FORM}`, body: "" }, SIGNATURE],
    ["the signature in the query, the rest in the body", { query: `signature=${SIGNATURE}`, body: FORM }, SIGNATURE],
    ["query and body, joined without a separator", { query: MIXED.query, body: `${MIXED.body}&signature=${MIXED_SIGNATURE}` }, MIXED_SIGNATURE],
    ["in capitals", { query: `${FORM}&signature=${SIGNATURE.toUpperCase()}`, body: "" }, SIGNATURE.toUpperCase()],
  ])("%s", (_, sent, signature) => {
    expect(signatureMatches({ payload: signedPayload(sent), signature, secret: SECRET })).toBe(true);
  });

  it.each([
    ["another quantity", `${FORM.replace("quantity=1", "quantity=2")}`, SIGNATURE],
    ["another order of parameters", `side=BUY&symbol=LTCBTC&${FORM.split("&").slice(2).join("&")}`, SIGNATURE],
    ["a parameter more", `${FORM}&newClientOrderId=x`, SIGNATURE],
    ["no hex at all", FORM, "z".repeat(64)],
    ["too short", FORM, SIGNATURE.slice(2)],
    ["too long", FORM, `${SIGNATURE}00`],
    ["empty", FORM, ""],
    ["all zeros", FORM, "0".repeat(64)],
  ])("and is refused for %s", (_, query, signature) => {
    expect(signatureMatches({ payload: signedPayload({ query, body: "" }), signature, secret: SECRET })).toBe(false);
  });

  it("leaves percent-encoding as it was sent", () => {
    expect(signedPayload({ query: "symbols=%5B%22A%22%5D&signature=00", body: "" })).toBe("symbols=%5B%22A%22%5D");
    expect(signedPayload({ query: 'symbols=["A"]&signature=00', body: "" })).toBe('symbols=["A"]');
  });
});

describe("a signed request is good from its timestamp to the end of its window", () => {
  const now = 1_700_000_000_000;
  const validity = (query: string) => readValidity(sentParams({ query, body: "", contentType: "" }));
  const verdict = (query: string) => {
    try {
      checkValidity(validity(query), now * 1_000);
      return "good";
    } catch (error) {
      return (error as { errorName: string }).errorName;
    }
  };
  it.each([
    [`timestamp=${now}`, "good"],
    [`timestamp=${now - 5_000}`, "good"],
    [`timestamp=${now - 5_001}`, "OUTSIDE_RECV_WINDOW"],
    [`timestamp=${now - 5_001}&recvWindow=10000`, "good"],
    [`timestamp=${now - 60_000}&recvWindow=60000`, "good"],
    [`timestamp=${now - 60_000}&recvWindow=60001`, "BAD_RECV_WINDOW"],
    [`timestamp=${now}&recvWindow=0.5`, "good"],
    [`timestamp=${now - 1}&recvWindow=0.5`, "OUTSIDE_RECV_WINDOW"],
    [`timestamp=${now + 999}`, "good"],
    [`timestamp=${now + 1_000}`, "TIMESTAMP_AHEAD"],
    [`timestamp=${now}000`, "good"],
    ["", "MANDATORY_PARAMETER"],
    ["timestamp=", "MANDATORY_PARAMETER"],
    ["timestamp=soon", "MANDATORY_PARAMETER"],
    ["timestamp=1e12", "MANDATORY_PARAMETER"],
    [`timestamp=${now}&recvWindow=-1`, "ILLEGAL_CHARACTERS"],
  ])("%s: %s", (query, expected) => {
    expect(verdict(query)).toBe(expected);
  });
});

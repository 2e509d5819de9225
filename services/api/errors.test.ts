import { describe, expect, it } from "vitest";
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { ERRORS, noOutcome, refusal } from "./errors.ts";

describe("errors", () => {
  it("have a code of their own family and a message that is a sentence or a term clients match", () => {
    for (const [name, { status, code, msg }] of Object.entries(ERRORS)) {
      expect(code, name).toBeLessThan(0);
      expect(status, name).toBeGreaterThanOrEqual(400);
      expect(msg.length, name).toBeGreaterThan(5);
    }
  });

  it.each([
    [RejectReason.INSUFFICIENT_BALANCE, "place", -2010, "Account has insufficient balance for requested action."],
    [RejectReason.WOULD_TAKE, "place", -2010, "Order would immediately match and take."],
    [RejectReason.DUPLICATE_CLIENT_ORDER_ID, "place", -2010, "Duplicate order sent."],
    [RejectReason.MARKET_CLOSED, "place", -2010, "Market is closed."],
    [RejectReason.LOT_SIZE, "place", -1013, "Filter failure: LOT_SIZE"],
    [RejectReason.PRICE_FILTER, "place", -1013, "Filter failure: PRICE_FILTER"],
    [RejectReason.MIN_NOTIONAL, "place", -1013, "Filter failure: NOTIONAL"],
    [RejectReason.DEADLINE_PASSED, "place", -1021, "Timestamp for this request is outside of the recvWindow."],
    [RejectReason.UNKNOWN_ORDER, "cancel", -2011, "Unknown order sent."],
    [RejectReason.MALFORMED_COMMAND, "cancel", -2011, "CANCEL_REJECTED"],
    [RejectReason.UNKNOWN_ORDER, "query", -2013, "Order does not exist."],
  ] as const)("reason %s of a %s is %s %s", (reason, action, code, message) => {
    expect(refusal(reason, action)).toMatchObject({ code, message, status: 400 });
  });

  it("name every reason of the engine's closed list, and survive one of a later version", () => {
    const reasons = Object.values(RejectReason).filter((value) => typeof value === "number");
    for (const reason of reasons) expect(refusal(reason, "place").code).toBeLessThan(0);
    expect(refusal(9_999 as RejectReason, "place")).toMatchObject({ code: -2010 });
  });

  it("tell an unknown outcome from one that certainly did not happen", () => {
    expect(noOutcome("unknown")).toMatchObject({ status: 504, code: -1007 });
    expect(noOutcome("unavailable")).toMatchObject({ status: 503, code: -1001 });
    expect(noOutcome("busy")).toMatchObject({ status: 503, code: -1008 });
  });
});

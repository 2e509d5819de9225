import { describe, expect, it } from "vitest";
import { Side } from "../gen/tickwire/v1/types_pb.ts";
import { readOptions } from "./main.ts";
import { OrderTape } from "./orderTape.ts";

describe("npm run crash", () => {
  it("sends a hundred orders a second by REST and the rest to the log, but all by REST when the api is killed", () => {
    expect(readOptions(["--target", "engine", "--rate", "2000"]).rates).toEqual({ rest: 100, log: 1_900 });
    expect(readOptions(["--target", "api", "--rate", "300"]).rates).toEqual({ rest: 300, log: 0 });
  });

  it.each([
    [[], /--target is missing; the targets are: engine,/],
    [["--target", "frontend"], /There is no target "frontend"/],
    [["--target", "engine", "--kills", "0"], /--kills must be a whole number from 1 to/],
    [["--target", "engine", "--rate", "1e3x"], /--rate must be a whole number/],
    [["--target", "engine", "--fast"], /crash does not know the flag --fast; its flags are --target,/],
  ])("%s is refused by name", (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe("a client's tape of orders", () => {
  it("is the same for the same seed, names each order once and cancels only what it was told is open", () => {
    const [one, other] = [new OrderTape("c", 7, { sweeps: false }), new OrderTape("c", 7, { sweeps: false })];
    const placed = new Set<string>();
    const open = new Set<string>();
    let cancels = 0;
    for (let i = 0; i < 2_000; i++) {
      const request = one.next();
      expect(other.next()).toEqual(request);
      if (request.kind === "cancel") {
        expect(open.delete(request.id)).toBe(true);
        cancels++;
        continue;
      }
      expect(placed.has(request.id)).toBe(false);
      expect(Number.isInteger(request.priceTicks)).toBe(true);
      placed.add(request.id);
      if (request.rests) open.add(request.id);
      for (const tape of [one, other]) tape.acknowledged(request);
      // What rests stays on its own side of the middle; what does not reaches across.
      expect(request.side === Side.BUY ? request.priceTicks < request.market.middleTicks : request.priceTicks > request.market.middleTicks).toBe(request.rests);
    }
    expect(cancels).toBeGreaterThan(400);
  });

  it.each([false, true])("has orders of every kind for the log, and never cancels by its id what it ends in another way (sweeps: %s)", (sweeps) => {
    const tape = new OrderTape("c", 9, { sweeps });
    const ended = new Set<string>();
    const commands = new Map<string, number>();
    for (let i = 0; i < 4_000; i++) {
      const request = tape.nextForLog();
      if (request.kind === "cancel") {
        expect(sweeps).toBe(false);
        expect(ended.has(request.id)).toBe(false);
        ended.add(request.id);
      } else if (request.kind === "command") {
        const { body, closes, opens } = request;
        commands.set(body.case ?? "", (commands.get(body.case ?? "") ?? 0) + 1);
        for (const id of closes) {
          expect(ended.has(id)).toBe(false);
          ended.add(id);
        }
        if (body.case === "placeOrderList") expect(opens).toEqual([body.value.orders?.at(-1)?.clientOrderId]);
        if (body.case === "amendOrder" && !sweeps) expect(body.value.newQuantityLots).toBe(0n);
      }
      tape.acknowledged(request);
    }
    const expected = sweeps ? ["placeOrder", "placeOrderList", "amendOrder", "cancelAllOrders", "setDeadMansSwitch"] : ["placeOrder", "placeOrderList", "amendOrder", "cancelReplaceOrder"];
    expect([...commands.keys()].toSorted()).toEqual(expected.toSorted());
    for (const count of commands.values()) expect(count).toBeGreaterThan(20);
  });
});

import { expect, it } from "vitest";
import { CLIENT_ID_WORDS, ClientOrderId } from "./clientOrderId.ts";
import { CLIENT_ID, COLLECTED, NO_SLOT, ORDER_ID, OrderStore, RECORD_F64, RECORD_I32 } from "./orderStore.ts";

it("a slot that is handed out again carries nothing of the order before", () => {
  const orders = new OrderStore(16);
  const first = orders.add(1);
  orders.f64.fill(-1, first * RECORD_F64, (first + 1) * RECORD_F64);
  orders.f64[first * RECORD_F64 + ORDER_ID] = 1;
  // TERMS and the length of the client order id lead elsewhere; an order without them is forgotten plainly.
  orders.i32.fill(0, first * RECORD_I32 + 8, first * RECORD_I32 + 16);
  orders.remove(first);
  const second = orders.add(0);
  expect(second).toBe(first);
  // A client order id is void once its length is 0, and after the last field comes nothing.
  const counts = (at: number): boolean => (at < CLIENT_ID || at >= CLIENT_ID + CLIENT_ID_WORDS) && at < COLLECTED / 4 + 1;
  expect([...orders.i32.subarray(second * RECORD_I32, (second + 1) * RECORD_I32)].filter((word, at) => word !== 0 && counts(at))).toEqual([]);
});

it("orders are found by both ids through growth and removal, however the ids lie", () => {
  const orders = new OrderStore(16);
  const clientId = (id: number): ClientOrderId => ClientOrderId.of(0, Buffer.from(`order-${id}`)) ?? expect.unreachable();
  // Runs of neighbours, far apart: the index keeps neighbours together.
  const ids = [0, 1 << 20, 2 ** 40].flatMap((start) => Array.from({ length: 400 }, (_, i) => start + i + 1));
  for (const id of ids) orders.setClientId(orders.add(id), clientId(id));
  const found = (id: number): boolean => {
    const slot = orders.find(id);
    expect(orders.findClientId(0, clientId(id))).toBe(slot);
    return slot !== NO_SLOT && orders.clientIdText(slot) === `order-${id}`;
  };
  expect(ids.filter((id) => !found(id))).toEqual([]);
  for (const id of ids) if (id % 3 !== 0) orders.remove(orders.find(id));
  expect(ids.filter((id) => found(id) !== (id % 3 === 0))).toEqual([]);
});

import { expect, it } from "vitest";
import { clientIdHash, KEPT_FIELDS, KEPT_FIELDS_LENGTH, NO_SLOT, ORDER_ID, OrderStore, RECORD_F64, RECORD_I32 } from "./orderStore.ts";

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
  // What was encoded for the last order is void once its length is 0.
  const kept = (at: number): boolean => at >= KEPT_FIELDS / 4 && at < Math.floor(KEPT_FIELDS_LENGTH / 8) * 2;
  expect([...orders.i32.subarray(second * RECORD_I32, (second + 1) * RECORD_I32)].filter((word, at) => word !== 0 && !kept(at))).toEqual([]);
});

it("orders are found by both ids through growth and removal, however the ids lie", () => {
  const orders = new OrderStore(16);
  const text = (id: number): Buffer => Buffer.from(`order-${id}`);
  // Runs of neighbours, far apart: the index keeps neighbours together.
  const ids = [0, 1 << 20, 2 ** 40].flatMap((start) => Array.from({ length: 400 }, (_, i) => start + i + 1));
  const hashOf = (id: number): number => clientIdHash(0, text(id), 0, text(id).length);
  for (const id of ids) {
    const bytes = Buffer.from(text(id));
    orders.setClientId(orders.add(id), hashOf(id), bytes, 0, bytes.length);
  }
  const found = (id: number): boolean => {
    const slot = orders.find(id);
    expect(orders.findClientId(0, hashOf(id), text(id), 0, text(id).length)).toBe(slot);
    return slot !== NO_SLOT && orders.clientIdText(slot) === `order-${id}`;
  };
  expect(ids.filter((id) => !found(id))).toEqual([]);
  for (const id of ids) if (id % 3 !== 0) orders.remove(orders.find(id));
  expect(ids.filter((id) => found(id) !== (id % 3 === 0))).toEqual([]);
});

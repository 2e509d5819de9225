// Every event that is written by hand decodes to the message protobuf-es would have written.
import { create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, it } from "vitest";
import { EventBatchSchema, EventSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { RejectReason, type OrderSchema } from "../../gen/tickwire/v1/types_pb.ts";
import { Accounts } from "./accounts.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import { EventWriter } from "./eventWriter.ts";
import * as store from "./orderStore.ts";

const exactInt = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.integer({ min: 0, max: 52 }).map((n) => 2 ** n), fc.integer({ min: 1, max: 53 }).map((n) => 2 ** n - 1));
const rejectReason = fc.constantFrom(...Object.values(RejectReason).filter((value) => typeof value === "number"));
const clientId = fc.stringMatching(/^[.A-Z:/a-z0-9_-]{1,36}$/);

interface PlainOrder {
  orderId: number;
  side: number;
  status: number;
  priceTicks: number;
  quantityLots: number;
  executedLots: number;
  executedQuoteUnits: number;
  preventedLots: number;
  amendCount: number;
  createdUs: number;
  updatedUs: number;
  workingUs: number;
  clientOrderId: string;
}

const plainOrder: fc.Arbitrary<PlainOrder> = fc.record({
  orderId: exactInt, side: fc.nat(2), status: fc.nat(8), priceTicks: fc.nat(0x7fff_fffe), quantityLots: exactInt, executedLots: exactInt, executedQuoteUnits: exactInt,
  preventedLots: exactInt, amendCount: fc.nat(300), createdUs: exactInt, updatedUs: exactInt, workingUs: exactInt, clientOrderId: clientId,
});

function addOrder(orders: store.OrderStore, account: number, o: PlainOrder): number {
  const slot = orders.add(o.orderId);
  const d = slot * store.RECORD_F64;
  const w = slot * store.RECORD_I32;
  const b = store.recordAt(slot);
  orders.i32[w + store.ACCOUNT] = account;
  orders.i32[w + store.PRICE_TICKS] = o.priceTicks;
  orders.i32[w + store.AMEND_COUNT] = o.amendCount;
  orders.u8[b + store.SIDE] = o.side;
  orders.u8[b + store.TYPE] = 1;
  orders.u8[b + store.TIME_IN_FORCE] = 1;
  orders.u8[b + store.STATUS] = o.status;
  orders.f64[d + store.QUANTITY_LOTS] = o.quantityLots;
  orders.f64[d + store.EXECUTED_LOTS] = o.executedLots;
  orders.f64[d + store.EXECUTED_QUOTE_UNITS] = o.executedQuoteUnits;
  orders.f64[d + store.PREVENTED_LOTS] = o.preventedLots;
  orders.f64[d + store.CREATED_US] = o.createdUs;
  orders.f64[d + store.UPDATED_US] = o.updatedUs;
  orders.f64[d + store.WORKING_US] = o.workingUs;
  const id = ClientOrderId.of(account, Buffer.from(o.clientOrderId));
  if (id !== undefined) orders.setClientId(slot, id);
  return slot;
}

const message = (account: number, o: PlainOrder): MessageInitShape<typeof OrderSchema> => ({
  orderId: BigInt(o.orderId), accountId: BigInt(account + 1), marketId: 1, clientOrderId: o.clientOrderId, side: o.side as 0, type: 1, timeInForce: 1, status: o.status as 0,
  priceTicks: BigInt(o.priceTicks), quantityLots: BigInt(o.quantityLots), executedLots: BigInt(o.executedLots), executedQuoteUnits: BigInt(o.executedQuoteUnits),
  preventedLots: BigInt(o.preventedLots), amendCount: o.amendCount, createdUs: BigInt(o.createdUs), updatedUs: BigInt(o.updatedUs), workingUs: BigInt(o.workingUs),
});

it("writes every event as protobuf-es reads it", () => {
  fc.assert(
    fc.property(plainOrder, plainOrder, exactInt, exactInt, rejectReason, clientId, (maker, taker, big, seq, reason, text) => {
      fc.pre(maker.orderId !== taker.orderId);
      const orders = new store.OrderStore(16);
      const accounts = new Accounts(orders);
      accounts.open("a", "a");
      accounts.open("b", "b");
      const events = new EventWriter(orders, accounts);
      const m = addOrder(orders, 0, maker);
      const t = addOrder(orders, 1, taker);
      const id = Buffer.from(text);
      events.startBatch(3, 4, new Uint8Array(32).fill(7), Buffer.from("ingress"), 0, 7, big);
      events.startGroup(seq, big, 2);
      events.orderAccepted(t);
      events.tradeExecuted(1, big, 5, big, seq, 1, m, big, 1, t, 0, 0);
      events.tradePrevented(t, m, big, 9);
      events.orderAmended(m, true);
      events.orderTriggered(t);
      events.orderRejected(reason, 6, id, 0, id.length);
      events.cancelRejected(reason, 6, big, id, 0, id.length);
      events.amendRejected(reason, 6, big, id, 0, id.length);
      events.ordersCanceled(reason);
      events.commandRejected(reason);
      events.timeAdvanced();
      events.orderCanceled(t, 2);
      events.orderExpired(m, 3);
      // A change of what the record keeps encoded is told from then on.
      orders.i32[t * store.RECORD_I32 + store.PRICE_TICKS] = maker.priceTicks;
      events.orderAmended(t, false);
      events.endGroup();
      const [makerOrder, takerOrder] = [message(0, maker), message(1, taker)];
      const refused = { reason, marketId: 6, clientOrderId: text };
      const bodies: NonNullable<MessageInitShape<typeof EventSchema>["body"]>[] = [
        { case: "orderAccepted", value: { executionSeq: 1n, order: takerOrder } },
        { case: "tradeExecuted", value: {
          marketId: 1, tradeId: BigInt(big), priceTicks: 5n, quantityLots: BigInt(big), quoteUnits: BigInt(seq), takerSide: 1,
          maker: { executionSeq: 1n, order: makerOrder, feeUnits: BigInt(big), feeAssetId: 2 }, taker: { executionSeq: 2n, order: takerOrder, feeUnits: 0n, feeAssetId: 1 },
        } },
        { case: "tradePrevented", value: { executionSeq: 3n, taker: takerOrder, maker: makerOrder, preventedLots: BigInt(big), priceTicks: 9n, makerExecutionSeq: 2n } },
        { case: "orderAmended", value: { executionSeq: 3n, order: makerOrder, keptPriority: true } },
        { case: "orderTriggered", value: { executionSeq: 4n, order: takerOrder } },
        { case: "orderRejected", value: refused },
        { case: "cancelRejected", value: { ...refused, orderId: BigInt(big) } },
        { case: "amendRejected", value: { ...refused, orderId: BigInt(big) } },
        { case: "ordersCanceled", value: { count: reason } },
        { case: "commandRejected", value: { reason } },
        { case: "timeAdvanced", value: {} },
        { case: "orderCanceled", value: { executionSeq: 5n, order: { ...takerOrder, cancelReason: 2 } } },
        { case: "orderExpired", value: { executionSeq: 4n, order: { ...makerOrder, expiryReason: 3 } } },
        { case: "orderAmended", value: { executionSeq: 6n, order: { ...takerOrder, cancelReason: 2, priceTicks: BigInt(maker.priceTicks) } } },
      ];
      expect(fromBinary(EventBatchSchema, events.batch())).toEqual(
        create(EventBatchSchema, {
          epoch: 3, entry: 4n, chain: new Uint8Array(32).fill(7), ingressId: "ingress", timeUs: BigInt(big),
          groups: [{ seq: BigInt(seq), requestNo: BigInt(big), accountId: 2n, events: bodies.map((body) => create(EventSchema, { body })) }],
        }),
      );
    }),
  );
});

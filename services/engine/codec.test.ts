// The direct encoders say what protobuf-es would: whatever is written by hand decodes to the same message.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommandBatchSchema, CommandSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { BalanceChangedSchema, EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { OrderSchema } from "../../gen/tickwire/v1/types_pb.ts";
import { Accounts } from "./accounts.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import { CommandReader, PLACE_ORDER } from "./commandReader.ts";
import { EventWriter, writeOrder } from "./eventWriter.ts";
import { feeUnits } from "./fees.ts";
import { Ledger } from "./ledger.ts";
import { MarketFeed } from "./marketData.ts";
import { BUY, OrderBook, SELL } from "./orderBook.ts";
import * as store from "./orderStore.ts";
import { ProtobufWriter } from "./protobufWriter.ts";

const exactInt = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.integer({ min: 0, max: 52 }).map((n) => 2 ** n), fc.integer({ min: 1, max: 53 }).map((n) => 2 ** n - 1));
const clientId = fc.stringMatching(/^[.A-Z:/a-z0-9_-]{1,36}$/);

describe("the direct encoders", () => {
  it("write every order field as protobuf-es reads it", () => {
    fc.assert(
      fc.property(
        fc.record({
          orderId: exactInt, quantityLots: exactInt, executedLots: exactInt, executedQuoteUnits: exactInt, quoteOrderUnits: exactInt,
          createdUs: exactInt, updatedUs: exactInt, workingUs: exactInt,
          account: fc.nat(1 << 20), market: fc.nat(999), priceTicks: fc.nat(0x7fff_fffe),
          side: fc.nat(2), type: fc.nat(7), timeInForce: fc.nat(4), status: fc.nat(8), selfTradePrevention: fc.nat(5), expiryReason: fc.nat(9), cancelReason: fc.nat(6), clientOrderId: clientId,
        }),
        (o) => {
          const orders = new store.OrderStore(16);
          const slot = orders.add(o.orderId);
          const d = slot * store.RECORD_F64;
          const w = slot * store.RECORD_I32;
          const b = store.recordAt(slot);
          orders.i32[w + store.ACCOUNT] = o.account;
          orders.i32[w + store.MARKET] = o.market;
          orders.i32[w + store.PRICE_TICKS] = o.priceTicks;
          orders.u8[b + store.SIDE] = o.side;
          orders.u8[b + store.TYPE] = o.type;
          orders.u8[b + store.TIME_IN_FORCE] = o.timeInForce;
          orders.u8[b + store.STATUS] = o.status;
          orders.u8[b + store.SELF_TRADE_PREVENTION] = o.selfTradePrevention;
          orders.u8[b + store.EXPIRY_REASON] = o.expiryReason;
          orders.u8[b + store.CANCEL_REASON] = o.cancelReason;
          orders.f64[d + store.QUANTITY_LOTS] = o.quantityLots;
          orders.f64[d + store.EXECUTED_LOTS] = o.executedLots;
          orders.f64[d + store.EXECUTED_QUOTE_UNITS] = o.executedQuoteUnits;
          orders.f64[d + store.QUOTE_ORDER_UNITS] = o.quoteOrderUnits;
          orders.f64[d + store.CREATED_US] = o.createdUs;
          orders.f64[d + store.UPDATED_US] = o.updatedUs;
          orders.f64[d + store.WORKING_US] = o.workingUs;
          const id = ClientOrderId.of(o.account, Buffer.from(o.clientOrderId));
          if (id !== undefined) orders.setClientId(slot, id);
          const out = new ProtobufWriter(512);
          writeOrder(out, orders, slot);
          expect(fromBinary(OrderSchema, out.written())).toEqual(
            create(OrderSchema, {
              orderId: BigInt(o.orderId), accountId: BigInt(o.account + 1), marketId: o.market + 1, clientOrderId: o.clientOrderId,
              side: o.side as 0, type: o.type as 0, timeInForce: o.timeInForce as 0, status: o.status as 0, priceTicks: BigInt(o.priceTicks),
              quantityLots: BigInt(o.quantityLots), quoteOrderUnits: BigInt(o.quoteOrderUnits), executedLots: BigInt(o.executedLots), executedQuoteUnits: BigInt(o.executedQuoteUnits),
              createdUs: BigInt(o.createdUs), updatedUs: BigInt(o.updatedUs), expiryReason: o.expiryReason as 0, cancelReason: o.cancelReason as 0,
              selfTradePreventionMode: o.selfTradePrevention as 0, workingUs: BigInt(o.workingUs),
            }),
          );
        },
      ),
    );
  });

  it("write what an order's terms say as protobuf-es reads it", () => {
    const bips = fc.nat(0xffff_ffff);
    fc.assert(
      fc.property(fc.tuple(exactInt, exactInt, exactInt, exactInt, exactInt, exactInt), fc.tuple(bips, fc.nat(2), bips), ([stop, iceberg, expire, triggered, extreme, listId], [delta, pegType, levels]) => {
        const orders = new store.OrderStore(16);
        const slot = orders.add(7);
        const terms = orders.addTerms(slot);
        Object.assign(terms, { stopPriceTicks: stop, trailingDeltaBips: delta, icebergLots: iceberg, expireTimeUs: expire, pegType, pegOffsetLevels: levels, triggeredUs: triggered, trailingExtremeTicks: extreme });
        terms.list = { id: listId, account: 0, market: 0, type: 1, clientId: "l", orderIds: [7] };
        const out = new ProtobufWriter(512);
        writeOrder(out, orders, slot);
        expect(fromBinary(OrderSchema, out.written())).toEqual(
          create(OrderSchema, {
            orderId: 7n, accountId: 1n, marketId: 1, stopPriceTicks: BigInt(stop), trailingDeltaBips: delta, icebergLots: BigInt(iceberg), expireTimeUs: BigInt(expire),
            orderListId: BigInt(listId), pegType: pegType as 0, pegOffsetLevels: levels, triggeredUs: BigInt(triggered), trailingExtremeTicks: BigInt(extreme),
          }),
        );
      }),
    );
  });

  it("write balances of up to 63 bits and changes of either sign exactly", () => {
    const wide = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 62n) - 1n }), exactInt.map(BigInt));
    fc.assert(
      fc.property(wide, wide, wide, wide, (availableWas, heldWas, available, held) => {
        const ledger = new Ledger();
        const limbs = (units: bigint): [high: number, low: number] => [Number(units >> 48n), Number(units & 0xffff_ffff_ffffn)];
        ledger.restore(0, 0, ...limbs(availableWas), ...limbs(heldWas));
        // Move in steps that the ledger takes: each below 2^53.
        const step = BigInt(Number.MAX_SAFE_INTEGER);
        const each = (units: bigint, move: (part: number) => void): void => {
          for (let rest = units; rest > 0n; rest -= step) move(Number(rest < step ? rest : step));
        };
        each(heldWas, (n) => ledger.release(0, 0, n));
        each(availableWas + heldWas, (n) => ledger.withdraw(0, 0, n));
        each(available + held, (n) => ledger.deposit(0, 0, n));
        each(held, (n) => ledger.hold(0, 0, n));
        const orders = new store.OrderStore(16);
        const accounts = new Accounts(orders);
        accounts.open("a", "a");
        const events = new EventWriter(orders, accounts);
        events.startBatch(1, 1, new Uint8Array(32), Buffer.from("x"), 0, 1, 1);
        events.startGroup(1, 1, 1);
        ledger.endCommand(events);
        events.endGroup();
        const group = fromBinary(EventBatchSchema, events.batch()).groups[0];
        if (availableWas === available && heldWas === held) {
          expect(group?.events).toEqual([]);
          return;
        }
        expect(group?.events[0]?.body.value).toEqual(
          create(BalanceChangedSchema, {
            accountId: 1n, balanceSeq: 1n, assetId: 1, availableUnits: available, heldUnits: held,
            availableChangeUnits: available - availableWas, heldChangeUnits: held - heldWas,
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("write deltas and trades as protobuf-es reads them", () => {
    const orders = new store.OrderStore(16);
    fc.assert(
      fc.property(
        // Near each other, just near enough not to be compared, and far apart.
        fc.oneof(...[300, 8_300, 2_000_000_000].map((span) =>
          fc.uniqueArray(fc.record({ ticks: fc.integer({ min: 1, max: span }), lots: fc.integer({ min: 1, max: 2 ** 40 }) }), { selector: (l) => l.ticks, maxLength: 80 }))),
        fc.array(fc.record({ price: fc.nat(0x7fff_fffe), lots: exactInt, side: fc.constantFrom(1, 2) }), { maxLength: 5 }),
        (levels, trades) => {
          const feed = new MarketFeed(3);
          const book = new OrderBook(orders, feed);
          const sorted = levels.toSorted((a, b) => a.ticks - b.ticks);
          const middle = sorted.length >> 1;
          feed.startCommand(9);
          levels.forEach(({ ticks, lots }, i) => {
            const slot = orders.add(i + 1);
            orders.i32[slot * store.RECORD_I32 + store.PRICE_TICKS] = ticks;
            orders.u8[store.recordAt(slot) + store.SIDE] = sorted.findIndex((l) => l.ticks === ticks) < middle ? BUY : SELL;
            orders.f64[slot * store.RECORD_F64 + store.REMAINING_LOTS] = lots;
            book.add(slot);
            feed.bookChanged();
          });
          book.validate();
          trades.forEach((t, i) => feed.trade(i + 1, t.price, t.lots, t.side, 77));
          const decoded = fromBinary(ServerBatchSchema, feed.take(book, 5, 1_234));
          for (let i = 0; i < levels.length; i++) orders.remove(orders.find(i + 1));
          const bids = sorted.slice(0, middle).reverse();
          const asks = sorted.slice(middle);
          const frames = [];
          if (levels.length > 0) {
            frames.push({ body: { case: "bookDelta" as const, value: {
              marketId: 3, epoch: 5, prevSeq: 0n, seq: 9n, timeUs: 1_234n,
              bidTicks: bids.map((l) => BigInt(l.ticks)), bidLots: bids.map((l) => BigInt(l.lots)), askTicks: asks.map((l) => BigInt(l.ticks)), askLots: asks.map((l) => BigInt(l.lots)),
            } } });
          }
          if (trades.length > 0) {
            frames.push({ body: { case: "trades" as const, value: { marketId: 3, epoch: 5, trades: trades.map((t, i) => ({
              tradeId: BigInt(i + 1), priceTicks: BigInt(t.price), quantityLots: BigInt(t.lots), takerSide: t.side as 1, seq: 9n, timeUs: 77n,
            })) } } });
          }
          expect(decoded).toEqual(create(ServerBatchSchema, { frames }));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("the command reader", () => {
  it("reads orders as protobuf-es writes them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ requestNo: exactInt, accountId: exactInt, marketId: fc.nat(99), side: fc.nat(9), priceTicks: exactInt, quantityLots: exactInt, clientOrderId: fc.string({ maxLength: 50 }), icebergLots: exactInt }), { maxLength: 5 }),
        (list) => {
          const commands = list.map((c) =>
            create(CommandSchema, {
              requestNo: BigInt(c.requestNo), accountId: BigInt(c.accountId),
              body: { case: "placeOrder", value: { marketId: c.marketId, side: c.side as 0, priceTicks: BigInt(c.priceTicks), quantityLots: BigInt(c.quantityLots), clientOrderId: c.clientOrderId, icebergLots: BigInt(c.icebergLots) } },
            }),
          );
          const reader = new CommandReader();
          expect(reader.open(toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "i", timeUs: 5n, commands })))).toBe(true);
          const read = [];
          while (reader.next()) {
            expect([reader.malformed, reader.kind]).toEqual([false, PLACE_ORDER]);
            read.push({
              requestNo: reader.requestNo, accountId: reader.accountId, marketId: reader.marketId, side: reader.side, priceTicks: reader.priceTicks, quantityLots: reader.quantityLots,
              clientOrderId: Buffer.from(reader.bytes.subarray(reader.clientIdAt, reader.clientIdAt + reader.clientIdLength)).toString(), icebergLots: reader.icebergLots,
            });
          }
          expect(read).toEqual(list.map((c) => ({ ...c, clientOrderId: Buffer.from(c.clientOrderId).toString() })));
        },
      ),
    );
  });

  it("never throws and never runs on, whatever the bytes", () => {
    const reader = new CommandReader();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        if (!reader.open(bytes)) return;
        let count = 0;
        while (reader.next()) expect(++count).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("fees", () => {
  it("are rounded up to the unit, exactly, for every amount and rate", () => {
    fc.assert(
      // Next to whole millions, where a quotient of doubles is rounded up to them.
      fc.property(fc.oneof(exactInt, fc.tuple(fc.integer({ min: 1, max: 9_007_199_254 }), fc.integer({ min: -1, max: 1 })).map(([m, d]) => m * 1_000_000 + d)), fc.nat(1_000_000), (amount, ppm) => {
        expect(BigInt(feeUnits(amount, ppm))).toBe((BigInt(amount) * BigInt(ppm) + 999_999n) / 1_000_000n);
      }),
      { numRuns: 2_000 },
    );
  });
});

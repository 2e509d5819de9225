// The whole state of the naive engine as the snapshot's message says it: a second writer of the same state, so that
// its SHA-256 can be held against the fast engine's.
import { createHash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { EngineSnapshotSchema } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { MarketSchema, Side, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";

/** EngineSnapshot bytes without the hash. */
export function modelSnapshot(engine: ModelEngine): Uint8Array {
  const balances = engine.balances();
  const oldestFirst = (a: Order, b: Order): number => Number(a.orderId - b.orderId);
  return toBinary(
    EngineSnapshotSchema,
    create(EngineSnapshotSchema, {
      epoch: engine.epoch,
      entry: engine.entry,
      seq: engine.seq,
      chain: engine.chain,
      timeUs: engine.timeUs,
      venue: engine.venue,
      nextOrderId: engine.nextOrderId,
      assets: engine.assets,
      markets: engine.markets.map(({ rules, nextTradeId, bookSeq, lastPriceTicks, auctionCapTicks, minutes }) => {
        const inBook = [...engine.side(rules.marketId, Side.BUY), ...engine.side(rules.marketId, Side.SELL)];
        const collected = [...engine.auctions.queue(rules.marketId, Side.BUY), ...engine.auctions.queue(rules.marketId, Side.SELL)];
        const outside = engine.outsideTheBook().filter((order) => order.marketId === rules.marketId).sort(oldestFirst);
        return {
          market: create(MarketSchema, rules),
          nextTradeId,
          bookSeq,
          lastPriceTicks,
          orders: inBook,
          auctionOrders: collected,
          auctionPriceCapTicks: auctionCapTicks,
          tradedMinutes: [...minutes.values()].sort((a, b) => Number(a.minute - b.minute)),
          waitingOrders: outside,
          orderTerms: [
            ...[...inBook, ...collected].filter((order) => order.icebergLots !== 0n).map((order) => ({ orderId: order.orderId, visibleLots: engine.icebergs.visibleLots(order) })),
            ...outside.map((order) => ({ orderId: order.orderId, heldUnits: engine.hold(order)[1] })),
          ],
        };
      }),
      accounts: engine.accounts.map(({ accountId, externalId, name, frozen, executionSeq, balanceSeq, transferIds, switchUs, feeTier, tradeGroupId, pendingTransfers }) => ({
        accountId,
        externalId,
        name,
        frozen,
        executionSeq,
        balanceSeq,
        balances: engine.assets
          .map(({ assetId }) => ({ assetId, balance: balances.get(`${accountId}/${assetId}`) ?? ([0n, 0n] as const) }))
          .filter(({ balance }) => balance[0] !== 0n || balance[1] !== 0n)
          .map(({ assetId, balance }) => ({ assetId, availableUnits: balance[0], heldUnits: balance[1] })),
        transferIds,
        deadMansSwitchUs: switchUs,
        feeTier,
        tradeGroupId,
        pendingTransfers,
      })),
      nextOrderListId: engine.lists.nextOrderListId,
      orderLists: engine.lists.open,
      takenClientIds: engine.dedupe.records(),
    }),
  );
}

/** SHA-256 of the whole state. */
export function modelStateHash(engine: ModelEngine): Uint8Array {
  return createHash("sha256").update(modelSnapshot(engine)).digest();
}

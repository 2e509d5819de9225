// What the public is told of an auction while it goes on: not its orders, but what they would come to.
//
// Never: changes anything but the mark that it has been told. The frame is a MarketStatusUpdate, so whoever follows a
// market's status learns it without another channel.
import { create, toBinary } from "@bufbuild/protobuf";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { MarketStatus, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { AuctionSides, type Auction } from "./auction.ts";
import type { Market } from "./markets.ts";

/** A ServerBatch of one frame; undefined while the market is halted between two parts of the auction. */
export function auctionStatus(market: Market, auction: Auction, seq: number): Uint8Array | undefined {
  if (market.status !== MarketStatus.AUCTION) return undefined;
  auction.changed = false;
  const clearing = new AuctionSides(market.book, auction).clearing(market.lastPriceTicks);
  const value = {
    marketId: market.id,
    seq: BigInt(seq),
    status: market.status,
    auctionPriceTicks: BigInt(clearing?.priceTicks ?? 0),
    auctionLots: clearing?.lots ?? 0n,
    auctionSurplusSide: clearing?.surplusSide ?? Side.UNSPECIFIED,
    auctionSurplusLots: clearing?.surplusLots ?? 0n,
  };
  return toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [{ body: { case: "marketStatus", value } }] }));
}

// What the public is told of an auction while it goes on: not its orders, but what they would come to.
//
// Never: changes anything but the mark that it has been told. The frame is a MarketStatusUpdate, so whoever follows a
// market's status learns it without another channel.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import type { MarketStatusUpdateSchema } from "../../gen/tickwire/v1/market_data_pb.ts";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { MarketStatus, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { AuctionSides, type Auction } from "./auction.ts";
import type { Market } from "./markets.ts";

type StatusUpdate = MessageInitShape<typeof MarketStatusUpdateSchema>;

/** A ServerBatch of one frame; undefined while the market is halted between two parts of the auction. */
export function auctionStatus(market: Market, auction: Auction, seq: number): Uint8Array | undefined {
  if (market.status !== MarketStatus.AUCTION) return undefined;
  auction.changed = false;
  return toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [{ body: { case: "marketStatus", value: statusUpdate(market, seq) } }] }));
}

/** The market as it stands at `seq`; in auction, with what that would come to now. Changes nothing. */
export function statusUpdate(market: Market, seq: number): StatusUpdate {
  const { auction } = market;
  const clearing = market.status === MarketStatus.AUCTION && auction !== undefined ? new AuctionSides(market.book, auction).clearing(market.lastPriceTicks) : undefined;
  return {
    marketId: market.id,
    seq: BigInt(seq),
    status: market.status,
    auctionPriceTicks: BigInt(clearing?.priceTicks ?? 0),
    auctionLots: clearing?.lots ?? 0n,
    auctionSurplusSide: clearing?.surplusSide ?? Side.UNSPECIFIED,
    auctionSurplusLots: clearing?.surplusLots ?? 0n,
  };
}

// The requests the feed client sends, encoded: the only file that writes client messages.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Channel, ClientFrameSchema, type SubscriptionSchema } from "../../../gen/tickwire/v1/client_pb.ts";
import { wireInterval, type CandleInterval } from "./words.ts";

/** One subscription as the wire names it. */
export type WireSubscription =
  | { readonly channel: "book"; readonly marketId: number; readonly conflateMs: number }
  | { readonly channel: "candles"; readonly marketId: number; readonly interval: CandleInterval }
  | { readonly channel: "trades" | "bookTicker" | "ticker" | "marketStatus"; readonly marketId: number }
  | { readonly channel: "account" };

export type ClientRequest =
  | { readonly kind: "subscribe" | "unsubscribe"; readonly subscriptions: readonly WireSubscription[] }
  | { readonly kind: "logon"; readonly ticket: string }
  | { readonly kind: "ping"; readonly clientTimeUs: number };

const CHANNELS = {
  book: Channel.BOOK,
  trades: Channel.TRADES,
  bookTicker: Channel.BOOK_TICKER,
  candles: Channel.CANDLES,
  ticker: Channel.TICKER,
  marketStatus: Channel.MARKET_STATUS,
  account: Channel.ACCOUNT,
} as const;

function wire(subscription: WireSubscription): MessageInitShape<typeof SubscriptionSchema> {
  const channel = CHANNELS[subscription.channel];
  switch (subscription.channel) {
    case "account":
      return { channel };
    case "book":
      return { channel, marketId: subscription.marketId, conflateMs: subscription.conflateMs };
    case "candles":
      return { channel, marketId: subscription.marketId, interval: wireInterval(subscription.interval) };
    default:
      return { channel, marketId: subscription.marketId };
  }
}

function body(request: ClientRequest): NonNullable<MessageInitShape<typeof ClientFrameSchema>["body"]> {
  switch (request.kind) {
    case "subscribe":
    case "unsubscribe":
      return { case: request.kind, value: { subscriptions: request.subscriptions.map(wire) } };
    case "logon":
      return { case: "logon", value: { ticket: request.ticket } };
    case "ping":
      return { case: "ping", value: { clientTimeUs: BigInt(request.clientTimeUs) } };
  }
}

/** One WebSocket message. */
export function encodeRequest(requestNo: number, request: ClientRequest): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { requestNo: BigInt(requestNo), body: body(request) }));
}

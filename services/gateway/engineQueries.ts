// What the gateway asks of the engine: a book, an account. Each either answers or rejects; whoever asks tries again.
import type { BookSnapshot, MarketStatusUpdate } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { AccountSnapshot } from "../../gen/tickwire/v1/private_data_pb.ts";
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import type { QueryResponse } from "../../gen/tickwire/v1/query_pb.ts";
import type { Ingress } from "../shared/trading/ingress.ts";

const refused = ({ body }: QueryResponse): Error => {
  const reason = body.case === "rejected" ? (Object.entries(RejectReason).find(([, value]) => value === body.value.reason)?.[0] ?? "refused") : `answered ${String(body.case)}`;
  return new Error(`the engine's answer: ${reason}`);
};

export interface EngineQueries {
  /** The whole book of a market. */
  book(marketId: number): Promise<BookSnapshot>;
  /** Whether a market is open, and in auction what that would come to. */
  marketStatus(marketId: number): Promise<MarketStatusUpdate>;
  /** Everything an account owns and has open. */
  account(accountId: bigint): Promise<AccountSnapshot>;
}

export const askEngine = (ingress: Ingress): EngineQueries => ({
  book: async (marketId) => {
    const response = await ingress.query({ case: "book", value: { marketId, depth: 0 } });
    if (response.body.case !== "book") throw refused(response);
    return response.body.value;
  },
  marketStatus: async (marketId) => {
    const response = await ingress.query({ case: "marketStatus", value: { marketId } });
    if (response.body.case !== "marketStatus") throw refused(response);
    return response.body.value;
  },
  account: async (accountId) => {
    const response = await ingress.query({ case: "account", value: { accountId } });
    if (response.body.case !== "account") throw refused(response);
    return response.body.value;
  },
});

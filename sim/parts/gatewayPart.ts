// A gateway without its sockets: the feeds put together as gateway.ts does it, with subscribers that believe nothing.
import { create, fromBinary } from "@bufbuild/protobuf";
import { Channel, SubscriptionSchema } from "../../gen/tickwire/v1/client_pb.ts";
import type { AccountSnapshot } from "../../gen/tickwire/v1/private_data_pb.ts";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { OrderStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { AccountFeed } from "../../services/gateway/accountFeed.ts";
import { ChannelBroker } from "../../services/gateway/channelBroker.ts";
import { askEngine } from "../../services/gateway/engineQueries.ts";
import { EngineWatch } from "../../services/gateway/engineWatch.ts";
import { EventFollower } from "../../services/gateway/eventFollower.ts";
import { FeedDirectory } from "../../services/gateway/feedDirectory.ts";
import { FollowedBooks, type FollowedBook } from "../../services/gateway/testing/followedBooks.ts";
import type { Subscriber } from "../../services/gateway/topic.ts";
import { HeartbeatBoard } from "../../services/shared/heartbeat.ts";
import { connectReader, connectSubscriber } from "../../services/shared/redis.ts";
import { Ingress } from "../../services/shared/trading/ingress.ts";
import { VenueDirectory } from "../../services/shared/trading/venueDirectory.ts";
import { REDIS_URL, type Part, type PartEnvironment } from "./part.ts";

/** An account as a client of the private feed has it. */
export interface SeenAccount {
  executionSeq: bigint;
  balanceSeq: bigint;
  /** By asset id. */
  readonly balances: Map<number, { readonly availableUnits: bigint; readonly heldUnits: bigint }>;
  /** Ids of open orders. */
  readonly openOrders: Set<bigint>;
}

/** Keeps books and accounts by the rules of the wire, and writes down every breach of them. */
export class FeedWitness implements Subscriber {
  account: SeenAccount | undefined;
  readonly breaches: string[] = [];
  readonly #followed = new FollowedBooks(this.breaches);

  get books(): ReadonlyMap<number, FollowedBook> {
    return this.#followed.books;
  }

  push(_topic: unknown, frame: Uint8Array): void {
    for (const { body } of fromBinary(ServerBatchSchema, frame).frames) {
      switch (body.case) {
        case "bookSnapshot":
        case "bookDelta":
          this.#followed.take(body);
          break;
        case "accountSnapshot":
          this.#accountSnapshot(body.value);
          break;
        case "execution": {
          const { account } = this;
          const { executionSeq, order } = body.value;
          if (account === undefined || executionSeq !== account.executionSeq + 1n) this.breaches.push(`execution ${executionSeq} follows ${account?.executionSeq}`);
          if (account === undefined || order === undefined) break;
          account.executionSeq = executionSeq;
          if (OPEN_STATUSES.has(order.status)) account.openOrders.add(order.orderId);
          else account.openOrders.delete(order.orderId);
          break;
        }
        case "balanceUpdate": {
          const { account } = this;
          const { balanceSeq, balance } = body.value;
          if (account === undefined || balanceSeq !== account.balanceSeq + 1n) this.breaches.push(`balance update ${balanceSeq} follows ${account?.balanceSeq}`);
          if (account === undefined || balance === undefined) break;
          account.balanceSeq = balanceSeq;
          account.balances.set(balance.assetId, balance);
          break;
        }
        default:
      }
    }
  }

  #accountSnapshot({ executionSeq, balanceSeq, balances, openOrders }: AccountSnapshot): void {
    this.account = {
      executionSeq,
      balanceSeq,
      balances: new Map(balances.map((balance) => [balance.assetId, balance])),
      openOrders: new Set(openOrders.map(({ orderId }) => orderId)),
    };
  }
}

const OPEN_STATUSES: ReadonlySet<OrderStatus> = new Set([OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.PENDING_NEW]);

export interface GatewayPart extends Part {
  /** Of every market's book, in real time and merged. */
  readonly books: readonly FeedWitness[];
  /** By account id. */
  readonly accounts: ReadonlyMap<bigint, FeedWitness>;
}

export interface GatewayEnvironment extends PartEnvironment {
  readonly accountIds: () => readonly bigint[];
}

export async function startGateway({ logger, accountIds }: GatewayEnvironment): Promise<GatewayPart> {
  const marketData = connectSubscriber(REDIS_URL, "gateway-market-data", logger);
  const heartbeats = connectSubscriber(REDIS_URL, "gateway-heartbeats", logger);
  const events = connectReader(REDIS_URL, "gateway-events", logger);
  const board = await HeartbeatBoard.listen(heartbeats);
  const ingress = await Ingress.open(REDIS_URL, "gateway", logger);
  const engine = askEngine(ingress);
  const broker = new ChannelBroker(marketData, logger);
  const accounts = new AccountFeed({ fetchAccount: engine.account, logger });
  const follower = new EventFollower(events, logger, accounts);
  accounts.attach(follower);
  const directory = await VenueDirectory.load(ingress, board, logger);
  const feeds = new FeedDirectory({ broker, accounts, logger, fetchBook: engine.book, fetchStatus: engine.marketStatus, markets: () => directory.markets.map(({ market }) => market) });
  const watch = new EngineWatch(board, () => feeds.resync());
  directory.onChange(() => feeds.venueChanged(watch.seq));

  const books = [0, 100].map((conflateMs) => {
    const witness = new FeedWitness();
    for (const { market } of directory.markets) {
      const found = feeds.find(create(SubscriptionSchema, { channel: Channel.BOOK, marketId: market.marketId, conflateMs }), undefined);
      if (found.ok) found.topic.join(witness);
    }
    return witness;
  });
  const witnesses = new Map(
    accountIds().map((accountId) => {
      const witness = new FeedWitness();
      const found = feeds.find(create(SubscriptionSchema, { channel: Channel.ACCOUNT }), accountId);
      if (found.ok) found.topic.join(witness);
      return [accountId, witness];
    }),
  );
  return {
    books,
    accounts: witnesses,
    running: new Promise(() => undefined),
    stop: () => {
      broker.close();
      follower.close();
      ingress.close();
      heartbeats.disconnect();
      return Promise.resolve();
    },
  };
}

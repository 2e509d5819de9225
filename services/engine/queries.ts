// Answers questions about live state, which are asked over Pub/Sub and leave no trace in the log.
//
// Never: changes anything. An answer is of one moment between two entries and carries its seq.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { BookSnapshotSchema } from "../../gen/tickwire/v1/market_data_pb.ts";
import { AccountSnapshotSchema } from "../../gen/tickwire/v1/private_data_pb.ts";
import { QueryRequestSchema, QueryResponseSchema, type QueryRequest } from "../../gen/tickwire/v1/query_pb.ts";
import { BalanceSchema, OrderSchema, RejectReason, type Balance, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { answerChannel, QUERY_CHANNEL } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import type { Engine } from "./engine.ts";
import { ORDER_BYTES_MAX, writeOrder } from "./eventWriter.ts";
import { QUERY_LEVELS_MAX } from "./limits.ts";
import { bookLevels } from "./marketData.ts";
import { marketMessage } from "./markets.ts";
import { ACCOUNT, clientIdHash, NO_SLOT, RECORD_I32 } from "./orderStore.ts";
import { ProtobufWriter } from "./protobufWriter.ts";
import { stateHash } from "./snapshot.ts";

type Body = NonNullable<MessageInitShape<typeof QueryResponseSchema>["body"]>;

const rejected = (reason: RejectReason): Body => ({ case: "rejected", value: { reason } });

/** The answer to one query, from the engine as it stands. */
export function answer(engine: Engine, query: QueryRequest["body"]): Body {
  switch (query.case) {
    case "venue":
      return { case: "venue", value: { assets: engine.markets.assets, markets: engine.markets.markets.map(marketMessage) } };
    case "book": {
      const market = engine.markets.byId(query.value.marketId);
      if (market === undefined) return rejected(RejectReason.UNKNOWN_MARKET);
      const depth = query.value.depth === 0 ? QUERY_LEVELS_MAX : Math.min(query.value.depth, QUERY_LEVELS_MAX);
      return {
        case: "book",
        value: create(BookSnapshotSchema, {
          marketId: market.id,
          epoch: engine.epoch,
          seq: BigInt(market.feed.bookSeq),
          timeUs: BigInt(engine.timeUs),
          ...bookLevels(market.book, depth),
        }),
      };
    }
    case "account": {
      const row = engine.accounts.row(Number(query.value.accountId));
      if (row < 0) return rejected(RejectReason.UNKNOWN_ACCOUNT);
      return { case: "account", value: accountSnapshot(engine, row) };
    }
    case "order": {
      const { accountId, orderId, clientOrderId } = query.value;
      const row = engine.accounts.row(Number(accountId));
      if (row < 0) return rejected(RejectReason.UNKNOWN_ACCOUNT);
      const slot = findOrder(engine, row, Number(orderId), clientOrderId);
      return slot === NO_SLOT ? rejected(RejectReason.UNKNOWN_ORDER) : { case: "order", value: orderMessage(engine, slot) };
    }
    case "status":
      return { case: "status", value: { stateHash: stateHash(engine), openOrders: BigInt(engine.orders.size), accounts: BigInt(engine.accounts.count) } };
    case "whatIf":
    case "queuePosition":
    case "bookByOrder":
    case undefined:
      return rejected(RejectReason.UNSUPPORTED_COMMAND);
    default:
      return query satisfies never;
  }
}

function findOrder(engine: Engine, row: number, orderId: number, clientOrderId: string): number {
  if (orderId === 0) {
    const bytes = Buffer.from(clientOrderId);
    return engine.orders.findClientId(row, clientIdHash(row, bytes, 0, bytes.length), bytes, 0, bytes.length);
  }
  const slot = engine.orders.find(orderId);
  return slot !== NO_SLOT && engine.orders.i32[slot * RECORD_I32 + ACCOUNT] === row ? slot : NO_SLOT;
}

function accountSnapshot(engine: Engine, row: number): MessageInitShape<typeof AccountSnapshotSchema> {
  const openOrders: Order[] = [];
  for (let slot = engine.accounts.firstOrder(row); slot !== NO_SLOT; slot = engine.accounts.nextOrder(slot)) openOrders.push(orderMessage(engine, slot));
  const balances: Balance[] = [];
  for (const asset of engine.markets.assets) {
    const availableUnits = engine.ledger.availableUnits(row, asset.assetId - 1);
    const heldUnits = engine.ledger.heldUnits(row, asset.assetId - 1);
    if (availableUnits !== 0n || heldUnits !== 0n) balances.push(create(BalanceSchema, { assetId: asset.assetId, availableUnits, heldUnits }));
  }
  return {
    epoch: engine.epoch,
    seq: BigInt(engine.seq),
    executionSeq: BigInt(engine.accounts.executionSeq[row] as number),
    balanceSeq: BigInt(engine.accounts.balanceSeq[row] as number),
    openOrders,
    balances,
  };
}

function orderMessage(engine: Engine, slot: number): Order {
  const out = new ProtobufWriter(ORDER_BYTES_MAX);
  writeOrder(out, engine.orders, slot);
  return fromBinary(OrderSchema, out.written());
}

/** Listens for queries and answers those that come while `live()`. */
export async function serveQueries(engine: Engine, subscriber: Redis, writer: Redis, live: () => boolean, logger: Logger): Promise<void> {
  subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
    if (channel.toString("latin1") !== QUERY_CHANNEL || !live()) return;
    let request: QueryRequest;
    try {
      request = fromBinary(QueryRequestSchema, payload);
    } catch (error) {
      logger.warn({ err: String(error) }, "a query could not be read");
      return;
    }
    const response = toBinary(
      QueryResponseSchema,
      create(QueryResponseSchema, {
        requestNo: request.requestNo,
        epoch: engine.epoch,
        seq: BigInt(engine.seq),
        entry: BigInt(engine.entry),
        timeUs: BigInt(engine.timeUs),
        body: answer(engine, request.body),
      }),
    );
    writer.publish(answerChannel(request.ingressId), Buffer.from(response)).catch((error: unknown) => logger.debug({ err: String(error) }, "an answer was lost"));
  });
  await subscriber.subscribe(QUERY_CHANNEL);
}

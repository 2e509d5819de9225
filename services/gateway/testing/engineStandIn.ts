// For tests: plays the engine's part of the contract on a real Redis, so that a test can say exactly what is published
// and when. Answers queries, publishes market data, appends events, beats.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Redis } from "ioredis";
import { EventBatchSchema, type EventSchema } from "../../../gen/tickwire/v1/event_pb.ts";
import type { TradeSchema } from "../../../gen/tickwire/v1/market_data_pb.ts";
import { HeartbeatSchema } from "../../../gen/tickwire/v1/operations_pb.ts";
import type { AccountSnapshotSchema } from "../../../gen/tickwire/v1/private_data_pb.ts";
import { QueryRequestSchema, QueryResponseSchema } from "../../../gen/tickwire/v1/query_pb.ts";
import { AssetSchema, MarketSchema, MarketStatus, RejectReason, type Market } from "../../../gen/tickwire/v1/types_pb.ts";
import { answerChannel, ENTRY_FIELD, entryId, EVENT_LOG, HEARTBEAT_CHANNEL, marketDataChannel, QUERY_CHANNEL } from "../../shared/keys.ts";
import { bookChecksum } from "../bookChecksum.ts";
import { BookSide } from "../bookSide.ts";
import { encodeFrame, type FrameBody } from "../frames.ts";

export type Levels = readonly (readonly [ticks: number, lots: number])[];

interface StandInBook {
  readonly symbol: string;
  readonly bids: BookSide;
  readonly asks: BookSide;
  seq: number;
}

const market = (marketId: number, symbol: string): Market =>
  create(MarketSchema, { marketId, symbol, baseAssetId: 1, quoteAssetId: 2, tickSizeUnits: 1_000_000n, lotSizeUnits: 1_000n, notionalUnits: 10n, status: MarketStatus.TRADING });

export class EngineStandIn {
  epoch = 1;
  seq = 100;
  entry = 0;
  venueVersion = 1n;
  instanceId = "engine-a";
  /** False: queries are left unanswered, and nothing beats. */
  alive = true;
  /** How long an answer is on its way: made at once, sent later. */
  answerDelayMs = 0;
  bookQueries = 0;
  /** What the auction of a market that is in one would come to. */
  auction = { auctionPriceTicks: 0n, auctionLots: 0n };
  readonly markets: Market[] = [market(1, "BTCUSDT"), market(2, "ETHUSDT")];
  readonly accounts = new Map<bigint, MessageInitShape<typeof AccountSnapshotSchema>>();
  readonly #books = new Map<number, StandInBook>();
  readonly redis: Redis;
  readonly #queries: Redis;
  #beating: NodeJS.Timeout | undefined;

  constructor(url: string) {
    this.redis = new Redis(url);
    this.#queries = new Redis(url);
    for (const { marketId, symbol } of this.markets) this.#books.set(marketId, { symbol, bids: new BookSide(1), asks: new BookSide(-1), seq: 0 });
  }

  async start(): Promise<void> {
    this.#queries.on("messageBuffer", (_channel: Buffer, payload: Buffer) => this.#answer(payload));
    await this.#queries.subscribe(QUERY_CHANNEL);
    this.#beating = setInterval(() => this.beat(), 100);
  }

  stop(): void {
    clearInterval(this.#beating);
    this.redis.disconnect();
    this.#queries.disconnect();
  }

  beat(): void {
    if (!this.alive) return;
    const { instanceId, epoch, venueVersion } = this;
    const beat = create(HeartbeatSchema, { service: "engine", instanceId, ready: true, epoch, venueVersion, seq: BigInt(this.seq), entry: BigInt(this.entry) });
    this.redis.publish(HEARTBEAT_CHANNEL, Buffer.from(toBinary(HeartbeatSchema, beat))).catch(() => undefined);
  }

  book(marketId = 1): StandInBook {
    const book = this.#books.get(marketId);
    if (book === undefined) throw new Error(`no market ${marketId}`);
    return book;
  }

  /** Changes the book and publishes the delta; `lost` makes Redis lose it. */
  change(changes: { marketId?: number; bids?: Levels; asks?: Levels; lost?: boolean }): void {
    const marketId = changes.marketId ?? 1;
    const book = this.book(marketId);
    const prevSeq = book.seq;
    for (const [ticks, lots] of changes.bids ?? []) book.bids.set(ticks, lots);
    for (const [ticks, lots] of changes.asks ?? []) book.asks.set(ticks, lots);
    book.seq = this.seq += 3; // commands elsewhere lie between
    if (changes.lost === true) return;
    const column = (levels: Levels | undefined, i: 0 | 1) => (levels ?? []).map((level) => BigInt(level[i]));
    this.publish(marketDataChannel(book.symbol), {
      case: "bookDelta",
      value: {
        marketId,
        epoch: this.epoch,
        prevSeq: BigInt(prevSeq),
        seq: BigInt(book.seq),
        timeUs: BigInt(book.seq) * 1000n,
        bidTicks: column(changes.bids, 0),
        bidLots: column(changes.bids, 1),
        askTicks: column(changes.asks, 0),
        askLots: column(changes.asks, 1),
        checksum: bookChecksum(book.bids, book.asks),
      },
    });
  }

  trade(trade: MessageInitShape<typeof TradeSchema>, marketId = 1): void {
    this.publish(marketDataChannel(this.book(marketId).symbol), { case: "trades", value: { marketId, epoch: this.epoch, trades: [trade] } });
  }

  publish(channel: string, ...frames: FrameBody[]): void {
    this.redis.publish(channel, Buffer.concat(frames.map(encodeFrame))).catch(() => undefined);
  }

  /** Appends one entry to the event log, one group per list of events. */
  async append(...groups: MessageInitShape<typeof EventSchema>[][]): Promise<void> {
    const entry = ++this.entry;
    const batch = create(EventBatchSchema, {
      epoch: this.epoch,
      entry: BigInt(entry),
      timeUs: BigInt(entry) * 1_000_000n,
      groups: groups.map((events) => ({ seq: BigInt(++this.seq), events })),
    });
    await this.redis.xadd(EVENT_LOG, entryId(entry), ENTRY_FIELD, Buffer.from(toBinary(EventBatchSchema, batch)));
  }

  #answer(payload: Buffer): void {
    if (!this.alive) return;
    const { ingressId, requestNo, body } = fromBinary(QueryRequestSchema, payload);
    const response = create(QueryResponseSchema, { requestNo, epoch: this.epoch, seq: BigInt(this.seq), entry: BigInt(this.entry), body: this.#body(body) });
    const bytes = Buffer.from(toBinary(QueryResponseSchema, response));
    setTimeout(() => void this.redis.publish(answerChannel(ingressId), bytes).catch(() => undefined), this.answerDelayMs);
  }

  #body(body: ReturnType<typeof create<typeof QueryRequestSchema>>["body"]): NonNullable<MessageInitShape<typeof QueryResponseSchema>["body"]> {
    if (body.case === "venue") {
      const assets = ["BTC", "USDT"].map((code, i) => create(AssetSchema, { assetId: i + 1, code, name: code, scale: 8 }));
      return { case: "venue", value: { assets, markets: this.markets } };
    }
    if (body.case === "account") {
      const account = this.accounts.get(body.value.accountId);
      if (account !== undefined) return { case: "account", value: { ...account, epoch: this.epoch, seq: BigInt(this.seq) } };
    }
    if (body.case === "marketStatus") {
      const { marketId } = body.value;
      const status = this.markets.find((listed) => listed.marketId === marketId)?.status ?? MarketStatus.UNSPECIFIED;
      return { case: "marketStatus", value: { marketId, seq: BigInt(this.seq), status, ...(status === MarketStatus.AUCTION && this.auction) } };
    }
    if (body.case === "book") {
      this.bookQueries++;
      const { marketId } = body.value;
      const { bids, asks, seq } = this.book(marketId);
      const bestFirst = (values: readonly number[]) => [...values].reverse().map(BigInt);
      return {
        case: "book",
        value: {
          marketId,
          epoch: this.epoch,
          seq: BigInt(seq),
          bidTicks: bestFirst(bids.ticks),
          bidLots: bestFirst(bids.lots),
          askTicks: bestFirst(asks.ticks),
          askLots: bestFirst(asks.lots),
          checksum: bookChecksum(bids, asks),
        },
      };
    }
    return { case: "rejected", value: { reason: RejectReason.UNKNOWN_ACCOUNT } };
  }
}

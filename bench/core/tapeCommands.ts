// A tape as the log entries an ingress would have written: the venue's opening, then batches of commands.
//
// The client order id of an order is 16 characters; accounts are the tape's users, after the house. The commands are
// written straight into one buffer, so that feeding the engine costs nothing that would count as the engine's.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { ProtobufWriter } from "../../services/engine/protobufWriter.ts";
import { CANCEL, LIMIT_IOC, MOVE, RECORD_WORDS, type Tape } from "./tape.ts";

type Body = NonNullable<MessageInitShape<typeof CommandSchema>["body"]>;

const MARKET = 1;
const FIRST_USER_ACCOUNT = 2;
const COMMAND_BYTES_MAX = 128;
const INGRESS = Buffer.from("bench-ingress");
const CLIENT_ID_LENGTH = 16;
const CLIENT_ID_PREFIX = Buffer.from("bench-");
const START_US = 1_750_000_000_000_000;
/** Between two entries; moves the engine's time as a busy exchange's log would. */
const ENTRY_US = 100;
const DEPOSIT_UNITS = 1n << 52n;

/** Opens a venue with one market of usual scales and fees, and the tape's users with more money than they can lose. */
export function openingEntry(users: number): Uint8Array {
  const unit = 100_000_000n;
  const bodies: { accountId?: bigint; body: Body }[] = [
    { body: { case: "openLog", value: { epoch: 1, venue: "Bench" } } },
    { body: { case: "listAsset", value: { asset: { code: "BTC", name: "Bitcoin", scale: 8 } } } },
    { body: { case: "listAsset", value: { asset: { code: "USDT", name: "Tether USD", scale: 8 } } } },
    {
      body: {
        case: "listMarket",
        value: {
          market: {
            symbol: "BTCUSDT",
            baseAssetId: 1,
            quoteAssetId: 2,
            tickSizeUnits: unit / 100n,
            lotSizeUnits: unit / 100_000n,
            makerFeePpm: 1_000,
            takerFeePpm: 1_000,
            minPriceTicks: 1n,
            maxPriceTicks: 100_000_000n,
            minQuantityLots: 1n,
            maxQuantityLots: 900_000_000n,
            maxMarketQuantityLots: 12_000_000n,
            minNotionalUnits: 1n,
            maxNotionalUnits: 9_000_000n * unit,
            maxNumOrders: 10_000_000,
          },
        },
      },
    },
    { body: { case: "openAccount", value: { externalId: "house", name: "House" } } },
  ];
  for (let user = 0; user < users; user++) {
    const accountId = BigInt(FIRST_USER_ACCOUNT + user);
    bodies.push({ body: { case: "openAccount", value: { externalId: `user-${user}`, name: `User ${user}` } } });
    for (const assetId of [1, 2]) bodies.push({ accountId, body: { case: "deposit", value: { assetId, amountUnits: DEPOSIT_UNITS, transferId: `asset-${assetId}` } } });
  }
  const commands = bodies.map((command, i) => ({ requestNo: BigInt(i + 1), ...command }));
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "bench-ingress", timeUs: BigInt(START_US), commands }));
}

/** Encodes a tape's records, entry after entry; knows which order id the engine gave to which of the tape's orders. */
export class TapeCommands {
  /** Holds the entries; an entry is `bytes` from the place `entry` answered with to `at`. */
  readonly out: ProtobufWriter;
  readonly #tape: Tape;
  /** The engine's order id by the tape's. */
  readonly #orderId: Float64Array;
  /** The tape's order id by the engine's, of the first round. */
  readonly tapeIds: Int32Array;
  #nextOrderId = 1;
  #requestNo = 0;
  #timeUs = START_US;
  #round = 0;

  constructor(tape: Tape, out: ProtobufWriter) {
    this.#tape = tape;
    this.out = out;
    this.#orderId = new Float64Array(tape.orderIdEnd);
    this.tapeIds = new Int32Array(tape.records + 1);
  }

  /** The tape may be played again: its orders get new client order ids. */
  nextRound(): void {
    this.#round++;
  }

  /** Appends one entry with records `from` to `to - 1`; answers where it starts. */
  entry(from: number, to: number): number {
    const { out } = this;
    out.reserve(64 + (to - from) * COMMAND_BYTES_MAX);
    const start = out.at;
    out.bytesField(0x0a, INGRESS, 0, INGRESS.length);
    out.uintField(0x10, (this.#timeUs += ENTRY_US));
    for (let record = from; record < to; record++) this.#command(record * RECORD_WORDS);
    return start;
  }

  /** Appends an entry that cancels everything of every user. */
  cancelAll(): number {
    const { out } = this;
    out.reserve(64 + this.#tape.users * COMMAND_BYTES_MAX);
    const start = out.at;
    out.bytesField(0x0a, INGRESS, 0, INGRESS.length);
    out.uintField(0x10, (this.#timeUs += ENTRY_US));
    for (let user = 0; user < this.#tape.users; user++) {
      const command = this.#begin(user);
      const body = this.#beginBody(0x32);
      out.uintField(0x08, MARKET);
      this.#end(body);
      this.#end(command);
    }
    return start;
  }

  #command(at: number): void {
    const { words } = this.#tape;
    const head = words[at] as number;
    const type = head & 255;
    const id = words[at + 1] as number;
    const user = words[at + 2] as number;
    if (type === CANCEL) this.#cancel(user, id);
    else if (type === MOVE) this.#amend(user, id, words[at + 3] as number);
    else this.#place(user, id, head >>> 8, type, words[at + 3] as number, words[at + 4] as number);
  }

  #amend(user: number, id: number, price: number): void {
    const { out } = this;
    const command = this.#begin(user);
    const body = this.#beginBody(0x3a);
    out.uintField(0x08, MARKET);
    out.uintField(0x10, this.#orderId[id] as number);
    out.uintField(0x28, price);
    this.#end(body);
    this.#end(command);
  }

  #cancel(user: number, id: number): void {
    const { out } = this;
    const command = this.#begin(user);
    const body = this.#beginBody(0x2a);
    out.uintField(0x08, MARKET);
    out.uintField(0x10, this.#orderId[id] as number);
    this.#end(body);
    this.#end(command);
  }

  #place(user: number, id: number, sells: number, type: number, price: number, quantity: number): void {
    const { out } = this;
    const orderId = this.#nextOrderId++;
    this.#orderId[id] = orderId;
    if (this.#round === 0) this.tapeIds[orderId] = id;
    const command = this.#begin(user);
    const body = this.#beginBody(0x22);
    out.uintField(0x08, MARKET);
    out.uintField(0x10, sells === 0 ? Side.BUY : Side.SELL);
    out.uintField(0x18, OrderType.LIMIT);
    out.uintField(0x20, type === LIMIT_IOC ? TimeInForce.IOC : TimeInForce.GTC);
    out.uintField(0x28, price);
    out.uintField(0x30, quantity);
    out.byte(0x42);
    out.byte(CLIENT_ID_LENGTH);
    out.copy(CLIENT_ID_PREFIX, 0, CLIENT_ID_PREFIX.length);
    let rest = id + this.#round * this.#tape.orderIdEnd;
    for (let i = CLIENT_ID_LENGTH - 1; i >= CLIENT_ID_PREFIX.length; i--) {
      out.bytes[out.at + i - CLIENT_ID_PREFIX.length] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    out.at += CLIENT_ID_LENGTH - CLIENT_ID_PREFIX.length;
    this.#end(body);
    this.#end(command);
  }

  // Lengths below 128 take the one byte that an ingress writes, so the entries are of the size they would have.
  #begin(user: number): number {
    const { out } = this;
    out.byte(0x1a);
    const start = ++out.at;
    out.uintField(0x08, ++this.#requestNo);
    out.uintField(0x10, FIRST_USER_ACCOUNT + user);
    return start;
  }

  #beginBody(tag: number): number {
    this.out.byte(tag);
    return ++this.out.at;
  }

  #end(start: number): void {
    this.out.bytes[start - 1] = this.out.at - start;
  }
}

// The exchange as a pure function: the bytes of a log entry in, the bytes of its events and market data out.
//
// Composes the command reader, rules and trading, ledger, books and writers. Never: does I/O, reads a clock, draws a
// random number, or fails on bad input (broken bytes are answered by name). Invariants: entries are applied in order
// without a hole; the same entries give the same bytes and the same state hash on every machine.
import { fromBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import {
  CancelOrderListSchema,
  DepositSchema,
  ListAssetSchema,
  ListMarketSchema,
  OpenAccountSchema,
  OpenLogSchema,
  PlaceOrderListSchema,
  ResolveTransferSchema,
  SetAccountFrozenSchema,
  SetDeadMansSwitchSchema,
  SetFeeTierSchema,
  SetMarketStatusSchema,
  SetTradeGroupSchema,
  StartEpochSchema,
  UpdateMarketSchema,
  WithdrawSchema,
} from "../../gen/tickwire/v1/command_pb.ts";
import { TransferDirection } from "../../gen/tickwire/v1/event_pb.ts";
import { MarketStatus, RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { Accounts, type PendingTransfer } from "./accounts.ts";
import { openAuction } from "./auction.ts";
import { auctionStatus } from "./auctionStatus.ts";
import * as kind from "./commandReader.ts";
import { CommandReader } from "./commandReader.ts";
import { EventWriter } from "./eventWriter.ts";
import { invariant } from "./invariants.ts";
import { Ledger } from "./ledger.ts";
import { CHAIN_BYTES, LogChain } from "./log/logChain.ts";
import {
  ACCOUNT_NAME_LENGTH_MAX,
  ACCOUNTS_MAX,
  ASSET_TOTAL_MAX,
  EPOCH_REASON_LENGTH_MAX,
  EXACT_MAX,
  EXTERNAL_ID_LENGTH_MAX,
  FEE_TIER_MAX,
  ORDER_CAPACITY_START,
  TRANSFER_ID_LENGTH_MAX,
} from "./limits.ts";
import { MarketFeed } from "./marketData.ts";
import { marketMessage, mayBecome, Markets, rulesOf, type Market } from "./markets.ts";
import { OrderBook } from "./orderBook.ts";
import { OrderStore } from "./orderStore.ts";
import { Trading } from "./trading.ts";
import { Triggers } from "./triggers.ts";

const INGRESS_ID_LENGTH_MAX = 128;
const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;

/** What one log entry came to. The byte views are valid until the next entry is applied. */
export interface AppliedEntry {
  readonly entry: number;
  /** EventBatch. */
  readonly events: Uint8Array;
  /** Whom to answer; empty when the entry did not say. */
  readonly ingressId: string;
  /** ServerBatch per market that changed. */
  readonly marketData: readonly { readonly symbol: string; readonly bytes: Uint8Array }[];
}

export class Engine {
  /** The engine's parts, for snapshots, queries and checks; nobody else changes them. */
  readonly orders = new OrderStore(ORDER_CAPACITY_START);
  readonly accounts = new Accounts(this.orders);
  readonly ledger = new Ledger();
  readonly markets = new Markets((row) => {
    const feed = new MarketFeed(row + 1);
    return { feed, book: new OrderBook(this.orders, feed), triggers: new Triggers() };
  });
  readonly #events = new EventWriter(this.orders, this.accounts);
  readonly trading = new Trading(this.orders, this.accounts, this.markets, this.ledger, this.#events);
  readonly #reader = new CommandReader();
  readonly #logChain = new LogChain();
  #ingressId = "";
  // The engine's time of the running entry as V8 passes it on: taken from a field for doubles, it would be allocated for
  // each call that is not inlined, once a command and more.
  readonly #now: (number | undefined)[] = [undefined];

  /** 0 until the log is opened. */
  epoch = 0;
  // Of the entry before the one in hand; the same as `epoch` but while an entry starts a new one.
  #previousEpoch = 0;
  venue = "";
  /** The last entry and command applied. */
  entry = 0;
  seq = 0;
  timeUs = 0;
  chain: Uint8Array = new Uint8Array(CHAIN_BYTES);
  /** Seq of the last change to assets, markets or their status. */
  venueVersion = 0;

  /**
   * Applies entry number `entry`, which must be the next one.
   * @throws InvariantViolation when the engine contradicts itself; its state is then worthless.
   */
  applyEntry(bytes: Uint8Array, entry: number): AppliedEntry {
    invariant(entry === this.entry + 1, `entry ${entry} does not follow entry ${this.entry}`);
    const reader = this.#reader;
    const readable = reader.open(bytes) && isIngressId(bytes, reader.ingressIdAt, reader.ingressIdLength);
    if (readable && reader.timeUs > this.timeUs) {
      this.timeUs = reader.timeUs;
      this.trading.dedupe.setTime(this.timeUs);
    }
    this.entry = entry;
    this.chain = this.#logChain.next(this.chain, bytes);
    let more = readable && reader.next();
    this.#previousEpoch = this.epoch;
    // The batch names its epoch before its first command is applied.
    if (more) this.#peekEpoch(reader);
    const ingressIdLength = readable ? reader.ingressIdLength : 0;
    this.#now[0] = this.timeUs;
    this.#events.startBatch(this.epoch, entry, this.chain, bytes, reader.ingressIdAt, ingressIdLength, this.timeUs);
    for (; more; more = reader.next()) this.#applyCommand(reader);
    if (!readable) {
      this.#events.startGroup(++this.seq, 0, 0);
      this.#events.commandRejected(RejectReason.MALFORMED_COMMAND);
      this.#events.endGroup();
    }
    const marketData: { symbol: string; bytes: Uint8Array }[] = [];
    for (const market of this.markets.markets) {
      if (market.auction?.changed === true) market.feed.tell(auctionStatus(market, market.auction, this.seq));
      if (market.feed.pending) marketData.push({ symbol: market.symbol, bytes: market.feed.take(market.book, this.epoch, this.timeUs) });
    }
    return { entry, events: this.#events.batch(), ingressId: this.#ingressIdText(bytes, reader.ingressIdAt, ingressIdLength), marketData };
  }

  // Few ingresses write many entries: the text of the last one is mostly that of this one.
  #ingressIdText(bytes: Uint8Array, from: number, length: number): string {
    const last = this.#ingressId;
    let same = last.length === length;
    for (let i = 0; same && i < length; i++) same = last.charCodeAt(i) === bytes[from + i];
    if (!same) this.#ingressId = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString("latin1");
    return this.#ingressId;
  }

  #applyCommand(reader: CommandReader): void {
    const seq = ++this.seq;
    const timeUs = this.#now[0] as number;
    const events = this.#events;
    events.startGroup(seq, reader.requestNo, reader.accountId);
    if (timeUs >= this.trading.timers.firstDueUs) this.trading.fireTimers(seq, timeUs);
    if (this.trading.unsettled) this.trading.settle(seq, timeUs);
    if (reader.malformed) events.commandRejected(RejectReason.MALFORMED_COMMAND);
    else {
      switch (reader.kind) {
        case kind.PLACE_ORDER:
          this.trading.place(reader, seq, timeUs);
          break;
        case kind.CANCEL_ORDER:
          this.trading.cancel(reader, seq, timeUs);
          break;
        case kind.CANCEL_ALL_ORDERS:
          this.trading.cancelAll(reader, seq, timeUs);
          break;
        case kind.AMEND_ORDER:
          this.trading.amend(reader, seq, timeUs);
          break;
        case kind.CANCEL_REPLACE_ORDER:
          this.trading.cancelReplace(reader, seq, timeUs);
          break;
        default: {
          const reason = this.#applyRare(reader);
          if (reason !== RejectReason.UNSPECIFIED) events.commandRejected(reason);
        }
      }
    }
    if (this.trading.unsettled) this.trading.settle(seq, timeUs);
    this.ledger.endCommand(events);
    invariant(!events.groupEmpty, "a command was answered with nothing");
    events.endGroup();
  }

  // Commands that are not on the hot path; answers with the reason when refused.
  #applyRare(reader: CommandReader): RejectReason {
    if (reader.deadlineUs !== 0 && this.timeUs > reader.deadlineUs) return RejectReason.DEADLINE_PASSED;
    switch (reader.kind) {
      case kind.DEPOSIT:
        return this.#deposit(reader);
      case kind.WITHDRAW:
        return this.#withdraw(reader);
      case kind.ADVANCE_TIME:
        this.#events.timeAdvanced();
        return RejectReason.UNSPECIFIED;
      case kind.SET_DEAD_MANS_SWITCH: {
        const body = this.#body(reader, SetDeadMansSwitchSchema);
        return body === undefined ? RejectReason.MALFORMED_COMMAND : this.trading.setDeadMansSwitch(reader.accountId, body.timeoutUs, this.timeUs);
      }
      case kind.PLACE_ORDER_LIST: {
        const body = this.#body(reader, PlaceOrderListSchema);
        if (body === undefined) return RejectReason.MALFORMED_COMMAND;
        return this.trading.placeList(reader, body.type, body.clientOrderListId, body.orders, this.seq, this.timeUs);
      }
      case kind.CANCEL_ORDER_LIST: {
        const body = this.#body(reader, CancelOrderListSchema);
        if (body === undefined) return RejectReason.MALFORMED_COMMAND;
        return this.trading.cancelList(reader, body.marketId, Number(body.orderListId), body.clientOrderListId, this.seq, this.timeUs);
      }
      case kind.OPEN_ACCOUNT:
      case kind.SET_ACCOUNT_FROZEN:
      case kind.OPEN_LOG:
      case kind.LIST_ASSET:
      case kind.LIST_MARKET:
      case kind.SET_MARKET_STATUS:
      case kind.RESOLVE_TRANSFER:
      case kind.SET_FEE_TIER:
      case kind.SET_TRADE_GROUP:
      case kind.UPDATE_MARKET:
      case kind.START_EPOCH:
        // The venue's own commands name no account.
        return reader.accountId === 0 ? this.#applyVenue(reader) : RejectReason.MALFORMED_COMMAND;
      default:
        // Whatever is newer than this engine.
        return RejectReason.UNSUPPORTED_COMMAND;
    }
  }

  #applyVenue(reader: CommandReader): RejectReason {
    switch (reader.kind) {
      case kind.OPEN_ACCOUNT:
        return this.#openAccount(reader);
      case kind.SET_ACCOUNT_FROZEN:
        return this.#setAccountFrozen(reader);
      case kind.OPEN_LOG:
        return this.#openLog(reader);
      case kind.LIST_ASSET:
        return this.#listAsset(reader);
      case kind.LIST_MARKET:
        return this.#listMarket(reader);
      case kind.RESOLVE_TRANSFER:
        return this.#resolveTransfer(reader);
      case kind.SET_FEE_TIER:
        return this.#setFeeTier(reader);
      case kind.SET_TRADE_GROUP:
        return this.#setTradeGroup(reader);
      case kind.UPDATE_MARKET:
        return this.#updateMarket(reader);
      case kind.START_EPOCH:
        return this.#startEpoch(reader);
      default:
        return this.#setMarketStatus(reader);
    }
  }

  // Of the entry's first command: what opens the log, or starts a new epoch, does so for its whole entry.
  #peekEpoch(reader: CommandReader): void {
    if (reader.malformed) return;
    if (this.seq === 0) {
      const body = reader.kind === kind.OPEN_LOG ? this.#body(reader, OpenLogSchema) : undefined;
      if (body !== undefined) this.epoch = body.epoch;
    } else if (reader.kind === kind.START_EPOCH && reader.accountId === 0 && reader.deadlineUs === 0) {
      const body = this.#body(reader, StartEpochSchema);
      if (body !== undefined && body.reason.length <= EPOCH_REASON_LENGTH_MAX && body.epoch > this.epoch) this.epoch = body.epoch;
    }
  }

  #startEpoch(reader: CommandReader): RejectReason {
    const body = this.#body(reader, StartEpochSchema);
    if (body === undefined || body.reason.length > EPOCH_REASON_LENGTH_MAX || reader.deadlineUs !== 0) return RejectReason.MALFORMED_COMMAND;
    const previousEpoch = this.#previousEpoch;
    if (body.epoch <= previousEpoch) return RejectReason.ALREADY_EXISTS;
    // Not the first of its entry: the batch has begun in the old epoch.
    if (body.epoch !== this.epoch) return RejectReason.MALFORMED_COMMAND;
    this.#previousEpoch = this.epoch;
    this.#events.other({ case: "epochStarted", value: { epoch: body.epoch, reason: body.reason, previousEpoch } });
    return RejectReason.UNSPECIFIED;
  }

  #openLog(reader: CommandReader): RejectReason {
    const body = this.#body(reader, OpenLogSchema);
    if (body === undefined || body.venue.length > ACCOUNT_NAME_LENGTH_MAX) return RejectReason.MALFORMED_COMMAND;
    if (this.seq !== 1) return RejectReason.ALREADY_EXISTS;
    this.epoch = body.epoch;
    this.venue = body.venue;
    this.#events.other({ case: "logOpened", value: { epoch: body.epoch, venue: body.venue } });
    return RejectReason.UNSPECIFIED;
  }

  #listAsset(reader: CommandReader): RejectReason {
    const asset = this.#body(reader, ListAssetSchema)?.asset;
    if (asset === undefined || asset.assetId !== 0) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkAsset(asset);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const listed = this.markets.addAsset(asset);
    this.ledger.reserve(this.accounts.count, this.markets.assets.length);
    this.venueVersion = this.seq;
    this.#events.other({ case: "assetListed", value: { asset: listed } });
    return RejectReason.UNSPECIFIED;
  }

  #listMarket(reader: CommandReader): RejectReason {
    const market = this.#body(reader, ListMarketSchema)?.market;
    if (market === undefined || market.marketId !== 0) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkMarket(market);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const listed = this.markets.addMarket(market);
    this.accounts.reserveMarkets(this.markets.markets.length);
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketListed", value: { market: marketMessage(listed) } });
    return RejectReason.UNSPECIFIED;
  }

  #updateMarket(reader: CommandReader): RejectReason {
    const body = this.#body(reader, UpdateMarketSchema)?.market;
    if (body === undefined) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkUpdate(body);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const market = this.markets.markets[body.marketId - 1] as Market;
    Object.assign(market, rulesOf(body));
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketUpdated", value: { market: marketMessage(market) } });
    return RejectReason.UNSPECIFIED;
  }

  #setFeeTier(reader: CommandReader): RejectReason {
    const body = this.#body(reader, SetFeeTierSchema);
    if (body === undefined || body.tier > FEE_TIER_MAX) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.feeTier[row] = body.tier;
    this.#events.other({ case: "feeTierChanged", value: { accountId: body.targetAccountId, tier: body.tier } });
    return RejectReason.UNSPECIFIED;
  }

  #setTradeGroup(reader: CommandReader): RejectReason {
    const body = this.#body(reader, SetTradeGroupSchema);
    if (body === undefined || body.tradeGroupId > BigInt(EXACT_MAX)) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.tradeGroup[row] = Number(body.tradeGroupId);
    this.#events.other({ case: "tradeGroupChanged", value: { accountId: body.targetAccountId, tradeGroupId: body.tradeGroupId } });
    return RejectReason.UNSPECIFIED;
  }

  #setMarketStatus(reader: CommandReader): RejectReason {
    const body = this.#body(reader, SetMarketStatusSchema);
    if (body === undefined) return RejectReason.MALFORMED_COMMAND;
    const market = this.markets.byId(body.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    if (!mayBecome(market, body.status)) return RejectReason.UNSUPPORTED_COMBINATION;
    market.status = body.status;
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketStatusChanged", value: { marketId: market.id, status: market.status } });
    if (market.status === MarketStatus.AUCTION) {
      market.auction ??= openAuction(this.orders, market);
      market.auction.changed = true;
    } else if (market.status === MarketStatus.TRADING && market.auction !== undefined) this.trading.endAuction(market, this.seq, this.timeUs);
    return RejectReason.UNSPECIFIED;
  }

  #openAccount(reader: CommandReader): RejectReason {
    const body = this.#body(reader, OpenAccountSchema);
    if (body === undefined || body.externalId === "" || body.externalId.length > EXTERNAL_ID_LENGTH_MAX || body.name.length > ACCOUNT_NAME_LENGTH_MAX) {
      return RejectReason.MALFORMED_COMMAND;
    }
    const known = this.accounts.findExternal(body.externalId);
    if (known < 0 && this.accounts.count >= ACCOUNTS_MAX) return RejectReason.ACCOUNT_LIMIT_REACHED;
    const row = known >= 0 ? known : this.accounts.open(body.externalId, body.name);
    this.ledger.reserve(this.accounts.count, this.markets.assets.length);
    this.#events.other({
      case: "accountOpened",
      value: { accountId: BigInt(row + 1), externalId: body.externalId, name: this.accounts.names[row] as string, created: known < 0 },
    });
    return RejectReason.UNSPECIFIED;
  }

  #setAccountFrozen(reader: CommandReader): RejectReason {
    const body = this.#body(reader, SetAccountFrozenSchema);
    if (body === undefined) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.frozen[row] = body.frozen ? 1 : 0;
    this.#events.other({ case: "accountFrozenChanged", value: { accountId: body.targetAccountId, frozen: body.frozen } });
    return RejectReason.UNSPECIFIED;
  }

  #deposit(reader: CommandReader): RejectReason {
    const body = this.#body(reader, DepositSchema);
    const row = this.accounts.row(reader.accountId);
    const reason = this.#checkTransfer(row, body);
    if (reason !== RejectReason.UNSPECIFIED || body === undefined) return reason;
    const asset = body.assetId - 1;
    if (this.ledger.issuedUnits(asset) + body.amountUnits > ASSET_TOTAL_MAX) return RejectReason.BALANCE_OVERFLOW;

    // Nothing below can fail.

    this.accounts.transferIds.add(row, body.transferId);
    if (body.pending) this.#announce(row, body, TransferDirection.DEPOSIT);
    else this.#post(row, body.transferId, { direction: TransferDirection.DEPOSIT, asset, units: Number(body.amountUnits) }, false);
    return RejectReason.UNSPECIFIED;
  }

  #withdraw(reader: CommandReader): RejectReason {
    const body = this.#body(reader, WithdrawSchema);
    const row = this.accounts.row(reader.accountId);
    const reason = this.#checkTransfer(row, body);
    if (reason !== RejectReason.UNSPECIFIED || body === undefined) return reason;
    if (this.accounts.frozen[row] !== 0) return RejectReason.ACCOUNT_FROZEN;
    const asset = body.assetId - 1;
    if (!this.ledger.covers(row, asset, Number(body.amountUnits))) return RejectReason.INSUFFICIENT_BALANCE;

    // Nothing below can fail.

    this.accounts.transferIds.add(row, body.transferId);
    if (body.pending) {
      this.ledger.hold(row, asset, Number(body.amountUnits));
      this.#announce(row, body, TransferDirection.WITHDRAWAL);
    } else this.#post(row, body.transferId, { direction: TransferDirection.WITHDRAWAL, asset, units: Number(body.amountUnits) }, false);
    return RejectReason.UNSPECIFIED;
  }

  // Posts or voids a transfer that was announced.
  #resolveTransfer(reader: CommandReader): RejectReason {
    const body = this.#body(reader, ResolveTransferSchema);
    if (body === undefined) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    const pending = this.accounts.pendingTransfer(row, body.transferId);
    if (pending === undefined) return RejectReason.UNKNOWN_TRANSFER;
    const { direction, asset, units } = pending;
    const comes = direction === TransferDirection.DEPOSIT;
    if (body.post && comes && this.ledger.issuedUnits(asset) + BigInt(units) > ASSET_TOTAL_MAX) return RejectReason.BALANCE_OVERFLOW;

    // Nothing below can fail.

    this.accounts.resolve(row, body.transferId);
    if (body.post) {
      this.#post(row, body.transferId, pending, true);
      return RejectReason.UNSPECIFIED;
    }
    if (!comes) this.ledger.release(row, asset, units);
    const value = { accountId: BigInt(row + 1), assetId: asset + 1, amountUnits: BigInt(units), transferId: body.transferId, direction };
    this.#events.other({ case: "transferVoided", value });
    return RejectReason.UNSPECIFIED;
  }

  #announce(row: number, body: { assetId: number; amountUnits: bigint; transferId: string }, direction: TransferDirection): void {
    const { assetId, amountUnits, transferId } = body;
    this.accounts.announce(row, transferId, { direction, asset: assetId - 1, units: Number(amountUnits) });
    this.#events.other({ case: "transferPending", value: { accountId: BigInt(row + 1), assetId, amountUnits, transferId, direction } });
  }

  // The units come or go; a withdrawal that was pending has them held.
  #post(row: number, transferId: string, { direction, asset, units }: PendingTransfer, wasPending: boolean): void {
    const value = { accountId: BigInt(row + 1), assetId: asset + 1, amountUnits: BigInt(units), transferId };
    if (direction === TransferDirection.DEPOSIT) {
      this.ledger.deposit(row, asset, units);
      this.#events.other({ case: "depositPosted", value });
      return;
    }
    if (wasPending) this.ledger.withdrawHeld(row, asset, units);
    else this.ledger.withdraw(row, asset, units);
    this.#events.other({ case: "withdrawalPosted", value });
  }

  #checkTransfer(row: number, body: { assetId: number; amountUnits: bigint; transferId: string } | undefined): RejectReason {
    if (body === undefined || body.transferId === "" || body.transferId.length > TRANSFER_ID_LENGTH_MAX) return RejectReason.MALFORMED_COMMAND;
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (this.accounts.transferIds.has(row, body.transferId)) return RejectReason.DUPLICATE_TRANSFER;
    if (this.markets.assets[body.assetId - 1] === undefined) return RejectReason.UNKNOWN_ASSET;
    if (body.amountUnits < 1n || body.amountUnits > BigInt(EXACT_MAX)) return RejectReason.AMOUNT_OUT_OF_RANGE;
    return RejectReason.UNSPECIFIED;
  }

  // The body of a rare command; undefined when its bytes are not one, or say more than this engine understands.
  #body<Desc extends DescMessage>(reader: CommandReader, schema: Desc): MessageShape<Desc> | undefined {
    try {
      const body = fromBinary(schema, reader.bytes.subarray(reader.bodyAt, reader.bodyEnd));
      return body.$unknown === undefined ? body : undefined;
    } catch {
      return undefined;
    }
  }
}

// Printable ASCII: it becomes part of a channel's name.
function isIngressId(bytes: Uint8Array, from: number, length: number): boolean {
  if (length > INGRESS_ID_LENGTH_MAX) return false;
  for (let i = from; i < from + length; i++) {
    const c = bytes[i] as number;
    if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) return false;
  }
  return true;
}

// A venue for tests: one engine, one market where a tick, a lot and their notional are one unit each, and a small
// language for orders, so that a test reads as a table of commands with a picture of the book.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandSchema, type PlaceOrderSchema } from "../../../gen/tickwire/v1/command_pb.ts";
import type { Event, EventBatch } from "../../../gen/tickwire/v1/event_pb.ts";
import { ServerBatchSchema, type ServerBatch } from "../../../gen/tickwire/v1/server_pb.ts";
import { ExpiryReason, MarketStatus, OrderListStatus, OrderListType, OrderType, PegType, RejectReason, SelfTradePreventionMode, Side, TimeInForce, type FeeTierSchema, type Market } from "../../../gen/tickwire/v1/types_pb.ts";
import type { Engine } from "../engine.ts";
import { FreezeArea } from "../freezeArea.ts";
import { freeze, frozenView } from "../frozenState.ts";
import { restoreSnapshot, snapshotOf, stateHash, takeSnapshot } from "../snapshot.ts";
import { FastUnderTest, isFastUnderTest, openEngine, type BookEntry } from "../suite/engineUnderTest.ts";

/** Marks a test that looks into the fast engine, and so cannot be asked of the naive one. */
export const FAST_ONLY = { skip: !isFastUnderTest() } as const;

export type CommandInit = MessageInitShape<typeof CommandSchema>;
type Body = NonNullable<CommandInit["body"]>;

export const BASE = 1;
export const QUOTE = 2;
export const MARKET = 1;

type MarketRulesInit = Partial<Omit<Market, "$typeName" | "$unknown" | "feeTiers">> & { readonly feeTiers?: MessageInitShape<typeof FeeTierSchema>[] };

export interface VenueOptions {
  readonly makerFeePpm?: number;
  readonly takerFeePpm?: number;
  readonly maxNumOrders?: number;
  readonly maxNotionalUnits?: bigint;
  readonly maxPriceTicks?: bigint;
  readonly minNotionalUnits?: bigint;
  /** Any other rule of the market. */
  readonly rules?: MarketRulesInit;
}

/** The name of an enum's value: generated enums have no way back. */
export const nameOf = (values: Readonly<Record<string, number>>, value: number): string => Object.entries(values).find(([, v]) => v === value)?.[0] ?? String(value);

/** Encodes one log entry. */
export function entryBytes(commands: readonly CommandInit[], timeUs = 1_000n, ingressId = "test-1"): Uint8Array {
  const numbered = commands.map((command, i) => ({ requestNo: BigInt(i + 1), ...command }));
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId, timeUs, commands: numbered }));
}

/** The commands that open a test venue with the house account. */
export function openingCommands(options: VenueOptions = {}): CommandInit[] {
  const bodies: Body[] = [
    { case: "openLog", value: { epoch: 7, venue: "Test" } },
    { case: "listAsset", value: { asset: { code: "BASE", name: "Base", scale: 0 } } },
    { case: "listAsset", value: { asset: { code: "QUOTE", name: "Quote", scale: 0 } } },
    {
      case: "listMarket",
      value: {
        market: {
          symbol: "BASEQUOTE",
          baseAssetId: BASE,
          quoteAssetId: QUOTE,
          tickSizeUnits: 1n,
          lotSizeUnits: 1n,
          makerFeePpm: options.makerFeePpm ?? 0,
          takerFeePpm: options.takerFeePpm ?? 0,
          minPriceTicks: 1n,
          maxPriceTicks: options.maxPriceTicks ?? 1_000_000_000n,
          minQuantityLots: 1n,
          maxQuantityLots: 1_000_000_000n,
          maxMarketQuantityLots: 1_000_000n,
          minNotionalUnits: options.minNotionalUnits ?? 1n,
          maxNotionalUnits: options.maxNotionalUnits ?? BigInt(Number.MAX_SAFE_INTEGER),
          maxNumOrders: options.maxNumOrders ?? 1_000,
          ...options.rules,
        },
      },
    },
    { case: "openAccount", value: { externalId: "house", name: "House" } },
  ];
  return bodies.map((body) => ({ body }));
}

const PICTURE = /^(ask|bid|empty|collected)/;

const modeOf = (word: string | undefined): SelfTradePreventionMode =>
  word === undefined ? SelfTradePreventionMode.UNSPECIFIED : (SelfTradePreventionMode[word.toUpperCase() as keyof typeof SelfTradePreventionMode] ?? SelfTradePreventionMode.UNSPECIFIED);

export class TestVenue {
  /** The fast engine, or the naive one. */
  readonly under = openEngine();
  timeUs = 1_000n;
  /** What the last entry came to. */
  batch: EventBatch;
  marketData: ServerBatch[] = [];
  readonly log: Uint8Array[] = [];
  readonly #accounts = new Map<string, bigint>();
  #names = 0;

  constructor(options: VenueOptions = {}) {
    this.batch = this.apply(openingCommands(options));
  }

  /** The fast engine itself, for a test that is FAST_ONLY. */
  get engine(): Engine {
    if (!(this.under instanceof FastUnderTest)) throw new Error("this test looks into the fast engine: mark it FAST_ONLY");
    return this.under.engine;
  }

  set engine(engine: Engine) {
    if (this.under instanceof FastUnderTest) this.under.engine = engine;
  }

  /** @throws Error unless a snapshot, taken of the state or of a copy of it, restores to the same state; the naive engine has no way back from one. */
  restores(): void {
    if (!isFastUnderTest()) return;
    for (const bytes of [takeSnapshot(this.engine), snapshotOf(frozenView(freeze(this.engine, new FreezeArea()))).bytes]) {
      if (Buffer.compare(stateHash(restoreSnapshot(bytes)), stateHash(this.engine)) !== 0) throw new Error("a restored engine has another state");
    }
  }

  /** @throws Error unless the log, played again, gives the same state. */
  replays(): void {
    const again = openEngine();
    for (const bytes of this.log) again.applyEntry(bytes);
    if (Buffer.compare(again.stateHash(), this.under.stateHash()) !== 0) throw new Error("the same log gave another state");
  }

  /** Applies one entry; every invariant is checked after it. */
  apply(commands: readonly CommandInit[]): EventBatch {
    return this.applyBytes(entryBytes(commands, this.timeUs));
  }

  applyBytes(bytes: Uint8Array): EventBatch {
    this.log.push(bytes);
    this.under.applyEntry(bytes);
    this.under.check();
    this.batch = this.under.batch();
    const feeds = this.under instanceof FastUnderTest ? (this.under.applied?.marketData ?? []) : [];
    this.marketData = feeds.map(({ bytes: data }) => fromBinary(ServerBatchSchema, data));
    return this.batch;
  }

  /** Applies one command and answers its events. */
  do(accountId: bigint, body: Body, deadlineUs = 0n): Event[] {
    return this.apply([{ accountId, deadlineUs, body }]).groups[0]?.events ?? [];
  }

  /** The account of this name, opened with plenty of both assets at its first mention. */
  account(name: string, base = 1_000_000n, quote = 1_000_000_000n): bigint {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const [event] = this.do(0n, { case: "openAccount", value: { externalId: name, name } });
    if (event?.body.case !== "accountOpened") throw new Error("the account was not opened");
    const id = event.body.value.accountId;
    this.#accounts.set(name, id);
    if (base > 0n) this.do(id, { case: "deposit", value: { assetId: BASE, amountUnits: base, transferId: "base" } });
    if (quote > 0n) this.do(id, { case: "deposit", value: { assetId: QUOTE, amountUnits: quote, transferId: "quote" } });
    return id;
  }

  /** "available/held" of an account's base and quote balances. */
  balances(name: string): string {
    const id = Number(this.account(name));
    const text = (asset: number): string => this.under.balance(id, asset).join("/");
    return `${text(BASE)} ${text(QUOTE)}`;
  }

  /**
   * Runs one line: `alice sells 5 @ 101 [gtc|ioc|fok|gtd 5000|maker [slides]] [stp expire_taker] [as id]`, `bob buys 5`, `bob buys for 500`,
   * `alice sells 5 stop 90`, `bob buys 5 @ 80 take 81`, `bob sells 5 trail 100 [profit]`, `bob sells 9 @ 101 show 2`, `bob buys 5 [stop 110] peg [primary] [behind 2]`,
   * `alice cancels id`, `alice cancels all`, `alice amends id [to 3] [@ 99 [maker]]`, `venue goes HALT`. Answers what came of it, in words.
   */
  say(line: string): string {
    const words = line.trim().split(/\s+/);
    const [name = "", verb = ""] = words;
    if (name === "venue") {
      const status = MarketStatus[words[2] as keyof typeof MarketStatus];
      return this.#tell(this.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status } }));
    }
    const accountId = this.account(name);
    if (verb === "amends") {
      const after = (word: string): bigint => BigInt(words.includes(word) ? (words[words.indexOf(word) + 1] ?? 0) : 0);
      return this.#tell(this.do(accountId, { case: "amendOrder", value: { marketId: MARKET, clientOrderId: words[2] ?? "", newQuantityLots: after("to"), newPriceTicks: after("@"), postOnly: words.includes("maker") } }));
    }
    if (verb === "cancels") {
      if (words[2] === "all") return this.#tell(this.do(accountId, { case: "cancelAllOrders", value: { marketId: MARKET } }));
      return this.#tell(this.do(accountId, { case: "cancelOrder", value: { marketId: MARKET, clientOrderId: words[2] ?? "" } }));
    }
    if (verb === "lists") return this.#sayList(accountId, line);
    return this.#tell(this.do(accountId, { case: "placeOrder", value: this.#order(words) }));
  }

  // `alice lists oco as id: sells 5 @ 110 maker as a | sells 5 stop 90 as b`
  #sayList(accountId: bigint, line: string): string {
    const [head = "", rest = ""] = line.split(":");
    const [name = "", , kind = "", , id = ""] = head.trim().split(/\s+/);
    const type = kind === "oco" ? OrderListType.OCO : kind === "oto" ? OrderListType.OTO : OrderListType.OTOCO;
    const orders = rest.split("|").map((order) => this.#order([name, ...order.trim().split(/\s+/)]));
    return this.#tell(this.do(accountId, { case: "placeOrderList", value: { type, clientOrderListId: id, orders } }));
  }

  #order(words: readonly string[]): MessageInitShape<typeof PlaceOrderSchema> {
    const [, verb = ""] = words;
    const after = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
    const price = after("@");
    const quote = after("for");
    const maker = words.includes("maker");
    const stop = after("stop");
    const take = after("take");
    const trail = after("trail");
    const waits = stop !== undefined || take !== undefined || trail !== undefined;
    const takes = take !== undefined || words.includes("profit");
    const unpriced = price === undefined && !words.includes("peg");
    const waitingType = unpriced ? (takes ? OrderType.TAKE_PROFIT : OrderType.STOP_LOSS) : takes ? OrderType.TAKE_PROFIT_LIMIT : OrderType.STOP_LOSS_LIMIT;
    const type = waits ? waitingType : maker ? OrderType.LIMIT_MAKER : unpriced ? OrderType.MARKET : OrderType.LIMIT;
    const timeInForce = words.includes("ioc") ? TimeInForce.IOC : words.includes("fok") ? TimeInForce.FOK : words.includes("gtd") ? TimeInForce.GTD : TimeInForce.GTC;
    return {
      marketId: MARKET,
      side: verb === "buys" ? Side.BUY : Side.SELL,
      type,
      timeInForce: (price !== undefined || words.includes("peg")) && !maker ? timeInForce : TimeInForce.UNSPECIFIED,
      priceTicks: BigInt(price ?? 0),
      quantityLots: quote === undefined ? BigInt(words[2] ?? 0) : 0n,
      quoteOrderUnits: BigInt(quote ?? 0),
      expireTimeUs: BigInt(after("gtd") ?? 0),
      selfTradePreventionMode: modeOf(after("stp")),
      stopPriceTicks: BigInt(stop ?? take ?? 0),
      trailingDeltaBips: Number(trail ?? 0),
      icebergLots: BigInt(after("show") ?? 0),
      pegType: words.includes("primary") ? PegType.PRIMARY : words.includes("peg") ? PegType.MARKET : PegType.UNSPECIFIED,
      pegOffsetLevels: Number(after("behind") ?? 0),
      postOnlySlide: words.includes("slides"),
      clientOrderId: after("as") ?? `auto-${++this.#names}`,
    };
  }

  #tell(events: readonly Event[]): string {
    const told: string[] = [];
    for (const { body } of events) {
      switch (body.case) {
        case "orderAccepted":
          told.push("accepted");
          break;
        case "orderRejected":
        case "amendRejected":
        case "cancelRejected":
        case "commandRejected":
          told.push(`rejected ${nameOf(RejectReason, body.value.reason)}`);
          break;
        case "orderAmended":
          told.push(body.value.keptPriority ? "amended in place" : "amended");
          break;
        case "auctionUncrossed":
          told.push(body.value.quantityLots === 0n ? "uncrossed nothing" : `uncrossed ${body.value.quantityLots} @ ${body.value.priceTicks}`);
          break;
        case "tradePrevented":
          told.push(`prevented ${body.value.preventedLots} @ ${body.value.priceTicks}`);
          break;
        case "tradeExecuted":
          told.push(`${body.value.quantityLots} @ ${body.value.priceTicks}`);
          break;
        case "orderListChanged":
          told.push(body.value.list?.status === OrderListStatus.ALL_DONE ? "list done" : "list");
          break;
        case "orderTriggered":
          told.push(`woken ${body.value.order?.clientOrderId}`);
          break;
        case "orderCanceled":
          told.push(`canceled ${body.value.order?.clientOrderId}`);
          break;
        case "orderExpired":
          told.push(`expired ${nameOf(ExpiryReason, body.value.order?.expiryReason ?? 0)}`);
          break;
        default:
      }
    }
    return told.join(", ");
  }

  /**
   * The book: asks from the top down, then bids; per level the open lots of its orders, oldest first. Then, in the same
   * way, what an auction has collected.
   */
  picture(): string {
    const collected = levels(this.under.collected(MARKET)).map((row) => `collected ${row}`);
    return [...levels(this.under.book(MARKET)), ...collected].join("\n");
  }

  /**
   * Runs a table: each row `command -> outcome`, rows starting with `ask`, `bid` or `collected` are the picture of the book at that
   * point (all of them until the next command), `empty book` means no level.
   */
  table(text: string, expectEqual: (actual: string, expected: string, row: string) => void): void {
    const rows = text.split("\n").map((row) => row.trim()).filter((row) => row !== "");
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? "";
      if (PICTURE.test(row)) {
        const picture: string[] = [];
        while (PICTURE.test(rows[i] ?? "")) picture.push(rows[i++] ?? "");
        i--;
        expectEqual(this.picture(), picture.join("\n").replace("empty book", ""), `picture before row ${i + 2}`);
        continue;
      }
      const [command = "", outcome = ""] = row.split("->").map((part) => part.trim());
      expectEqual(this.say(command), outcome, row);
    }
  }
}

// Asks from the top down, then bids.
function levels(entries: readonly BookEntry[]): string[] {
  const rows = new Map<string, number[]>();
  for (const { buys, priceTicks, lots } of entries) {
    const level = `${buys ? "bid" : "ask"} ${priceTicks}`;
    rows.set(level, [...(rows.get(level) ?? []), lots]);
  }
  const told = [...rows].map(([level, lots]) => `${level}: ${lots.join(" ")}`);
  return [...told.filter((row) => row.startsWith("ask")).reverse(), ...told.filter((row) => row.startsWith("bid"))];
}

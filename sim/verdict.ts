// The judgement over one run, once everything is at rest: what clients were told, what the logs hold, what the engine,
// the recorder and the feeds have come to. All that is wrong is told, not only the first of it.
import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CommandBatchSchema } from "../gen/tickwire/v1/command_pb.ts";
import { EventBatchSchema, EventGroupSchema, type EventBatch } from "../gen/tickwire/v1/event_pb.ts";
import { checkCalls, type CallCounts } from "../crash/checker/calls.ts";
import { EventFold, type LoggedEntry } from "../crash/checker/eventFold.ts";
import { Findings } from "../crash/checker/findings.ts";
import { checkLiveState, type LiveState } from "../crash/checker/liveState.ts";
import { checkAgainstModel } from "../crash/checker/modelReplay.ts";
import { checkInvariants } from "../services/engine/checks.ts";
import { Engine } from "../services/engine/engine.ts";
import { answer } from "../services/engine/queries.ts";
import { stateHash } from "../services/engine/snapshot.ts";
import type { Outcome } from "../services/shared/trading/ingress.ts";
import type { ClientRecord } from "./clients/trader.ts";
import type { FeedWitness, GatewayPart } from "./parts/gatewayPart.ts";
import type { Stream } from "./redis/dataset.ts";
import type { SimulatedDatabase } from "./world/database.ts";

export interface Evidence {
  readonly commands: Stream;
  readonly events: Stream;
  readonly record: ClientRecord;
  readonly engine: Engine;
  readonly gateway: GatewayPart;
  readonly database: SimulatedDatabase;
}

export interface Verdict {
  readonly findings: readonly string[];
  readonly counts: CallCounts;
  readonly entries: number;
  readonly commands: number;
  readonly trades: number;
  readonly stateHash: string;
}

export function judge(evidence: Evidence): Verdict {
  const findings = new Findings();
  const problems: string[] = [];
  const fold = new EventFold(findings);
  const entries = bothLogs(evidence, problems);
  for (const entry of entries) fold.take(entry);
  fold.finish();
  const counts = checkCalls(fold, evidence.record.calls, findings);
  const batches = entries.map(({ events }) => fromBinary(EventBatchSchema, events));
  checkTold(evidence.record.told, batches, problems);
  checkAppendedOnce(entries, problems);

  const accountIds = [...fold.externalIds.values()];
  checkLiveState(fold, liveState(evidence.engine, accountIds, [...fold.markets.keys()]), new Set(accountIds), findings);
  const modelled = checkAgainstModel(entries, fold, Number.POSITIVE_INFINITY, findings);
  if (!modelled.complete && findings.count("model") === 0) problems.push("the model did not come to the end of the log");
  checkReplay(entries, evidence.engine, problems);
  checkRecorded(fold, batches, evidence.database, problems);
  checkFeeds(fold, evidence.engine, evidence.gateway, problems);
  return {
    findings: [...findings.samples, ...problems],
    counts,
    entries: entries.length,
    commands: fold.commands,
    trades: fold.trades,
    stateHash: Buffer.from(stateHash(evidence.engine)).toString("hex"),
  };
}

function bothLogs({ commands, events }: Evidence, problems: string[]): LoggedEntry[] {
  const answers = new Map(events.entries.map(({ id, fields }) => [id, fields[1] as Buffer]));
  if (events.entries.length !== commands.entries.length) problems.push(`the command log has ${commands.entries.length} entries, the event log ${events.entries.length}`);
  return commands.entries.flatMap(({ id, fields }) => {
    const answer = answers.get(id);
    return answer === undefined ? [] : [{ entry: id, command: fields[1] as Buffer, events: answer }];
  });
}

// Every answer that reached a client is, byte for byte, what the event log holds of that command.
function checkTold(told: readonly Outcome[], batches: readonly EventBatch[], problems: string[]): void {
  const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  for (const { epoch, entry, group } of told) {
    const batch = batches[Number(entry) - 1];
    const logged = batch?.groups.find(({ seq }) => seq === group.seq);
    if (batch === undefined || batch.epoch !== epoch || logged === undefined) problems.push(`a client was told of seq ${group.seq} in entry ${entry}, which is not in the event log`);
    else if (digest(toBinary(EventGroupSchema, logged)) !== digest(toBinary(EventGroupSchema, group))) problems.push(`a client was told otherwise of seq ${group.seq} than the event log has it`);
  }
}

// One request of one ingress is in the log once or not at all.
function checkAppendedOnce(entries: readonly LoggedEntry[], problems: string[]): void {
  const seen = new Map<string, number>();
  for (const { entry, command } of entries) {
    const { ingressId, commands } = fromBinary(CommandBatchSchema, command);
    for (const { requestNo } of commands) {
      const key = `${ingressId}/${requestNo}`;
      const before = seen.get(key);
      if (before !== undefined && !ingressId.startsWith("engine")) problems.push(`request ${key} is in entries ${before} and ${entry}`);
      seen.set(key, entry);
    }
  }
}

function liveState(engine: Engine, accountIds: readonly number[], marketIds: readonly number[]): LiveState {
  const balances: LiveState["balances"][number][] = [];
  const openOrders: LiveState["openOrders"][number][] = [];
  for (const accountId of accountIds) {
    const { case: kind, value } = answer(engine, { case: "account", value: { accountId: BigInt(accountId) } as never });
    if (kind !== "account") continue;
    for (const { assetId, availableUnits, heldUnits } of value.balances ?? []) balances.push({ accountId, assetId: assetId ?? 0, available: availableUnits ?? 0n, held: heldUnits ?? 0n });
    openOrders.push(...((value.openOrders ?? []) as LiveState["openOrders"]));
  }
  const books = marketIds.map((marketId) => {
    const { case: kind, value } = answer(engine, { case: "bookByOrder", value: { marketId, depth: 0 } as never });
    const side = (orders: readonly { orderId?: bigint; priceTicks?: bigint; quantityLots?: bigint }[] | undefined) =>
      (orders ?? []).map(({ orderId, priceTicks, quantityLots }) => ({ orderId: Number(orderId), priceTicks: Number(priceTicks), quantityLots: Number(quantityLots) }));
    return kind === "bookByOrder" ? { marketId, bids: side(value.bids), asks: side(value.asks) } : { marketId, bids: [], asks: [] };
  });
  return { entry: engine.entry, balances, openOrders, books };
}

// A new engine that is given the whole log says and becomes the same.
function checkReplay(entries: readonly LoggedEntry[], live: Engine, problems: string[]): void {
  const engine = new Engine();
  for (const { entry, command, events } of entries) {
    if (Buffer.compare(engine.applyEntry(command, entry).events, events) !== 0) {
      problems.push(`a replay answers entry ${entry} with other bytes`);
      return;
    }
  }
  if (Buffer.compare(stateHash(engine), stateHash(live)) !== 0) problems.push("a replay of the whole log comes to another state than the engine has");
  for (const each of [engine, live]) {
    try {
      checkInvariants(each);
    } catch (error) {
      problems.push(String(error));
    }
  }
}

// Every event once in the recorder's tables, nothing besides, and candles that add up to the trades.
function checkRecorded(fold: EventFold, batches: readonly EventBatch[], database: SimulatedDatabase, problems: string[]): void {
  const { position } = database;
  if (position?.entry !== BigInt(fold.entries)) problems.push(`the recorder stands at entry ${position?.entry} of ${fold.entries}`);
  const trades = new Map(database.rows("history.trades").map((row) => [`${row["market_id"]}/${row["trade_id"]}`, row]));
  const changes = new Map(database.rows("history.balance_changes").map((row) => [`${row["account_id"]}/${row["balance_seq"]}`, row]));
  const orders = new Map(database.rows("history.orders").map((row) => [Number(row["order_id"]), row]));
  const expected = { trades: 0, changes: 0, lots: new Map<number, bigint>() };
  for (const { groups } of batches) {
    for (const { seq, events } of groups) {
      for (const { body } of events) {
        if (body.case === "tradeExecuted") {
          const { marketId, tradeId, quantityLots, priceTicks } = body.value;
          expected.trades++;
          expected.lots.set(marketId, (expected.lots.get(marketId) ?? 0n) + quantityLots);
          const row = trades.get(`${marketId}/${tradeId}`);
          if (row?.["seq"] !== String(seq) || row["quantity_lots"] !== String(quantityLots) || row["price_ticks"] !== String(priceTicks)) problems.push(`trade ${tradeId} of market ${marketId} is not recorded as it was`);
        } else if (body.case === "balanceChanged") {
          const { accountId, balanceSeq, availableUnits, heldUnits } = body.value;
          expected.changes++;
          const row = changes.get(`${accountId}/${balanceSeq}`);
          if (row?.["seq"] !== String(seq) || row["available_units"] !== String(availableUnits) || row["held_units"] !== String(heldUnits)) problems.push(`balance change ${balanceSeq} of account ${accountId} is not recorded as it was`);
        }
      }
    }
  }
  if (trades.size !== expected.trades) problems.push(`${trades.size} trades are recorded of ${expected.trades}`);
  if (changes.size !== expected.changes) problems.push(`${changes.size} balance changes are recorded of ${expected.changes}`);
  if (orders.size !== fold.orders.size) problems.push(`${orders.size} orders are recorded of ${fold.orders.size}`);
  for (const { orderId, status, executedLots, lastSeq } of fold.orders.values()) {
    const row = orders.get(orderId);
    if (row?.["status"] !== String(status) || row["executed_lots"] !== String(executedLots) || row["last_seq"] !== String(lastSeq)) problems.push(`order ${orderId} is recorded with status ${row?.["status"]} at seq ${row?.["last_seq"]}; it has ${status} at ${lastSeq}`);
  }
  const transfers = database.rows("history.transfers").length;
  if (transfers !== fold.transfers.size) problems.push(`${transfers} transfers are recorded of ${fold.transfers.size}`);
  const lots = new Map<string, bigint>();
  for (const row of database.rows("history.candles")) {
    const key = `${row["market_id"]}/${row["interval"]}`;
    lots.set(key, (lots.get(key) ?? 0n) + BigInt(row["volume_lots"] ?? 0));
  }
  for (const [key, sum] of lots) {
    const traded = expected.lots.get(Number(key.split("/")[0])) ?? 0n;
    if (sum !== traded) problems.push(`the candles of ${key} (market/interval) add up to ${sum} lots of ${traded}`);
  }
}

// Every book that a client of the gateway has is the engine's book, every account its account, and on the way no rule
// of the wire was broken.
function checkFeeds(fold: EventFold, engine: Engine, gateway: GatewayPart, problems: string[]): void {
  const levels = (side: ReadonlyMap<bigint, bigint>): string => [...side].sort((a, b) => Number(a[0] - b[0])).join(" ");
  for (const [i, witness] of gateway.books.entries()) {
    problems.push(...witness.breaches.map((breach) => `feed ${i}: ${breach}`));
    for (const marketId of fold.markets.keys()) {
      const { case: kind, value } = answer(engine, { case: "book", value: { marketId, depth: 0 } as never });
      if (kind !== "book") continue;
      const truth = (ticks: readonly bigint[] | undefined, lots: readonly bigint[] | undefined): string => levels(new Map((ticks ?? []).map((price, level) => [price, lots?.[level] ?? 0n])));
      const seen = witness.books.get(marketId);
      if (seen === undefined) problems.push(`feed ${i} never told the book of market ${marketId}`);
      else if (seen.seq !== value.seq) problems.push(`feed ${i} has the book of market ${marketId} at seq ${seen.seq}, the engine at ${value.seq}`);
      else if (levels(seen.bids) !== truth(value.bidTicks, value.bidLots) || levels(seen.asks) !== truth(value.askTicks, value.askLots)) problems.push(`feed ${i} has another book of market ${marketId} than the engine, at the same seq`);
    }
  }
  for (const [accountId, witness] of gateway.accounts) checkAccountFeed(fold, accountId, witness, problems);
}

function checkAccountFeed(fold: EventFold, accountId: bigint, { account, breaches }: FeedWitness, problems: string[]): void {
  problems.push(...breaches.map((breach) => `feed of account ${accountId}: ${breach}`));
  if (account === undefined) {
    problems.push(`account ${accountId} was never told to its owner`);
    return;
  }
  const newest = fold.balanceEvents.get(Number(accountId)) ?? 0;
  if (account.balanceSeq !== BigInt(newest)) problems.push(`the feed of account ${accountId} has balance event ${account.balanceSeq} of ${newest}`);
  for (const [key, { available, held }] of fold.balances) {
    const [owner, assetId] = key.split("/").map(Number) as [number, number];
    if (BigInt(owner) !== accountId) continue;
    const seen = account.balances.get(assetId);
    if ((seen?.availableUnits ?? 0n) !== available || (seen?.heldUnits ?? 0n) !== held) problems.push(`the feed of account ${accountId} has another balance of asset ${assetId} than its history`);
  }
  const open = [...fold.orders.values()].filter((order) => order.open && BigInt(order.accountId) === accountId).map(({ orderId }) => BigInt(orderId));
  if (open.length !== account.openOrders.size || open.some((orderId) => !account.openOrders.has(orderId))) problems.push(`the feed of account ${accountId} has ${account.openOrders.size} open orders, its history ${open.length}`);
}

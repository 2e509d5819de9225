// One run: a whole private exchange under load, parts of it killed with SIGKILL at seeded random moments, and at the end
// the whole history judged against what every client was told.
//
// Never: touches the exchange but as its clients and a killer can. Invariant: whatever happens, the exchange is taken
// down and its data are removed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BookOrder } from "../gen/tickwire/v1/query_pb.ts";
import { PrivateExchange, type Account } from "../bench/privateExchange.ts";
import { RestClient } from "../bench/restClient.ts";
import { seededRandom } from "../bench/orderTape.ts";
import { connectDatabase, type Database } from "../services/shared/database/connection.ts";
import { recordedPosition } from "../services/shared/history/position.ts";
import { createLogger, type Logger } from "../services/shared/logger.ts";
import { HEARTBEAT_STALE_MS } from "../services/shared/heartbeat.ts";
import { Ingress } from "../services/shared/trading/ingress.ts";
import { checkCalls, type Call, type CallCounts } from "./checker/calls.ts";
import { EventFold } from "./checker/eventFold.ts";
import { Findings } from "./checker/findings.ts";
import { checkLiveState, type LiveBookOrder, type LiveState } from "./checker/liveState.ts";
import { checkAgainstModel, type ModelReplay } from "./checker/modelReplay.ts";
import { checkRecorded, type RecordedCounts } from "./checker/recorded.ts";
import { CrashError } from "./crashError.ts";
import { FeedWatcher } from "./feedClients.ts";
import { CALM_MAX_MS, CALM_MIN_MS, CATCH_UP_TIMEOUT_MS, HEALTH_POLL_MS, RECOVERY_POLL_MS, RECOVERY_TIMEOUT_MS, REST_CONNECTIONS, SECOND_KILL_EVERY, SECOND_KILL_WITHIN_MS, SNAPSHOT_TAKES_MS, SNAPSHOT_TIMEOUT_MS, SWEEPS_EVERY, TIMERS_FIRE_WITHIN_MS, TIMERS_MAX_MS } from "./limits.ts";
import { LogTail } from "./logTail.ts";
import { LogDoor, RestDoor } from "./orderDoors.ts";
import { MarketOperator } from "./marketOperator.ts";
import { OrderLoad, type CrashClient, type Rates } from "./orderLoad.ts";
import { MARKETS, OrderTape } from "./orderTape.ts";
import { privateServers, runFile } from "./privateServers.ts";
import { placeRestingCrowd } from "./restingCrowd.ts";
import { backAt, type Outside, type Target } from "./targets.ts";

export interface SiegeOptions {
  readonly rates: Rates;
  readonly clients: number;
  /** Socket clients that watch the books and their own account. */
  readonly watchers: number;
  /** Orders that rest beside the load. */
  readonly openOrders: number;
  /** With a second engine that follows. */
  readonly standby: boolean;
  readonly seed: number;
  /** For what the model may take at the end. */
  readonly modelMs: number;
  /** Progress, for people. */
  readonly say: (text: string) => void;
  /** Besides the exchange's own. */
  readonly variables?: NodeJS.ProcessEnv;
}

export interface Recovery {
  readonly target: Target;
  readonly ms: number;
  /** Killed a second time while it was starting; measured from the second kill. */
  readonly again: boolean;
}

export interface Verdict {
  readonly findings: Findings;
  readonly calls: CallCounts;
  readonly entries: number;
  readonly commands: number;
  readonly trades: number;
  readonly openOrders: number;
  /** Log entries that Redis had given up by the end: what the run survived without. */
  readonly trimmed: { readonly commands: number; readonly events: number };
  readonly recorded: RecordedCounts;
  readonly model: ModelReplay;
  readonly watchers: { readonly executions: number; readonly snapshots: number };
  readonly sentPerSecond: number;
  readonly skipped: number;
  readonly auctions: number;
  readonly said: Readonly<Record<string, number>>;
  /** Of each start of an engine that found something to replay. */
  readonly replayMs: readonly number[];
}

const DEPOSITS = { BTC: "10000", ETH: "100000", SOL: "1000000", USDT: "90000000" };

export class Siege {
  readonly recoveries: Recovery[] = [];
  kills = 0;
  readonly #options: SiegeOptions;
  readonly #exchange: PrivateExchange;
  readonly #random: () => number;
  readonly #rest: RestClient;
  readonly #ingress: Ingress;
  readonly #database: Database;
  readonly #tail: LogTail;
  readonly #load: OrderLoad;
  readonly #operator: MarketOperator;
  readonly #watchers: readonly FeedWatcher[];
  readonly #crowd: { readonly calls: readonly Call[]; readonly accounts: readonly number[] };
  readonly #accounts: readonly number[];
  readonly #outside: Outside;

  private constructor(parts: { options: SiegeOptions; exchange: PrivateExchange; rest: RestClient; ingress: Ingress; database: Database; tail: LogTail; load: OrderLoad; operator: MarketOperator; watchers: FeedWatcher[]; crowd: { calls: Call[]; accounts: number[] }; accounts: number[]; feedUrl: string }) {
    this.#options = parts.options;
    this.#exchange = parts.exchange;
    this.#random = seededRandom(parts.options.seed);
    this.#rest = parts.rest;
    this.#ingress = parts.ingress;
    this.#database = parts.database;
    this.#tail = parts.tail;
    this.#load = parts.load;
    this.#operator = parts.operator;
    this.#watchers = parts.watchers;
    this.#crowd = parts.crowd;
    this.#accounts = parts.accounts;
    this.#outside = { load: parts.load, tail: parts.tail, database: parts.database, feedUrl: parts.feedUrl };
  }

  /** Starts an exchange and everybody around it; the load begins. */
  static async lay(root: string, options: SiegeOptions): Promise<Siege> {
    process.env["TICKWIRE_LOG_LEVEL"] ??= "silent";
    const logger: Logger = createLogger("crash");
    const { say, clients, watchers, openOrders, seed } = options;
    const undo: (() => unknown)[] = [];
    try {
      const exchange = await PrivateExchange.start(root, ["--no-flow", "--no-web", ...(options.standby ? ["--standby"] : [])], { variables: { TICKWIRE_LOG_LEVEL: "info", TICKWIRE_REQUEST_WEIGHT_1M: "0", ...options.variables }, tell: () => undefined });
      undo.push(() => exchange.stop());
      say(`up after ${exchange.startSeconds} s`);
      const { redisUrl, databaseUrl } = privateServers(exchange.dataDir);
      const rest = new RestClient(exchange.apiPort, REST_CONNECTIONS);
      undo.push(() => rest.close());
      const ingress = await Ingress.open(redisUrl, "crash", logger);
      undo.push(() => ingress.close());
      const database = connectDatabase({ url: databaseUrl, service: "crash", connectionsMax: 2, logger });
      undo.push(() => database.end({ timeoutMs: 1_000 }));
      const tail = new LogTail(redisUrl, exchange.dataDir, logger);
      undo.push(() => tail.stop().then(() => tail.close()));
      const accounts: Account[] = [];
      for (let i = 0; i < clients; i++) accounts.push(await exchange.openAccount(`crash ${i + 1}`, DEPOSITS));
      const crowd = openOrders > 0 ? await placeRestingCrowd(ingress, openOrders, seed) : { calls: [], accounts: [] };
      if (openOrders > 0) {
        say(`${openOrders.toLocaleString("en")} orders rest in the books of ${crowd.accounts.length} accounts; waiting until a snapshot holds them`);
        await snapshotAfter(exchange.dataDir, Date.now());
      }
      const load = new OrderLoad(
        accounts.map((account, i): CrashClient => ({
          accountId: Number(account.accountId),
          tape: new OrderTape(`c${i + 1}`, seed * 1_000 + i, { sweeps: i % SWEEPS_EVERY === SWEEPS_EVERY - 1 }),
          rest: new RestDoor(rest, account),
          log: new LogDoor(ingress, BigInt(account.accountId)),
        })),
      );
      const feedUrl = `ws://127.0.0.1:${exchange.gatewayPort}/feed/v1`;
      const address = { feedUrl, apiUrl: `http://127.0.0.1:${exchange.apiPort}` };
      const screens = Array.from({ length: watchers }, (_, i) => new FeedWatcher(address, accounts[i % accounts.length] as Account));
      load.start(options.rates);
      const operator = new MarketOperator(ingress);
      const ids = accounts.map(({ accountId }) => Number(accountId));
      return new Siege({ options, exchange, rest, ingress, database, tail, load, operator, watchers: screens, crowd, accounts: ids, feedUrl });
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  /** The exchange's data directory and ports, for whoever wants to make things harder for it. */
  get exchange(): PrivateExchange {
    return this.#exchange;
  }
  get load(): OrderLoad {
    return this.#load;
  }

  /** Kills the target at a moment of the seed's choosing, once or twice, and waits until the exchange is whole again. */
  async kill(target: Target): Promise<void> {
    await sleep(CALM_MIN_MS + this.#random() * (CALM_MAX_MS - CALM_MIN_MS));
    let killed = await this.#killOnce(target, undefined);
    const again = this.#random() < 1 / SECOND_KILL_EVERY;
    if (again) {
      // As soon as it lives, and a little later: in the middle of its start, of the replay, of the first answers.
      killed = await this.#killOnce(target, killed.pid, this.#random() * SECOND_KILL_WITHIN_MS);
    }
    const ms = (await backAt(target, killed.atMs, this.#outside)) - killed.atMs;
    this.recoveries.push({ target, ms: Math.round(ms), again });
    await this.#whole(target, killed.pid);
  }

  async #killOnce(target: Target, not: number | undefined, afterMs = 0): Promise<{ pid: number; atMs: number }> {
    const pid = await this.#pidOf(target, not);
    await sleep(afterMs);
    const atMs = performance.now();
    process.kill(pid, "SIGKILL");
    this.kills++;
    return { pid, atMs };
  }

  /** The target's process, when it is another one than `not`. */
  async #pidOf(target: Target, not: number | undefined): Promise<number> {
    const deadlineMs = performance.now() + RECOVERY_TIMEOUT_MS;
    for (;;) {
      if (this.#exchange.gone) throw new CrashError(`The exchange has ended after ${this.kills} kills; its logs say why.`);
      const pid = target === "standby" ? leaderPid(this.#exchange.dataDir) : runFile(this.#exchange.dataDir).parts[target]?.pid;
      if (pid !== undefined && pid !== not) return pid;
      if (performance.now() > deadlineMs) throw new CrashError(`No new ${target} was started.`);
      await sleep(RECOVERY_POLL_MS);
    }
  }

  async #whole(target: Target, killedPid: number): Promise<void> {
    await this.#pidOf(target, killedPid);
    // Until then a dead engine's last heartbeat counts.
    if (this.#options.standby) await sleep(HEARTBEAT_STALE_MS);
    const deadlineMs = performance.now() + RECOVERY_TIMEOUT_MS;
    for (;;) {
      const { status, body } = await this.#rest.send("GET", "/healthz").catch(() => ({ status: 0, body: "" }));
      if (status === 200 && (!this.#options.standby || (JSON.parse(body) as { parts: { standby?: { up: boolean } } }).parts.standby?.up === true)) return;
      if (this.#exchange.gone) throw new CrashError(`The exchange has ended after ${this.kills} kills; its logs say why.`);
      if (performance.now() > deadlineMs) throw new CrashError(`The exchange was not whole ${RECOVERY_TIMEOUT_MS / 1_000} s after the ${target} was killed.`);
      await sleep(HEALTH_POLL_MS);
    }
  }

  /** Ends the load, waits until everything has settled, and judges the whole run. */
  async judge(): Promise<Verdict> {
    const { say } = this.#options;
    await this.#load.stop();
    await this.#operator.stop();
    await sleep(TIMERS_MAX_MS + TIMERS_FIRE_WITHIN_MS);
    const state = await this.#atRest();
    for (const watcher of this.#watchers) await this.#eventually("socket clients show what the engine shows", async () => Promise.resolve(watcher.agrees(state)), RECOVERY_TIMEOUT_MS).catch(() => undefined);
    const kept = await this.#tail.kept();
    const trimmed = { commands: this.#tail.commandEntry - kept.commands, events: this.#tail.eventEntry - kept.events };
    say("judging");

    const findings = new Findings();
    const fold = new EventFold(findings);
    for (const entry of this.#tail.entries()) fold.take(entry);
    fold.finish();
    const calls = checkCalls(fold, [...this.#crowd.calls, ...this.#load.calls], findings);
    checkLiveState(fold, state, new Set([...this.#accounts, ...this.#crowd.accounts]), findings);
    for (const watcher of this.#watchers) watcher.check(state, findings);
    const recorded = await checkRecorded(fold, this.#database, findings);
    const model = checkAgainstModel(this.#tail.entries(), fold, this.#options.modelMs, findings);
    return {
      findings,
      calls,
      entries: fold.entries,
      commands: fold.commands,
      trades: fold.trades,
      openOrders: state.openOrders.length,
      trimmed,
      recorded,
      model,
      watchers: { executions: this.#watchers.reduce((sum, w) => sum + w.executions, 0), snapshots: this.#watchers.reduce((sum, w) => sum + w.snapshots, 0) },
      sentPerSecond: this.#load.perSecond,
      skipped: this.#load.skipped,
      auctions: this.#operator.auctions,
      said: Object.fromEntries(this.#load.said),
      replayMs: replayTimes(this.#exchange.dataDir),
    };
  }

  // Everything answered and recorded, and nothing more on its way: a timer may be late on a busy machine.
  async #atRest(): Promise<LiveState> {
    for (;;) {
      await this.#tail.whenAnswered();
      const { eventEntry } = this.#tail;
      await this.#eventually("the recorder has caught up", async () => ((await recordedPosition(this.#database))?.entry ?? 0n) >= BigInt(eventEntry));
      const state = await this.#liveState();
      await this.#tail.whenAnswered();
      if (this.#tail.eventEntry === eventEntry && state.entry === eventEntry) return state;
    }
  }

  async #eventually(what: string, holds: () => Promise<boolean>, timeoutMs = CATCH_UP_TIMEOUT_MS): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!(await holds().catch(() => false))) {
      if (performance.now() > deadlineMs) throw new CrashError(`Waited in vain until ${what}.`);
      await sleep(HEALTH_POLL_MS);
    }
  }

  // Asked of the engine, one answer after the other: nothing moves any more.
  async #liveState(): Promise<LiveState> {
    const ingress = this.#ingress;
    const balances: LiveState["balances"][number][] = [];
    const openOrders: LiveState["openOrders"][number][] = [];
    let entry = 0;
    for (const accountId of [...this.#accounts, ...this.#crowd.accounts]) {
      const answer = await ingress.query({ case: "account", value: { accountId: BigInt(accountId) } });
      if (answer.body.case !== "account") throw new CrashError(`The engine does not know account ${accountId}.`);
      entry = Number(answer.entry);
      openOrders.push(...answer.body.value.openOrders);
      for (const { assetId, availableUnits, heldUnits } of answer.body.value.balances) balances.push({ accountId, assetId, available: availableUnits, held: heldUnits });
    }
    const books: LiveState["books"][number][] = [];
    const shown = (orders: readonly BookOrder[]): LiveBookOrder[] => orders.map(({ orderId, priceTicks, quantityLots }) => ({ orderId: Number(orderId), priceTicks: Number(priceTicks), quantityLots: Number(quantityLots) }));
    for (const { marketId } of MARKETS) {
      const { body } = await ingress.query({ case: "bookByOrder", value: { marketId, depth: 0 } });
      if (body.case !== "bookByOrder") throw new CrashError(`The engine does not show the book of market ${marketId}.`);
      books.push({ marketId, bids: shown(body.value.bids), asks: shown(body.value.asks) });
    }
    return { entry, balances, openOrders, books };
  }

  /** Takes everything down; also what a run that failed has left. */
  async lift(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    // Whatever they say has been said, or something worse has.
    await this.#load.stop().catch(() => undefined);
    this.#operator.abandon();
    await this.#tail.stop();
    this.#rest.close();
    this.#ingress.close();
    await this.#database.end({ timeoutMs: 1_000 });
    this.#tail.close();
    await this.#exchange.stop();
  }
}

/** Resolves when the engine has written a snapshot of a moment after `sinceMs`: what it would start from had it run for a while. */
async function snapshotAfter(dataDir: string, sinceMs: number): Promise<void> {
  const deadlineMs = performance.now() + SNAPSHOT_TIMEOUT_MS;
  while (!engineLines(dataDir, "wrote a snapshot").some(({ time }) => time > sinceMs + SNAPSHOT_TAKES_MS)) {
    if (performance.now() > deadlineMs) throw new CrashError("The engine wrote no snapshot.");
    await sleep(HEALTH_POLL_MS);
  }
}

interface LogLine {
  readonly time: number;
  readonly pid: number;
  readonly msg: string;
  readonly ms?: number;
}

/** What engines say in their logs with the words `msg`, by time. */
function engineLines(dataDir: string, msg: string): LogLine[] {
  const lines = ["engine.log", "standby.log"].flatMap((name) => {
    const path = join(dataDir, "logs", name);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  });
  return lines.flatMap((line) => (line.includes(`"msg":"${msg}"`) ? [JSON.parse(line) as LogLine] : [])).toSorted((a, b) => a.time - b.time);
}

const replayTimes = (dataDir: string): number[] => engineLines(dataDir, "replayed the command log").flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
const leaderPid = (dataDir: string): number | undefined => engineLines(dataDir, "this engine leads").at(-1)?.pid;

// R12: two real engines on one log, a real redis-server, clients that write down what they were told, and a leader that
// is stopped and wakes up later, or links that are cut. Whatever happens: what was accepted is in the log once, nothing is
// answered twice, and in the end both engines have the same state.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Redis } from "ioredis";
import { pino } from "pino";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { QueryRequestSchema, QueryResponseSchema } from "../../gen/tickwire/v1/query_pb.ts";
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { seededRoll } from "../../services/engine/suite/random.ts";
import { HeartbeatBoard } from "../../services/shared/heartbeat.ts";
import { answerChannel, COMMAND_LOG, EVENT_LOG, LEADER_KEY, QUERY_CHANNEL, replyChannel } from "../../services/shared/keys.ts";
import { connectSubscriber } from "../../services/shared/redis.ts";
import { Ingress, IngressError } from "../../services/shared/trading/ingress.ts";
import { startRedisServer, type RunningServer } from "../stack/redisServer.ts";
import { openLinks, type CutKind, type Link } from "./links.ts";

const silent = pino({ level: "silent" });
const CLIENTS = 6;
const QUESTION_INTERVAL_MS = 5;
const CALM_TIMEOUT_MS = 30_000;
const NAMES = ["engine", "standby"] as const;
type EngineName = (typeof NAMES)[number];

export interface PairOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The engine, built. */
  readonly program: string;
  readonly onProgress?: (round: number) => void;
}

export interface PairReport {
  readonly rounds: number;
  /** How links were cut. */
  readonly links?: string;
  readonly cuts?: Readonly<Record<string, number>>;
  readonly changesOfLeader: number;
  readonly calls: number;
  readonly accepted: number;
  readonly unknown: number;
  readonly unknownExecuted: number;
  readonly questionsAnswered: number;
  readonly entries: number;
  /** From the stop or the cut to the first acknowledgement of a call sent after it, when the leader was hit. */
  readonly silenceMs: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  /** In sentences; empty when the promise holds. */
  readonly violations: readonly string[];
}

/** The leader is stopped with SIGSTOP under load, replaced, and woken up again, `rounds` times. */
export async function proveZombies(options: PairOptions): Promise<PairReport> {
  return await withPair(options, undefined, async (pair, roll) => {
    const leader = await pair.leader();
    await sleep(50 + roll(300));
    pair.hit(leader);
    process.kill(pair.pid(leader), "SIGSTOP");
    await pair.acknowledged();
    await sleep(roll(800));
    process.kill(pair.pid(leader), "SIGCONT");
  });
}

/** The link of one engine, of both or of the clients to Redis is cut and mended, `rounds` times. */
export async function proveLinkCuts(options: PairOptions & { readonly namespaces?: boolean }): Promise<PairReport> {
  const cuts: Record<string, number> = {};
  const links = options.namespaces === true ? "network namespaces" : "TCP proxy";
  const report = await withPair(options, options.namespaces ?? false, async (pair, roll) => {
    const leader = await pair.leader();
    const follower = NAMES.find((name) => name !== leader) ?? leader;
    const [what, names] = ([["leader", [leader]], ["leader", [leader]], ["follower", [follower]], ["both engines", [...NAMES]], ["clients", ["clients"]]] as const)[roll(5)] ?? ["leader", [leader]];
    const kind: CutKind = roll(2) === 0 ? "silent" : "closed";
    cuts[`${what}, ${kind}`] = (cuts[`${what}, ${kind}`] ?? 0) + 1;
    await sleep(50 + roll(300));
    if (what === "leader") pair.hit(leader);
    for (const name of names) pair.link(name).cut(kind);
    if (what === "leader") await pair.acknowledged();
    await sleep(100 + roll(1_500));
    for (const name of names) pair.link(name).mend();
  });
  return { ...report, links, cuts };
}

type Round = (pair: EnginePair, roll: (below: number) => number) => Promise<void>;

async function withPair({ rounds, seed, program, onProgress }: PairOptions, namespaces: boolean | undefined, round: Round): Promise<PairReport> {
  const roll = seededRoll(seed);
  const pair = await EnginePair.start(program, namespaces);
  try {
    for (let i = 1; i <= rounds && pair.violations.length === 0; i++) {
      await pair.calm();
      await round(pair, roll);
      onProgress?.(i);
    }
    return { rounds, ...(await pair.judge()) };
  } finally {
    await pair.remove();
  }
}

interface Call {
  readonly id: string;
  readonly result: "accepted" | "unknown";
  readonly entry: bigint;
}

class EnginePair {
  readonly violations: string[] = [];
  readonly #dataDir = mkdtempSync(join(tmpdir(), "tickwire-pair-"));
  readonly #program: string;
  readonly #engines = new Map<EngineName, ChildProcess>();
  readonly #calls: Call[] = [];
  readonly #silencesMs: number[] = [];
  readonly #replies = new Map<string, number>();
  #redis: RunningServer | undefined;
  #links: ReadonlyMap<string, Link> = new Map();
  #admin: Redis | undefined;
  #listener: Redis | undefined;
  #board: HeartbeatBoard | undefined;
  #ingress: Ingress | undefined;
  #clients: Promise<void>[] = [];
  #ending = false;
  #asking: NodeJS.Timeout | undefined;
  readonly #asked = new Map<bigint, bigint>();
  #ackedEntry = 0n;
  #answers = 0;
  #ids = 0;
  #hitMs: number | undefined;
  #lastAckMs = 0;
  #onAck: (() => void)[] = [];

  private constructor(program: string) {
    this.#program = program;
  }

  /** `namespaces`: undefined without links that can be cut. */
  static async start(program: string, namespaces: boolean | undefined): Promise<EnginePair> {
    const pair = new EnginePair(program);
    try {
      await pair.#start(namespaces);
      return pair;
    } catch (error) {
      await pair.remove();
      throw error;
    }
  }

  async #start(namespaces: boolean | undefined): Promise<void> {
    const redis = await startRedisServer({ dataDir: this.#dataDir });
    this.#redis = redis;
    if (namespaces !== undefined) this.#links = await openLinks({ names: [...NAMES, "clients"], port: redis.port, namespaces });
    this.#admin = new Redis(redis.url);
    this.#listener = connectSubscriber(redis.url, "pair-listener", silent);
    this.#board = await HeartbeatBoard.listen(this.#listener);
    for (const name of NAMES) this.#run(name);
    const ingress = await Ingress.open(this.#url("clients"), "pair", silent);
    this.#ingress = ingress;
    await this.#listener.subscribe(replyChannel(ingress.id));
    this.#listener.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      if (channel.toString() !== replyChannel(ingress.id)) return;
      const entry = String(fromBinary(EventBatchSchema, payload).entry);
      this.#replies.set(entry, (this.#replies.get(entry) ?? 0) + 1);
    });
    await this.#eventually("an account", async () => {
      const { group } = await ingress.submit({ body: { case: "openAccount", value: { externalId: "pair", name: "pair" } } });
      return group.events[0]?.body.case === "accountOpened";
    });
    await this.#ask();
    this.#clients = Array.from({ length: CLIENTS }, () => this.#trade(ingress));
  }

  #url(name: string): string {
    const url = new URL(this.#redis?.url ?? "");
    const link = this.#links.get(name);
    if (link !== undefined) [url.hostname, url.port] = [link.host, String(link.port)];
    return url.href;
  }

  #run(name: EngineName): void {
    const log = openSync(join(this.#dataDir, `${name}.log`), "a");
    const args = ["--enable-source-maps", this.#program, ...(name === "standby" ? ["--standby"] : [])];
    const [command, ...before] = [...(this.#links.get(name)?.command ?? []), process.execPath];
    const env = { ...process.env, REDIS_URL: this.#url(name), TICKWIRE_DATA_DIR: this.#dataDir, TICKWIRE_LOG_LEVEL: "info" };
    const child = spawn(command ?? process.execPath, [...before, ...args], { env, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#engines.set(name, child);
    child.once("exit", (code, signal) => {
      if (!this.#ending) this.violations.push(`the ${name} process ended (${code ?? signal}): ${readFileSync(join(this.#dataDir, `${name}.log`), "utf8").trim().split("\n").at(-1) ?? ""}`);
    });
  }

  pid(name: EngineName): number {
    return this.#engines.get(name)?.pid ?? 0;
  }

  link(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw new Error(`there is no link ${name}`);
    return link;
  }

  async leader(): Promise<EngineName> {
    const value = (await this.#admin?.get(LEADER_KEY)) ?? "";
    return NAMES.find((name) => value.includes(`:${name}-`)) ?? "engine";
  }

  /** From now on until the next acknowledgement the exchange is silent because of what is about to happen to the leader. */
  hit(_leader: EngineName): void {
    this.#hitMs = performance.now();
  }

  /** Resolves when a call sent after the hit is acknowledged. */
  async acknowledged(): Promise<void> {
    await this.#inTime("an acknowledgement", new Promise<void>((resolve) => this.#onAck.push(resolve)));
  }

  /** One engine leads and acknowledges, the other follows it closely. */
  async calm(): Promise<void> {
    await this.#eventually("one engine that leads and one that follows", async () => {
      const leader = this.#board?.alive("engine").find(({ ready }) => ready);
      const follower = this.#board?.alive("standby")[0];
      return leader !== undefined && follower?.detail === "follows the leading engine" && performance.now() - this.#lastAckMs < 100;
    });
  }

  async #trade(ingress: Ingress): Promise<void> {
    while (!this.#ending) {
      const id = `d${++this.#ids}`;
      for (let tries = 0; tries < 20 && !this.#ending; tries++) {
        const sentMs = performance.now();
        try {
          const outcome = await ingress.submit({ accountId: 2n, body: { case: "deposit", value: { assetId: 1, amountUnits: 1n, transferId: id } } });
          const [event] = outcome.group.events;
          const done = event?.body.case === "depositPosted" || (event?.body.case === "commandRejected" && event.body.value.reason === RejectReason.DUPLICATE_TRANSFER);
          if (!done) this.violations.push(`${id} was answered ${String(event?.body.case)}`);
          this.#calls.push({ id, result: "accepted", entry: outcome.entry });
          this.#acknowledge(sentMs, outcome.entry);
          break;
        } catch (error) {
          if (!(error instanceof IngressError)) throw error;
          if (error.failure === "unknown") this.#calls.push({ id, result: "unknown", entry: 0n });
          await sleep(20);
        }
      }
      await sleep(3);
    }
  }

  // Questions all the while: an answer must know of everything that was acknowledged before it was asked.
  async #ask(): Promise<void> {
    const from = "pair-questions";
    await this.#listener?.subscribe(answerChannel(from));
    this.#listener?.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      if (channel.toString() !== answerChannel(from)) return;
      const { requestNo, entry } = fromBinary(QueryResponseSchema, payload);
      const known = this.#asked.get(requestNo) ?? 0n;
      this.#answers++;
      if (entry < known) this.violations.push(`question ${requestNo}, asked when entry ${known} was acknowledged, was answered with the state of entry ${entry}`);
    });
    let requestNo = 0n;
    this.#asking = setInterval(() => {
      this.#asked.set(++requestNo, this.#ackedEntry);
      const question = create(QueryRequestSchema, { ingressId: from, requestNo, body: { case: "book", value: { marketId: 1, depth: 1 } } });
      this.#admin?.publish(QUERY_CHANNEL, Buffer.from(toBinary(QueryRequestSchema, question))).catch(() => undefined);
    }, QUESTION_INTERVAL_MS);
  }

  #acknowledge(sentMs: number, entry: bigint): void {
    this.#lastAckMs = performance.now();
    if (entry > this.#ackedEntry) this.#ackedEntry = entry;
    if (this.#hitMs === undefined || sentMs < this.#hitMs) return;
    this.#silencesMs.push(this.#lastAckMs - this.#hitMs);
    this.#hitMs = undefined;
    for (const heard of this.#onAck.splice(0)) heard();
  }

  /** Ends the load and both engines, and holds everything against everything. */
  async judge(): Promise<Omit<PairReport, "rounds">> {
    await this.calm().catch((error: unknown) => this.violations.push(String(error)));
    this.#ending = true;
    clearInterval(this.#asking);
    await Promise.all(this.#clients);
    const admin = this.#admin as Redis;
    await sleep(300);
    const leader = await this.leader();
    for (const name of [...NAMES].sort((a) => (a === leader ? 1 : -1))) await this.#stop(name);

    const entries = new Map<string, number>();
    const seqs: bigint[] = [];
    const ids: string[] = [];
    for (const [id, fields] of await admin.xrangeBuffer(EVENT_LOG, "-", "+")) {
      const batch = fromBinary(EventBatchSchema, fields[1] ?? Buffer.alloc(0));
      ids.push(id.toString());
      for (const { seq, events } of batch.groups) {
        seqs.push(seq);
        for (const { body } of events) if (body.case === "depositPosted") entries.set(body.value.transferId, (entries.get(body.value.transferId) ?? 0) + 1);
      }
    }
    const commands = (await admin.xrange(COMMAND_LOG, "-", "+")).map(([id]) => id);
    // The command log may have been trimmed meanwhile; nobody stores the events, so none of those have been.
    if (ids.slice(-commands.length).join() !== commands.join() || ids[0] !== "0-1") this.violations.push(`the command log has ${commands.length} entries, the event log ${ids.length}, or other ones`);
    const hole = seqs.findIndex((seq, i) => seq !== BigInt(i + 1));
    if (hole >= 0) this.violations.push(`seq ${hole + 1} is missing, or there twice`);
    for (const { id, result } of this.#calls) {
      const times = entries.get(id) ?? 0;
      if (result === "accepted" && times !== 1) this.violations.push(`${id} was acknowledged and executed ${times} times`);
      if (times > 1) this.violations.push(`${id} was executed ${times} times`);
    }
    // A connection that was lost may have lost the answer to what it had published; without that, nothing is said twice.
    if (this.#links.size === 0) for (const [entry, times] of this.#replies) if (times > 1) this.violations.push(`entry ${entry} was answered ${times} times`);
    for (const violation of await compareSnapshots(this.#dataDir)) this.violations.push(violation);
    const unknown = this.#calls.filter(({ result }) => result === "unknown");
    return {
      changesOfLeader: Number(/^\d+/.exec((await admin.get(LEADER_KEY)) ?? "")?.[0] ?? 0),
      calls: this.#calls.length,
      accepted: this.#calls.length - unknown.length,
      unknown: unknown.length,
      unknownExecuted: unknown.filter(({ id }) => entries.has(id)).length,
      questionsAnswered: this.#answers,
      entries: ids.length,
      silenceMs: spread(this.#silencesMs),
      violations: this.violations,
    };
  }

  async #stop(name: EngineName): Promise<void> {
    const child = this.#engines.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }

  async remove(): Promise<void> {
    this.#ending = true;
    clearInterval(this.#asking);
    for (const link of this.#links.values()) link.mend();
    await Promise.all(this.#clients.map((client) => client.catch(() => undefined)));
    for (const child of this.#engines.values()) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }
    this.#ingress?.close();
    this.#listener?.disconnect();
    this.#admin?.disconnect();
    for (const link of this.#links.values()) link.remove();
    await this.#redis?.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async #eventually(what: string, probe: () => Promise<boolean>): Promise<void> {
    const deadlineMs = performance.now() + CALM_TIMEOUT_MS;
    while (!(await probe().catch(() => false))) {
      if (this.violations.length > 0) throw new Error(this.violations.join("; "));
      if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${CALM_TIMEOUT_MS} ms`);
      await sleep(20);
    }
  }

  async #inTime(what: string, done: Promise<void>): Promise<void> {
    const timeout = new AbortController();
    const late = sleep(CALM_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`${what}: not within ${CALM_TIMEOUT_MS} ms`);
    });
    late.catch(() => undefined);
    try {
      await Promise.race([done, late]);
    } finally {
      timeout.abort();
    }
  }
}

function spread(values: readonly number[]): PairReport["silenceMs"] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

// Both engines wrote a snapshot when they stopped; those of one entry must be one state.
async function compareSnapshots(dataDir: string): Promise<string[]> {
  const { readSnapshotFile, snapshotNames } = await import("../../services/engine/snapshotFiles.ts");
  const { stateHash } = await import("../../services/engine/snapshot.ts");
  const states: { entry: number; hash: Uint8Array }[] = [];
  for (const dir of [join(dataDir, "snapshots"), join(dataDir, "standby", "snapshots")]) {
    const [newest] = await snapshotNames(dir);
    if (newest === undefined) return [`no engine wrote a snapshot to ${dir}`];
    const engine = await readSnapshotFile(join(dir, newest));
    states.push({ entry: engine.entry, hash: stateHash(engine) });
  }
  const [one, other] = states;
  if (one?.entry !== other?.entry) return [`the engines ended at entries ${String(one?.entry)} and ${String(other?.entry)}`];
  return Buffer.compare(one?.hash ?? new Uint8Array(), other?.hash ?? new Uint8Array()) === 0 ? [] : [`the engines' states at entry ${String(one?.entry)} are not the same`];
}

/** Whether this machine and user can make network namespaces. */
export function namespacesPossible(): boolean {
  try {
    execFileSync("ip", ["netns", "add", "tickwire-probe"], { stdio: "ignore" });
    execFileSync("ip", ["netns", "del", "tickwire-probe"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

// One run: a world, the exchange in it, clients, faults, and a judgement at the end. Reads as it happens.
//
//   apis ─▶ command log ─▶ engine ─▶ event log ─▶ recorder ─▶ database
//    ▲                        └────▶ messages ──▶ gateway ─▶ witnesses
//   traders
import { pino } from "pino";
import { drawAppetite } from "../crash/orderKinds.ts";
import { EVENT_LOG, COMMAND_LOG } from "../services/shared/keys.ts";
import { LOG_SETTINGS } from "../services/engine/log/logSettings.ts";
import { SnapshotFiles } from "../services/engine/snapshotFiles.ts";
import { Operator } from "./clients/operator.ts";
import { Prices } from "./clients/prices.ts";
import { Requests } from "./clients/requests.ts";
import { Trader, type ClientRecord } from "./clients/trader.ts";
import { Faults, Weather, type EngineHome } from "./faults.ts";
import { OPERATOR_ACTS_EVERY, PRICE_MOVES_EVERY, REST_WITHIN_MS, TRADERS } from "./limits.ts";
import { startApi, type ApiPart } from "./parts/apiPart.ts";
import { startEngine, type EnginePart } from "./parts/enginePart.ts";
import { startGateway } from "./parts/gatewayPart.ts";
import { startRecorder } from "./parts/recorderPart.ts";
import { CredulousSnapshotFiles, isAppend, PLANTS, skipDedupe, trimsTooFar, type Plant } from "./plants.ts";
import type { Stream } from "./redis/dataset.ts";
import { watchedScripts } from "./redis/fencedScripts.ts";
import { Supervised } from "./supervised.ts";
import { judge, type Verdict } from "./verdict.ts";
import { SimulatedDatabase } from "./world/database.ts";
import { Disk } from "./world/disk.ts";
import { Network } from "./world/network.ts";
import { installStandIns } from "./world/nodeStandIns.ts";
import { RedisHost } from "./world/redisHost.ts";
import { World, type SimulatedProcess } from "./world/world.ts";

export interface SimulationOptions {
  readonly seed: number;
  /** Things that clients do. */
  readonly steps: number;
  readonly plant?: Plant;
  readonly onTrace?: (line: string) => void;
}

export interface SimulationReport {
  readonly seed: number;
  readonly steps: number;
  readonly plant: Plant | undefined;
  /** What is wrong; empty when nothing is. */
  readonly findings: readonly string[];
  /** Of everything that happened, in its order. */
  readonly traceHash: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
  readonly events: number;
  /** Undefined when the run did not come to rest. */
  readonly verdict: Verdict | undefined;
}

/** Account ids: the house is the first. */
const FIRST_TRADER = 2n;
/** Of the engine and of its standby. */
const SNAPSHOT_DIRS = ["/data/snapshots", "/data/standby/snapshots"] as const;
/** Redis as npm start configures it. */
const SETTINGS: ReadonlyMap<string, string> = new Map(LOG_SETTINGS.map(({ name, wanted }) => [name, wanted]));
const EMPTY_STREAM: Stream = { kind: "stream", entries: [], first: 0, lastId: 0 };

/** Runs one world to its end. One at a time in a process. */
export async function simulate({ seed, steps, plant, onTrace }: SimulationOptions): Promise<SimulationReport> {
  const world = new World(seed, onTrace);
  const problems: string[] = [];
  const problem = (text: string): void => {
    world.note(`problem: ${text}`);
    problems.push(text);
  };
  const logger = pino({ level: "silent" });
  const weather = new Weather(world);

  const redis = new RedisHost({
    world,
    redis: {
      settings: SETTINGS,
      scripts: watchedScripts((who) => problem(`${who} acted in the leader's name and does not lead`), plant === "zombie-publishes"),
      deliver: weather.deliver,
      onCommand: (from, words) => world.note(`${from.owner} ${String(words[0])}`, Buffer.concat(words)),
    },
    fsyncMs: weather.fsyncMs,
    habit: plant === "answer-before-fsync" ? "answers before fsync" : plant === "drop-fsync" ? "no fsync" : "honest",
    ...(plant === "resend-after-cut" && { resends: isAppend }),
  });
  const network = new Network(world, redis, weather);
  const database = new SimulatedDatabase(world, weather.diskMs, plant === "split-transaction" ? "every statement by itself" : "atomic");
  // Only engines keep files of their own.
  const disk = new Disk(world, "engine", weather.diskMs);
  const uninstall = installStandIns({ world, connect: (process) => network.connect(process), files: (process) => disk.functions(process) });
  const died = (error: unknown): void => problem(`an error that nobody caught in ${world.current?.name ?? "the simulator"}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const unplant = plant === "skip-dedupe" ? skipDedupe() : () => undefined;
  process.on("unhandledRejection", died);
  process.on("uncaughtException", died);

  try {
    // Without the thread that a real engine writes them in: threads are not simulated.
    const openSnapshots = (dir: string): SnapshotFiles =>
      new (plant === "accept-torn-snapshot" ? CredulousSnapshotFiles : SnapshotFiles)(dir, logger, undefined, SNAPSHOT_DIRS.filter((other) => other !== dir));
    const supervise = { world, problem };
    const workload = world.chance("workload");
    const home = (name: string, standby: boolean): EngineHome => {
      const snapshotDir = SNAPSHOT_DIRS[standby ? 1 : 0];
      const start = (process: SimulatedProcess): Promise<EnginePart> =>
        startEngine({ process, logger, stateDir: "/data", snapshotDir, openSnapshots, standby, ...(plant === "trim-too-far" && { writerAs: trimsTooFar }) });
      return { snapshotDir, supervised: new Supervised({ ...supervise, name, start }) };
    };
    // Planted zombies need somebody who takes over.
    const engines = [home("engine", false), ...(workload(2) === 0 || plant === "zombie-publishes" ? [home("standby", true)] : [])];
    const apis: Supervised<ApiPart>[] = ["api-a", "api-b"].map((name) => new Supervised({ ...supervise, name, start: (process) => startApi({ process, logger }) }));
    const accountIds = Array.from({ length: TRADERS }, (_, i) => FIRST_TRADER + BigInt(i));
    const recorder = new Supervised({ ...supervise, name: "recorder", start: (process) => startRecorder({ process, logger, database }) });
    const gateway = new Supervised({ ...supervise, name: "gateway", start: (process) => startGateway({ process, logger, accountIds: () => accountIds }) });

    const requests = new Requests({ world, apis, latency: weather, believes: plant === "ack-before-append" });
    const record: ClientRecord = { calls: [], told: [] };
    const appetite = drawAppetite(workload);
    const prices = new Prices();
    const traders = accountIds.map((accountId) => new Trader({ accountId, world, requests, record, appetite, prices }));
    const operator = new Operator({ world, requests, record, prices });

    // First the accounts, then their money, then trading and trouble.
    let opened = 0;
    const open = (i: number): void => {
      if (i === TRADERS) return;
      requests.send(i, { body: { case: "openAccount", value: { externalId: `trader ${i}`, name: `Trader ${i}` } } }, (answer) => {
        if (answer.kind === "outcome") opened++;
        world.after(100, undefined, () => open(answer.kind === "outcome" ? i + 1 : i));
      });
    };
    open(0);
    await world.run(30_000, () => opened === TRADERS);
    for (const trader of traders) for (const [assetId, units] of [[1, 10n ** 12n], [2, 10n ** 13n], [4, 10n ** 15n]] as const) trader.fund(assetId, units);
    await world.run(world.nowMs + 1_000);

    const faults = new Faults({ world, engines, disk, apis, gateway, recorder, network, weather, redis, database }, plant === undefined ? undefined : PLANTS[plant].meets);
    let done = 0;
    const act = (): void => {
      if (workload(PRICE_MOVES_EVERY) === 0) prices.wander(workload);
      if (appetite.auctions && workload(OPERATOR_ACTS_EVERY) === 0) operator.act();
      else traders[workload(traders.length)]?.act();
      if (++done < steps) world.after(pauseMs(workload), undefined, act);
    };
    act();
    await world.run(Number.POSITIVE_INFINITY, () => done >= steps || problems.length > 0);
    faults.end();

    const quiet = (): boolean => {
      const [commands, events] = [redis.redis.dataset.stream(COMMAND_LOG), redis.redis.dataset.stream(EVENT_LOG)];
      const parts = [...engines.map(({ supervised }) => supervised), ...apis, gateway, recorder];
      return (
        requests.underWay === 0 &&
        traders.every(({ waiting }) => waiting === 0) &&
        operator.idle &&
        parts.every(({ process, part }) => process.alive && part !== undefined) &&
        engines.some(({ supervised }) => supervised.part?.live === true) &&
        commands?.lastId === events?.lastId &&
        database.position?.entry === BigInt(events?.lastId ?? 0)
      );
    };
    const untilMs = world.nowMs + REST_WITHIN_MS;
    const comeToRest = (): Promise<void> => world.run(untilMs, () => quiet() || problems.length > 0);
    await comeToRest();
    operator.openAll();
    // What the engines have on disk and in the log must do for a start, whatever became of it.
    for (const { supervised } of engines) supervised.kill(100);
    await world.run(world.nowMs + 200);
    await comeToRest();
    // Whoever missed the last message on a book learns of it with the next one.
    for (const marketId of [1, 2, 3]) traders[0]?.stir(marketId);
    await world.run(world.nowMs + 2_000);
    await comeToRest();
    await world.run(world.nowMs + 2_000);
    if (!quiet() && problems.length === 0) problem(`the exchange did not come to rest within ${REST_WITHIN_MS / 1_000} s after the last fault`);

    const live = engines.find(({ supervised }) => supervised.part?.live === true)?.supervised.part;
    if (engines.filter(({ supervised }) => supervised.part?.live === true).length > 1) problem("two engines lead");
    const verdict =
      live === undefined || gateway.part === undefined || !quiet()
        ? undefined
        : judge({
            commands: redis.redis.dataset.stream(COMMAND_LOG) ?? EMPTY_STREAM,
            events: redis.redis.dataset.stream(EVENT_LOG) ?? EMPTY_STREAM,
            record,
            engine: live.engine,
            gateway: gateway.part,
            database,
          });
    return {
      seed,
      steps,
      plant,
      findings: [...problems, ...(verdict?.findings ?? [])],
      traceHash: world.traceHash(),
      faults: Object.fromEntries([...faults.struck].sort()),
      simulatedMs: Math.round(world.nowMs),
      events: world.events,
      verdict,
    };
  } finally {
    uninstall();
    unplant();
    process.off("unhandledRejection", died);
    process.off("uncaughtException", died);
  }
}

// Bursts, pauses of seconds, and now and then a rest.
function pauseMs(roll: (below: number) => number): number {
  const kind = roll(20);
  return kind < 13 ? roll(40) : kind < 19 ? 50 + roll(900) : 2_000 + roll(12_000);
}

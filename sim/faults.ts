// What goes wrong, when, and with whom: drawn from the seed.
//
// Each run has a mood of its own: some kinds of fault are frequent in it, others absent, so that among many runs every
// combination comes up, and a quiet part still has hours to show what a busy one hides.
import type { Roll } from "../services/engine/suite/random.ts";
import type { ServerConnection } from "./redis/memoryRedis.ts";
import type { ApiPart } from "./parts/apiPart.ts";
import type { EnginePart } from "./parts/enginePart.ts";
import type { GatewayPart } from "./parts/gatewayPart.ts";
import type { Part } from "./parts/part.ts";
import type { Supervised } from "./supervised.ts";
import type { SimulatedDatabase } from "./world/database.ts";
import type { Disk } from "./world/disk.ts";
import type { Latency, Network } from "./world/network.ts";
import type { RedisHost } from "./world/redisHost.ts";
import type { World } from "./world/world.ts";

/** An engine and where it keeps its snapshots. */
export interface EngineHome {
  readonly supervised: Supervised<EnginePart>;
  readonly snapshotDir: string;
}

export interface Targets {
  readonly world: World;
  /** One, or a leader and its standby; both on one machine, as npm start runs them. */
  readonly engines: readonly EngineHome[];
  readonly disk: Disk;
  readonly apis: readonly Supervised<ApiPart>[];
  readonly gateway: Supervised<GatewayPart>;
  readonly recorder: Supervised<Part>;
  readonly network: Network;
  readonly weather: Weather;
  readonly redis: RedisHost;
  readonly database: SimulatedDatabase;
}

/** How the network and the disks are at the moment. */
export class Weather implements Latency {
  readonly #roll: Roll;
  slowNetwork = false;
  slowDisk = false;
  /** Of a thousand messages. */
  lost = 0;
  repeated = 0;
  late = 0;

  constructor(world: World) {
    this.#roll = world.chance("weather");
  }

  next(): number {
    const usual = 0.05 + this.#roll(400) / 1_024;
    if (this.slowNetwork) return usual + this.#roll(200);
    return this.#roll(300) === 0 ? usual + this.#roll(30) : usual;
  }

  /** One operation of a disk, in milliseconds. */
  readonly diskMs = (): number => (this.slowDisk ? this.#roll(2_000) : 0.1 + this.#roll(1_000) / 512);

  /** One fsync of the log. */
  readonly fsyncMs = (): number => (this.slowDisk ? this.#roll(300) : 0.2 + this.#roll(1_000) / 1_024);

  /** When a Pub/Sub message arrives, each time it does, in milliseconds from now. */
  readonly deliver = (_channel: string, _to: ServerConnection): readonly number[] => {
    const fate = this.#roll(1_000);
    if (fate < this.lost) return [];
    if (fate < this.lost + this.repeated) return [0, 1 + this.#roll(50)];
    if (fate < this.lost + this.repeated + this.late) return [1 + this.#roll(400)];
    return [0];
  };

  clear(): void {
    this.slowNetwork = false;
    this.slowDisk = false;
    this.lost = 0;
    this.repeated = 0;
    this.late = 0;
  }
}

/** Everything that may go wrong, by name. */
export type FaultName =
  | "kill the engine"
  | "stop the engine"
  | "power cut at the engine"
  | "an engine away for long"
  | "pause the engine"
  | "spoil the newest snapshot"
  | "a disk that lies for a while"
  | "kill redis"
  | "power cut at redis"
  | "kill an api"
  | "stop an api"
  | "pause an api"
  | "kill the gateway"
  | "pause the gateway"
  | "kill the recorder"
  | "stop the recorder"
  | "pause the recorder"
  | "crash the database"
  | "lose the answer to a commit"
  | "cut a connection"
  | "cut all connections of one"
  | "slow network"
  | "slow disks"
  | "lossy messages"
  | "repeated messages"
  | "messages out of order"
  | "a clock that jumps";

interface Fault {
  readonly name: FaultName;
  readonly strike: () => void;
}

export class Faults {
  readonly #targets: Targets;
  readonly #roll: Roll;
  readonly #mood: Fault[] = [];
  readonly #hasty: boolean;
  #over = false;
  /** How often each kind struck. */
  readonly struck = new Map<string, number>();

  /** `only`: instead of a mood drawn from the seed, and more often. */
  constructor(targets: Targets, only?: readonly FaultName[]) {
    this.#hasty = only !== undefined;
    this.#targets = targets;
    this.#roll = targets.world.chance("faults");
    for (const fault of this.#all()) {
      const drawn = this.#roll(4);
      const weight = only === undefined ? drawn : only.includes(fault.name) ? 1 : 0;
      for (let i = 0; i < weight; i++) this.#mood.push(fault);
    }
    if (this.#mood.length > 0) this.#next();
  }

  /** No more faults; what is wrong now is put right. */
  end(): void {
    this.#over = true;
    const { engines, disk, apis, gateway, recorder, weather, redis, world } = this.#targets;
    weather.clear();
    if (!redis.up) redis.start(0);
    for (const supervised of [...engines.map((home) => home.supervised), ...apis, gateway, recorder]) {
      const { process } = supervised;
      supervised.startNow();
      if (process.paused) world.resume(process);
      process.skewMs = 0;
    }
    disk.lying = false;
  }

  #next(): void {
    this.#targets.world.after(this.#hasty ? 100 + this.#roll(2_000) : 300 + this.#roll(6_000), undefined, () => {
      if (this.#over) return;
      const fault = this.#mood[this.#roll(this.#mood.length)] as Fault;
      this.struck.set(fault.name, (this.struck.get(fault.name) ?? 0) + 1);
      this.#targets.world.note(`fault: ${fault.name}`);
      fault.strike();
      this.#next();
    });
  }

  #all(): Fault[] {
    const { world, engines, disk, apis, gateway, recorder, network, weather, redis, database } = this.#targets;
    const roll = this.#roll;
    const one = <T>(items: readonly T[]): T => items[roll(items.length)] as T;
    const engine = (): EngineHome => one(engines);
    const anybody = (): Supervised<Part> => one<Supervised<Part>>([...engines.map(({ supervised }) => supervised), ...apis, gateway, recorder]);
    const aWhile = (): number => 100 + roll(one([500, 3_000, 12_000]));
    const restartRedis = (): void => {
      const loading = roll(3) === 0 ? roll(1_500) : 0;
      world.after(aWhile(), undefined, () => redis.start(loading));
    };
    return [
      { name: "kill the engine", strike: () => engine().supervised.kill(aWhile()) },
      { name: "stop the engine", strike: () => engine().supervised.stopInOrder(aWhile()) },
      {
        name: "power cut at the engine",
        strike: () => {
          for (const { supervised } of engines) supervised.kill(aWhile());
          disk.powerCut();
        },
      },
      // Long enough for the logs to be trimmed meanwhile, when there is another engine.
      { name: "an engine away for long", strike: () => engine().supervised.kill(engines.length > 1 ? 60_000 + roll(90_000) : aWhile()) },
      { name: "pause the engine", strike: () => engine().supervised.pause(aWhile()) },
      { name: "spoil the newest snapshot", strike: () => spoilNewest(disk, engine().snapshotDir, roll) },
      {
        name: "a disk that lies for a while",
        strike: () => {
          disk.lying = true;
          world.after(aWhile(), undefined, () => {
            disk.lying = false;
          });
        },
      },
      {
        name: "kill redis",
        strike: () => {
          redis.crash("killed");
          restartRedis();
        },
      },
      {
        name: "power cut at redis",
        strike: () => {
          redis.crash("power");
          restartRedis();
        },
      },
      { name: "kill an api", strike: () => one(apis).kill(aWhile()) },
      { name: "stop an api", strike: () => one(apis).stopInOrder(aWhile()) },
      { name: "pause an api", strike: () => one(apis).pause(aWhile()) },
      { name: "kill the gateway", strike: () => gateway.kill(aWhile()) },
      { name: "pause the gateway", strike: () => gateway.pause(aWhile()) },
      { name: "kill the recorder", strike: () => recorder.kill(aWhile()) },
      { name: "stop the recorder", strike: () => recorder.stopInOrder(aWhile()) },
      { name: "pause the recorder", strike: () => recorder.pause(aWhile()) },
      { name: "crash the database", strike: () => database.crash(aWhile()) },
      { name: "lose the answer to a commit", strike: () => void database.loseCommitAnswers++ },
      { name: "cut a connection", strike: () => network.cut(anybody().process, false) },
      { name: "cut all connections of one", strike: () => network.cut(anybody().process, true) },
      { name: "slow network", strike: () => forAWhile(world, aWhile(), (on) => (weather.slowNetwork = on)) },
      { name: "slow disks", strike: () => forAWhile(world, aWhile(), (on) => (weather.slowDisk = on)) },
      { name: "lossy messages", strike: () => forAWhile(world, aWhile(), (on) => (weather.lost = on ? 50 + roll(300) : 0)) },
      { name: "repeated messages", strike: () => forAWhile(world, aWhile(), (on) => (weather.repeated = on ? 50 + roll(200) : 0)) },
      { name: "messages out of order", strike: () => forAWhile(world, aWhile(), (on) => (weather.late = on ? 50 + roll(300) : 0)) },
      {
        name: "a clock that jumps",
        strike: () => {
          anybody().process.skewMs = roll(8_000) - 4_000;
        },
      },
    ];
  }
}

function forAWhile(world: World, ms: number, set: (on: boolean) => void): void {
  set(true);
  world.after(ms, undefined, () => set(false));
}

// Only while two others are as they were written: the logs reach back to the second-newest.
function spoilNewest(disk: Disk, snapshotDir: string, roll: Roll): void {
  const names = disk.list(snapshotDir).filter((name) => name.endsWith(".bin"));
  const newest = names.at(-1);
  if (newest === undefined || names.length < 2 || disk.spoiled.has(`${snapshotDir}/${names.at(-2)}`)) return;
  disk.damage(`${snapshotDir}/${newest}`, (content) => {
    if (roll(2) === 0) return content.subarray(0, roll(content.length));
    const at = roll(content.length);
    content[at] = (content[at] as number) ^ (1 << roll(8));
    return content;
  });
}

// Whether orders can be placed and the feed is live, part by part, found out by trying each.
//
// Never: says yes from memory older than HEALTH_SHARED_MS, or waits for a dead part longer than HEALTH_PART_TIMEOUT_MS.
import type { Heartbeat } from "../../gen/tickwire/v1/operations_pb.ts";
import type { Database } from "../shared/database/connection.ts";
import { sql } from "../shared/database/sql.ts";
import type { HeartbeatBoard, ServiceName } from "../shared/heartbeat.ts";
import type { Redis } from "../shared/redis.ts";
import type { TradingService } from "../shared/trading/tradingService.ts";
import type { VenueDirectory } from "../shared/trading/venueDirectory.ts";
import { HEALTH_PART_TIMEOUT_MS, HEALTH_SHARED_MS } from "./limits.ts";
import { redisHealth } from "./redisHealth.ts";

export interface PartHealth {
  readonly up: boolean;
  /** For people: what is missing, or what they should know although it is up. */
  readonly detail?: string;
  /** Of an engine: its newest snapshot that was read back and restored; null while there is none. */
  readonly snapshot?: SnapshotHealth | null;
}

export interface SnapshotHealth {
  readonly entry: number;
  readonly ageSeconds: number;
}

export type PartName = "redis" | "database" | "engine" | "recorder" | "gateway" | "api";

export interface HealthReport {
  readonly status: "ok" | "degraded";
  /** `standby`: an engine that follows the leading one, when there is such; the exchange is whole without it. */
  readonly parts: Readonly<Record<PartName, PartHealth> & { standby?: PartHealth }>;
}

const UP: PartHealth = { up: true };
const down = (detail: string): PartHealth => ({ up: false, detail });

const snapshotOf = ({ snapshotEntry, snapshotAgeSeconds }: Heartbeat): SnapshotHealth | null => (snapshotEntry === 0n ? null : { entry: Number(snapshotEntry), ageSeconds: snapshotAgeSeconds });

async function within(check: Promise<PartHealth>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartHealth>((resolve) => {
    timer = setTimeout(() => resolve(down("does not answer in time")), HEALTH_PART_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check, late]);
  } catch {
    return down("cannot be reached");
  } finally {
    clearTimeout(timer);
  }
}

export class Health {
  readonly #redis: Redis;
  readonly #database: Database;
  readonly #board: HeartbeatBoard;
  readonly #trading: TradingService;
  readonly #directory: VenueDirectory;
  #shared: { readonly report: Promise<HealthReport>; readonly untilMs: number } | undefined;

  constructor(parts: { readonly redis: Redis; readonly database: Database; readonly board: HeartbeatBoard; readonly trading: TradingService; readonly directory: VenueDirectory }) {
    this.#redis = parts.redis;
    this.#database = parts.database;
    this.#board = parts.board;
    this.#trading = parts.trading;
    this.#directory = parts.directory;
  }

  report(): Promise<HealthReport> {
    const nowMs = performance.now();
    if (this.#shared === undefined || this.#shared.untilMs <= nowMs) this.#shared = { report: this.#examine(), untilMs: nowMs + HEALTH_SHARED_MS };
    return this.#shared.report;
  }

  async #examine(): Promise<HealthReport> {
    const [redis, database, engine] = await Promise.all([
      within(this.#redis.status === "ready" ? redisHealth(this.#redis) : Promise.resolve(down("cannot be reached"))),
      within(this.#database.query(sql`SELECT 1`).then(() => UP)),
      within(this.#engine()),
    ]);
    const recorder = this.#heard("recorder");
    const gateway = this.#heard("gateway");
    const api = this.#directory.loaded ? UP : down("waits for the engine to tell its markets");
    const needed = { redis, database, engine, recorder, gateway, api };
    const standby = this.#standby();
    return { status: Object.values(needed).every(({ up }) => up) ? "ok" : "degraded", parts: { ...needed, ...(standby && { standby }) } };
  }

  async #engine(): Promise<PartHealth> {
    const heard = this.#heard("engine");
    if (!heard.up) return heard;
    // Any answer will do; this one costs the engine nothing, a hash of its state would.
    const answer = await this.#trading.position();
    if (answer.kind !== "accepted") return down("does not answer");
    const [leader] = this.#board.alive("engine").filter(({ ready }) => ready);
    const whole = { ...heard, ...(leader && { snapshot: snapshotOf(leader) }) };
    return this.#standby() === undefined ? whole : { ...whole, detail: heard.detail === undefined ? "leads" : `leads; ${heard.detail}` };
  }

  #standby(): PartHealth | undefined {
    const [beat] = this.#board.alive("standby");
    if (beat === undefined) return undefined;
    const leader = this.#board.alive("engine").find(({ ready }) => ready);
    if (leader === undefined || beat.entry === 0n) return down(beat.detail || "is starting");
    // Both are of some moment of the last half second.
    const behind = leader.entry > beat.entry ? leader.entry - beat.entry : 0n;
    return { up: true, detail: `${beat.detail}, ${behind} entries behind`, snapshot: snapshotOf(beat) };
  }

  #heard(service: ServiceName): PartHealth {
    const beats = this.#board.alive(service);
    const ready = beats.find((beat) => beat.ready);
    if (ready !== undefined) return ready.detail === "" ? UP : { up: true, detail: ready.detail };
    return down(beats[0]?.detail || (beats.length > 0 ? "is starting" : "is not running"));
  }
}

// The machine that Redis runs on: turns of the server's loop, the append-only file and its fsync, crashes and restarts.
//
// As with appendfsync always: what a turn wrote is on disk before anybody is answered, and nothing else is done meanwhile.
// Invariant: after a crash the server has every write that was synced, and of the others a beginning, at whole commands.
import type { Roll } from "../../services/engine/suite/random.ts";
import { MemoryRedis, type MemoryRedisOptions, type ServerConnection } from "../redis/memoryRedis.ts";
import type { Server, ServerSide } from "./network.ts";
import type { World } from "./world.ts";

/** What is wrong with this machine's disk, on purpose. */
export type DiskHabit = "honest" | "answers before fsync" | "no fsync";

export interface RedisHostOptions {
  readonly world: World;
  readonly redis: Omit<MemoryRedisOptions, "sendLater">;
  readonly fsyncMs: () => number;
  readonly habit: DiskHabit;
  /** Planted: what a driver sends again when its connection is gone before the answer. */
  readonly resends?: (bytes: Buffer) => boolean;
}

const TURN_MS = 0.02;
/** How often a server with appendfsync everysec syncs. */
const EVERY_SECOND_MS = 1_000;

export class RedisHost implements Server {
  readonly redis: MemoryRedis;
  up = true;
  /** Writes that are on disk for certain. */
  #synced = 0;
  #busy = false;
  /** Counts the lives of the server: what an earlier one had planned does not happen. */
  #life = 0;
  readonly #world: World;
  readonly #roll: Roll;
  readonly #options: RedisHostOptions;
  readonly #closers = new Map<ServerConnection, () => void>();
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(options: RedisHostOptions) {
    this.#world = options.world;
    this.#roll = options.world.chance("redis host");
    this.#options = options;
    this.redis = new MemoryRedis({
      ...options.redis,
      sendLater: (to, bytes, delayMs) => {
        this.#later(delayMs, () => {
          if (to.open) to.send(bytes);
        });
      },
    });
    if (options.habit === "no fsync") this.#syncEverySecond();
  }

  accept(owner: string, send: (bytes: Buffer) => void, close: () => void): ServerSide | undefined {
    if (!this.up) return undefined;
    let unanswered: Buffer | undefined;
    const connection = this.redis.connect(owner, (bytes) => {
      unanswered = undefined;
      send(bytes);
    });
    this.#closers.set(connection, close);
    return {
      receive: (bytes) => {
        if (!connection.open) return;
        if (this.#options.resends?.(bytes) === true) unanswered = bytes;
        connection.receive(bytes);
        this.#turnSoon();
      },
      closed: () => {
        this.#closers.delete(connection);
        this.redis.disconnect(connection);
        if (unanswered === undefined || !this.up) return;
        this.redis.connect(owner, () => undefined).receive(unanswered);
        this.#turnSoon();
      },
    };
  }

  /**
   * The server dies. Of a killed process the operating system still has what was written; when the power goes, only what
   * was synced is certain.
   */
  crash(how: "killed" | "power"): void {
    if (!this.up) return;
    this.up = false;
    this.#life++;
    const { dataset } = this.redis;
    const ends = dataset.commandEnds.filter((end) => end > this.#synced);
    // A turn's writes go to the file in one piece.
    const kept = how === "killed" ? this.#roll(2) * ends.length : this.#roll(ends.length + 1);
    const writes = dataset.writes.slice(0, kept === 0 ? this.#synced : ends[kept - 1]);
    this.#world.note(`redis ${how}; ${dataset.writes.length - writes.length} writes lost`);
    const closers = [...this.#closers.values()];
    this.#closers.clear();
    this.redis.restart(writes, 0);
    this.#synced = writes.length;
    for (const close of closers) close();
  }

  /** The server starts again and loads its file for `loadingMs`. */
  start(loadingMs: number): void {
    if (this.up) return;
    this.up = true;
    this.#busy = false;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    this.redis.loadingUntilMs = this.#world.nowMs + loadingMs;
    this.#world.note("redis started");
    if (this.#options.habit === "no fsync") this.#syncEverySecond();
  }

  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    this.#world.after(delayMs, undefined, () => {
      if (life === this.#life) run();
    });
  }

  #turnSoon(): void {
    if (!this.up || this.#busy) return;
    this.#busy = true;
    this.#later(TURN_MS, () => this.#turn());
  }

  #turn(): void {
    const wrote = this.redis.turn(this.#world.nowMs);
    const written = this.redis.dataset.writes.length;
    if (!wrote || this.#options.habit === "no fsync") {
      this.#answer();
      return;
    }
    if (this.#options.habit === "answers before fsync") this.redis.answer();
    this.#later(this.#options.fsyncMs(), () => {
      this.#synced = written;
      this.#answer();
    });
  }

  #answer(): void {
    this.redis.answer();
    this.#busy = false;
    if (this.redis.wanted(this.#world.nowMs)) this.#turnSoon();
    this.#watchTimeouts();
  }

  // Blocked commands end by themselves.
  #watchTimeouts(): void {
    const at = this.redis.nextTimeoutMs();
    if (at >= this.#timerAtMs) return;
    this.#timerAtMs = at;
    this.#later(Math.max(0, at - this.#world.nowMs), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      // A turn under way looks after them at its end.
      this.#turnSoon();
    });
  }

  #syncEverySecond(): void {
    this.#later(EVERY_SECOND_MS, () => {
      this.#synced = this.redis.dataset.writes.length;
      this.#syncEverySecond();
    });
  }
}

// Reading history without missing what has just happened: waits, within bounds, until the recorder has written the log
// entry the reader must see.
//
// The caller of a private route sees everything the engine had applied when it asked, or is told that history is
// behind: never an older state as if it were the current one. Public routes wait only for what this api itself has had
// acknowledged, and then answer with what is there.
import type { Database } from "../shared/database/connection.ts";
import { recordedPosition } from "../shared/history/position.ts";
import type { Position, TradingService } from "../shared/trading/tradingService.ts";
import { ApiError } from "./errors.ts";
import { HISTORY_CATCH_UP_MS, PUBLIC_HISTORY_CATCH_UP_MS } from "./limits.ts";
import { accepted } from "./settled.ts";

// The recorder is a few milliseconds behind the engine, so the first look usually finds it there.
const FIRST_PAUSE_MS = 2;
const PAUSE_MAX_MS = 25;

type Point = Pick<Position, "epoch" | "entry">;

export class VenueHistory {
  readonly #database: Database;
  readonly #trading: TradingService;

  constructor(database: Database, trading: TradingService) {
    this.#database = database;
    this.#trading = trading;
  }

  /** The database, once it holds everything up to `point`. @throws ApiError HISTORY_BEHIND */
  async upTo(point: Point): Promise<Database> {
    if (!(await this.#caughtUp(point, HISTORY_CATCH_UP_MS))) throw new ApiError("HISTORY_BEHIND");
    return this.#database;
  }

  /** The database, once it holds everything the engine has applied by now. @throws ApiError */
  async upToNow(): Promise<Database> {
    return await this.upTo(accepted(await this.#trading.position(), "query"));
  }

  /** The database, for public data. */
  async public(): Promise<Database> {
    const point = this.#trading.lastAcknowledged;
    if (point !== undefined) await this.#caughtUp(point, PUBLIC_HISTORY_CATCH_UP_MS);
    return this.#database;
  }

  async #caughtUp({ epoch, entry }: Point, withinMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + withinMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
      const recorded = await recordedPosition(this.#database);
      // A later epoch goes on where this one ended: whatever of this one still counts is recorded.
      if (recorded !== undefined && (recorded.epoch > epoch || (recorded.epoch === epoch && recorded.entry >= entry))) return true;
      if (performance.now() + pauseMs > deadlineMs) return false;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

// Frees the parts of both logs that nobody can need any more: what the second-newest verified snapshot covers, and, of
// the event log, only what the recorders have stored.
//
// Never: takes what the newest two snapshots need to start from, nor trims the event log while no recorder is heard.
// A recorder's word counts only one snapshot later, because what it stored a moment ago may still die with its database.
import type { Redis } from "../../shared/redis.ts";
import { COMMAND_LOG, EVENT_LOG, entryId } from "../../shared/keys.ts";
import type { Logger } from "../../shared/logger.ts";
import type { WrittenSnapshot } from "../snapshotFile.ts";

/** What the recorders heard of within the last seconds have stored: the entry of the slowest; undefined when none is heard. */
export type StoredEntry = () => number | undefined;

export class LogTrim {
  readonly #redis: Redis;
  readonly #stored: StoredEntry;
  readonly #logger: Logger;
  #storedAtNewest: number | undefined;

  constructor(redis: Redis, stored: StoredEntry, logger: Logger) {
    this.#redis = redis;
    this.#stored = stored;
    this.#logger = logger;
  }

  /** Call when a snapshot is verified on disk. Never fails: what is not trimmed now is trimmed next time. */
  async afterSnapshot({ covered }: Pick<WrittenSnapshot, "covered">): Promise<void> {
    const stored = this.#storedAtNewest;
    this.#storedAtNewest = this.#stored();
    // One snapshot alone is not trusted.
    if (covered === undefined) return;
    try {
      // The entry of the snapshot itself stays: it proves at the next start that snapshot and log belong together.
      await this.#trim(COMMAND_LOG, covered);
      if (stored !== undefined) await this.#trim(EVENT_LOG, Math.min(covered, stored));
    } catch (error) {
      this.#logger.warn({ err: String(error) }, "the logs could not be trimmed; trying again after the next snapshot");
    }
  }

  // In bites: an approximate trim frees whole nodes, a bounded number of them a call, so Redis never stalls.
  async #trim(log: string, from: number): Promise<void> {
    while ((await this.#redis.xtrim(log, "MINID", "~", entryId(from))) > 0);
  }
}

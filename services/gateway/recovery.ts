// Buffer, then merge: how a stream with holes becomes whole again. Changes are held while a snapshot is fetched; those
// the snapshot contains are dropped, the rest follows it. Used for books and for accounts alike.
//
// Invariant: `live` only while snapshot and changes chained without a hole; otherwise it tries again, as long as wanted.
import type { Logger } from "../shared/logger.ts";
import { RECOVERY_CHANGES_MAX, RECOVERY_RETRY_MAX_MS, RECOVERY_RETRY_MIN_MS } from "./limits.ts";

export interface RecoveryOptions<Snapshot, Change> {
  /** For logs. */
  readonly what: string;
  readonly logger: Logger;
  readonly fetch: () => Promise<Snapshot>;
  /** Takes the snapshot and what followed it; false when they leave a hole, so that another snapshot is needed. */
  readonly merge: (snapshot: Snapshot, changes: readonly Change[]) => boolean;
}

export class Recovery<Snapshot, Change> {
  readonly #options: RecoveryOptions<Snapshot, Change>;
  #state: "stopped" | "fetching" | "live" = "stopped";
  #changes: Change[] = [];
  #attempt = 0; // whichever answer is not to the newest attempt is thrown away
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: RecoveryOptions<Snapshot, Change>) {
    this.#options = options;
  }

  get live(): boolean {
    return this.#state === "live";
  }
  get stopped(): boolean {
    return this.#state === "stopped";
  }

  /** Begins anew. The stream must already be delivering, or changes between snapshot and stream would be lost. */
  begin(): void {
    clearTimeout(this.#retry);
    this.#state = "fetching";
    this.#changes = [];
    const attempt = ++this.#attempt;
    this.#options.fetch().then(
      (snapshot) => {
        if (attempt !== this.#attempt) return;
        const changes = this.#changes;
        this.#changes = [];
        this.#state = "live";
        if (this.#options.merge(snapshot, changes)) this.#failures = 0;
        else if (attempt === this.#attempt) this.#again("the snapshot and the changes after it do not meet");
      },
      (error: unknown) => {
        if (attempt === this.#attempt) this.#again(String(error));
      },
    );
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#attempt++;
    this.#state = "stopped";
    this.#changes = [];
    this.#failures = 0;
  }

  /** Holds a change until the snapshot is there. Only while not live. */
  hold(change: Change): void {
    if (this.#state !== "fetching") return;
    // Too many: the next snapshot contains them anyway.
    if (this.#changes.length === RECOVERY_CHANGES_MAX) this.begin();
    else this.#changes.push(change);
  }

  #again(cause: string): void {
    this.#state = "fetching";
    this.#attempt++;
    const delayMs = Math.min(RECOVERY_RETRY_MIN_MS * 2 ** this.#failures, RECOVERY_RETRY_MAX_MS);
    if (this.#failures++ === 0) this.#options.logger.info({ cause, what: this.#options.what }, "recovering; trying again until it succeeds");
    this.#retry = setTimeout(() => this.begin(), delayMs);
  }
}

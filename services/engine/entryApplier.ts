// Applies log entries to the engine, for whoever has them: the replay at the start, the leader, the standby.
//
// Owns what surrounds an entry: the copy of its outputs, the sampled checks, the digest when one is due, and the record
// of where the engine broke. Never: catches an error to go on after it.
import type { CrashRecord } from "./crashRecord.ts";
import type { AppliedEntry, Engine } from "./engine.ts";
import type { LogEntry } from "./log/commandLog.ts";
import { copyOutputs, type Outputs } from "./outbound.ts";
import { SampledChecks } from "./sampledChecks.ts";
import { isDigestDue, stateDigest } from "./stateDigest.ts";

export class EntryApplier {
  readonly engine: Engine;
  readonly #checks: SampledChecks;
  readonly #crashes: CrashRecord;

  constructor(engine: Engine, crashes: CrashRecord) {
    this.engine = engine;
    this.#checks = new SampledChecks(engine);
    this.#crashes = crashes;
  }

  /**
   * What the entry came to, in the engine's own buffers.
   * @throws what the engine threw, or StoppedAtCommand when it did so too often: the process must end.
   */
  apply({ entry, bytes }: LogEntry): AppliedEntry {
    try {
      const applied = this.engine.applyEntry(bytes, entry);
      // Before anybody is told: what contradicts itself is not published.
      this.#checks.run();
      this.#crashes.passed(entry);
      return applied;
    } catch (error) {
      throw this.#crashes.broke(entry, this.engine.seq, error);
    }
  }

  /** The same, copied, with the digest of the state if one is due. */
  outputs(entry: LogEntry): Outputs {
    const before = this.engine.seq;
    const outputs = copyOutputs(this.apply(entry), entry.bytes);
    return isDigestDue(before, this.engine) ? { ...outputs, digest: stateDigest(this.engine) } : outputs;
  }
}

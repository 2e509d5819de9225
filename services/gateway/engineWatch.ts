// Notices, from heartbeats, that the engine was started anew or another took over: what the old one had not published
// when it ended will never come, so books must be taken anew even if no hole shows.
import type { HeartbeatBoard } from "../shared/heartbeat.ts";

export class EngineWatch {
  #instance: string | undefined;
  #epoch = 0;
  #seq = 0n;

  constructor(board: HeartbeatBoard, changed: () => void) {
    board.onBeat(({ service, ready, instanceId, epoch, seq }) => {
      if (service !== "engine" || !ready) return;
      this.#seq = seq;
      const same = this.#instance === instanceId && this.#epoch === epoch;
      this.#instance = instanceId;
      this.#epoch = epoch;
      // The first one heard counts as another: which one was heard of before is not known.
      if (!same) changed();
    });
  }

  /** The last command the engine was heard to have applied. */
  get seq(): bigint {
    return this.#seq;
  }
}

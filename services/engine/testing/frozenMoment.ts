// A moment of an engine's state as a snapshot would freeze it, to be written down later: what the engine does meanwhile
// must not show.
import { FreezeArea } from "../freezeArea.ts";
import { freeze, frozenBytes, frozenView, type FrozenState } from "../frozenState.ts";
import { snapshotOf, takeSnapshot } from "../snapshot.ts";
import type { Engine } from "../engine.ts";

export class FrozenMoment {
  readonly entry: number;
  readonly #posted: FrozenState;
  readonly #expected: Uint8Array;

  constructor(engine: Engine) {
    this.entry = engine.entry;
    // Half of what is needed: the rest gets memory of its own.
    const area = new FreezeArea(FreezeArea.prepare(Math.floor(frozenBytes(engine) / 2)));
    const frozen = freeze(engine, area);
    this.#posted = structuredClone(frozen, { transfer: area.buffers });
    this.#expected = takeSnapshot(engine);
  }

  /** @throws Error unless what is written now is what the engine itself wrote at that moment. */
  check(): void {
    const written = snapshotOf(frozenView(this.#posted)).bytes;
    if (Buffer.compare(written, this.#expected) !== 0) throw new Error(`the frozen state of entry ${this.entry} is written as other bytes than the engine's own`);
  }
}

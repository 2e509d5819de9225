// (b) The whole engine as it runs: encoded log entries in; rules, dedupe, ledger, fees, events and market data out, as bytes.
import { Engine, type AppliedEntry } from "../../services/engine/engine.ts";
import { ProtobufWriter } from "../../services/engine/protobufWriter.ts";
import { checkInvariants } from "../../services/engine/checks.ts";
import { EventFills } from "./eventFills.ts";
import { nanoseconds, type Fills, type Subject } from "./subject.ts";
import { FILL_HASH_START, type Tape } from "./tape.ts";
import { openingEntry, TapeCommands } from "./tapeCommands.ts";

const BYTES_PER_COMMAND = 72;

export class WholeEngine implements Subject {
  readonly #tape: Tape;
  readonly #commands: TapeCommands;
  readonly #opening: Uint8Array;
  readonly #bytes: Uint8Array;
  // Where each entry ends, and how many of them build the book.
  readonly #ends: Float64Array;
  readonly #prefillEntries: number;
  #engine = new Engine();
  #outcome = 0;

  constructor(tape: Tape, commandsPerEntry: number) {
    this.#tape = tape;
    this.#opening = openingEntry(tape.users);
    const out = new ProtobufWriter(tape.records * BYTES_PER_COMMAND);
    this.#commands = new TapeCommands(tape, out);
    const ends: number[] = [];
    const encode = (from: number, to: number): void => {
      for (let record = from; record < to; record += commandsPerEntry) {
        this.#commands.entry(record, Math.min(to, record + commandsPerEntry));
        ends.push(out.at);
      }
    };
    encode(0, tape.prefill);
    this.#prefillEntries = ends.length;
    encode(tape.prefill, tape.records);
    this.#ends = Float64Array.from(ends);
    this.#bytes = out.bytes;
  }

  prepare(): void {
    this.#engine = new Engine();
    this.#engine.applyEntry(this.#opening, 1);
    for (let entry = 0; entry < this.#prefillEntries; entry++) this.#apply(entry);
    this.#outcome = 0;
  }

  play(): void {
    const count = this.#ends.length;
    for (let entry = this.#prefillEntries; entry < count; entry++) {
      const { events, marketData } = this.#apply(entry);
      this.#outcome += events.length;
      for (const { bytes } of marketData) this.#outcome += bytes.length;
    }
  }

  playTimed(into: Float64Array): void {
    const count = this.#ends.length;
    for (let entry = this.#prefillEntries; entry < count; entry++) {
      const start = performance.now();
      this.#apply(entry);
      into[entry - this.#prefillEntries] = nanoseconds(performance.now() - start);
    }
  }

  playChecked(): Fills {
    this.prepare();
    const fills = new EventFills(this.#commands.tapeIds, FILL_HASH_START);
    for (let entry = this.#prefillEntries; entry < this.#ends.length; entry++) fills.read(this.#apply(entry).events);
    checkInvariants(this.#engine);
    return { count: fills.count, hash: fills.hash };
  }

  outcome(): number {
    return this.#outcome;
  }

  #apply(entry: number): AppliedEntry {
    const start = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
    return this.#engine.applyEntry(this.#bytes.subarray(start, this.#ends[entry]), entry + 2);
  }
}

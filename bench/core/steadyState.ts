// What the engine leaves behind when it runs on and on: the tape is played round after round on one engine, its book
// cleared in between, and the JavaScript heap is weighed before and after, and sampled on the way.
import { Engine } from "../../services/engine/engine.ts";
import { ProtobufWriter } from "../../services/engine/protobufWriter.ts";
import { checkInvariants } from "../../services/engine/checks.ts";
import { BenchError } from "../benchError.ts";
import type { Tape } from "./tape.ts";
import { openingEntry, TapeCommands } from "./tapeCommands.ts";

const COMMANDS_PER_ENTRY = 64;
const WARM_UP_COMMANDS = 1_000_000;
const SAMPLE_ENTRIES = 256;

export interface SteadyState {
  readonly commands: number;
  /** Used heap after a collection, after minus before. */
  readonly heapGrowthBytes: number;
  /** Same for typed arrays' memory outside the heap. */
  readonly arrayGrowthBytes: number;
  /** What was allocated on the heap on the way, per tape command and per log entry, feeding the engine included. */
  readonly heapBytesPerCommand: number;
  readonly heapBytesPerEntry: number;
}

export function measureSteadyState(tape: Tape, wanted: number): SteadyState {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new BenchError("The heap can only be weighed in a process started with --expose-gc.");
  const engine = new Engine();
  engine.applyEntry(openingEntry(tape.users), 1);
  const out = new ProtobufWriter(1 << 20);
  const commands = new TapeCommands(tape, out);
  let record = 0;
  let played = 0;
  let entries = 0;
  let allocated = 0;
  let heap = 0;
  const play = (until: number): void => {
    while (played < until) {
      out.at = 0;
      if (record === tape.records) {
        commands.cancelAll();
        commands.nextRound();
        record = 0;
      } else {
        const to = Math.min(tape.records, record + COMMANDS_PER_ENTRY);
        commands.entry(record, to);
        played += to - record;
        record = to;
      }
      engine.applyEntry(out.bytes.subarray(0, out.at), engine.entry + 1);
      if (++entries % SAMPLE_ENTRIES === 0) {
        const now = process.memoryUsage().heapUsed;
        // A collection in between hides its sample's share; with a hundred samples to a collection that is a percent.
        if (now > heap) allocated += now - heap;
        heap = now;
      }
    }
  };
  play(Math.max(WARM_UP_COMMANDS, tape.prefill * 2));
  collect();
  collect();
  const before = process.memoryUsage();
  const first = { played, entries };
  allocated = 0;
  heap = before.heapUsed;
  play(played + wanted);
  const count = played - first.played;
  const entryCount = entries - first.entries;
  const allocatedOnTheWay = allocated;
  collect();
  collect();
  const after = process.memoryUsage();
  checkInvariants(engine);
  return {
    commands: count,
    heapGrowthBytes: after.heapUsed - before.heapUsed,
    arrayGrowthBytes: after.arrayBuffers - before.arrayBuffers,
    heapBytesPerCommand: allocatedOnTheWay / count,
    heapBytesPerEntry: allocatedOnTheWay / entryCount,
  };
}

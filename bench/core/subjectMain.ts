// One measured subject in a process of its own, told what to do by the bench: so the heap and the compiled code of one
// subject never weigh on another.
import { readFileSync } from "node:fs";
import { BookAlone } from "./bookAlone.ts";
import { NodejsOrderBook } from "./nodejsOrderBook.ts";
import { percentiles } from "./percentiles.ts";
import { measureSteadyState } from "./steadyState.ts";
import type { Subject } from "./subject.ts";
import type { Answer, Order, SubjectName, TapeSource } from "./subjectProcess.ts";
import { readTape, type Tape } from "./tape.ts";
import { generateTape } from "./tapeGenerator.ts";
import { WholeEngine } from "./wholeEngine.ts";
import { measureWindowWalk } from "./windowWalk.ts";

const BATCH = 64;

let tape: Tape | undefined;
let subject: Subject | undefined;

const load = (source: TapeSource): Tape => (source.kind === "file" ? readTape(readFileSync(source.path), source.path) : generateTape(source.shape));

function open(name: SubjectName, of: Tape): Subject {
  switch (name) {
    case "book":
      return new BookAlone(of);
    case "engine":
      return new WholeEngine(of, BATCH);
    case "engine1":
      return new WholeEngine(of, 1);
    case "rival":
      return new NodejsOrderBook(of);
  }
}

function obey(order: Order): Answer {
  if (order.do === "open") {
    tape = load(order.tape);
    subject = order.subject === "steady" ? undefined : open(order.subject, tape);
    return { did: "open", records: tape.records, prefill: tape.prefill, fills: tape.fills, fillHash: tape.fillHash };
  }
  if (order.do === "walk") return { did: "walk", walk: measureWindowWalk(order.steps) };
  if (tape === undefined) throw new Error("no tape is open");
  if (order.do === "steady") return { did: "steady", steady: measureSteadyState(tape, order.commands) };
  if (subject === undefined) throw new Error("no subject is open");
  switch (order.do) {
    case "check":
      return { did: "check", fills: subject.playChecked() };
    case "round": {
      subject.prepare();
      (globalThis as { gc?: () => void }).gc?.();
      const start = performance.now();
      subject.play();
      return { did: "round", seconds: (performance.now() - start) / 1000, outcome: subject.outcome(), residentBytes: process.memoryUsage().rss };
    }
    case "latencies": {
      const into = new Float64Array(tape.records - tape.prefill);
      subject.prepare();
      subject.playTimed(into);
      return { did: "latencies", nanoseconds: percentiles(into) };
    }
  }
}

process.on("message", (order: Order) => {
  try {
    process.send?.(obey(order));
  } catch (error) {
    process.send?.({ did: "failed", message: (error as Error).message } satisfies Answer);
  }
});
process.on("disconnect", () => process.exit(0));

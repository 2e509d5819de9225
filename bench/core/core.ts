// `core`: commands per second of the matching core in process, on tapes: (a) the book alone, (b) the whole engine on
// encoded log entries, (c) npm nodejs-order-book.
//
// The subjects take turns, round by round, so that a machine that slows down slows all of them down; each plays the
// tape once before, checked fill by fill against the tape's header.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { readFlags, UsageError, wholeNumber } from "../../scripts/commandFlags.ts";
import { BenchError } from "../benchError.ts";
import { describeMachine, type Machine } from "../machine.ts";
import { median, type Percentiles } from "./percentiles.ts";
import type { SteadyState } from "./steadyState.ts";
import { SubjectProcess, type SubjectName, type TapeSource } from "./subjectProcess.ts";
import { PRESETS, type TapeShape } from "./tapeGenerator.ts";
import type { WindowWalk } from "./windowWalk.ts";

const SUBJECTS = ["book", "engine", "engine1", "rival"] as const satisfies readonly SubjectName[];
const COMMANDS_MAX = 1_000_000_000;

export interface CoreOptions {
  readonly tapes: readonly { readonly name: string; readonly source: TapeSource }[];
  readonly subjects: readonly SubjectName[];
  readonly rounds: number;
  readonly steadyCommands: number;
  readonly walk: boolean;
  readonly json: boolean;
}

export interface SubjectResult {
  readonly perSecond: number;
  readonly rounds: readonly number[];
  /** Of single commands; absent for the batches of 64, where a command has no beginning of its own. */
  readonly nanoseconds?: Percentiles;
  readonly residentMiB: number;
}

export interface TapeResult {
  readonly tape: string;
  readonly commands: number;
  readonly fills: number;
  readonly subjects: Readonly<Partial<Record<SubjectName, SubjectResult>>>;
  readonly bookToRival?: number;
  readonly engineToRival?: number;
  readonly steady?: SteadyState;
}

export interface CoreResult {
  readonly bench: "core";
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly tapes: readonly TapeResult[];
  /** With --walk. */
  readonly walk?: WindowWalk;
}

const WALK_STEPS = 500_000;
/** @throws UsageError naming the flag that is wrong. */
export function readCoreOptions(args: readonly string[]): CoreOptions {
  const several = { type: "string", multiple: true, default: [] as string[] } as const;
  const yes = { type: "boolean", default: false } as const;
  const values = readFlags("bench core", args, {
    tape: several,
    preset: several,
    commands: { type: "string" },
    rounds: { type: "string", default: "5" },
    only: several,
    steady: { type: "string", default: "10000000" },
    walk: yes,
    json: yes,
  });
  const commands = values.commands === undefined ? undefined : wholeNumber("--commands", values.commands, { least: 1, most: COMMANDS_MAX });
  const presets = values.preset.length + values.tape.length === 0 ? ["s1k"] : values.preset;
  const tapes = [
    ...values.tape.map((path) => ({ name: path, source: { kind: "file", path: tapeFile(path) } as const })),
    ...presets.map((name) => {
      const preset: TapeShape | undefined = Object.entries(PRESETS).find(([key]) => key === name)?.[1];
      if (preset === undefined) throw new UsageError(`There is no preset "${name}"; the presets are: ${Object.keys(PRESETS).join(", ")}.`);
      return { name, source: { kind: "generated", shape: commands === undefined ? preset : { ...preset, commands } } as const };
    }),
  ];
  const subjects = values.only.map((name): SubjectName => {
    const known = SUBJECTS.find((s) => s === name);
    if (known === undefined) throw new UsageError(`--only must be one of ${SUBJECTS.join(", ")}, not "${name}".`);
    return known;
  });
  return {
    tapes,
    subjects: subjects.length === 0 ? SUBJECTS : subjects,
    rounds: wholeNumber("--rounds", values.rounds, { least: 1, most: 1_000 }),
    steadyCommands: wholeNumber("--steady", values.steady, { least: 0, most: COMMANDS_MAX }),
    walk: values.walk,
    json: values.json,
  };
}

function tapeFile(path: string): string {
  const file = resolve(path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`--tape ${path} is no file.`);
  return file;
}

export async function measureCore(root: string, options: CoreOptions): Promise<CoreResult> {
  const tapes: TapeResult[] = [];
  for (const { name, source } of options.tapes) tapes.push(await measureTape(root, name, source, options));
  const walk = options.walk ? { walk: await measureWalk(root) } : {};
  return { bench: "core", date: new Date().toISOString().slice(0, 10), machine: describeMachine(), rounds: options.rounds, tapes, ...walk };
}

async function measureTape(root: string, name: string, source: TapeSource, options: CoreOptions): Promise<TapeResult> {
  const say = (text: string) => process.stderr.write(`${name}: ${text}\n`);
  const running = new Map<SubjectName, SubjectProcess>();
  try {
    let commands = 0;
    let fills = 0;
    for (const subject of options.subjects) {
      const process = new SubjectProcess(root);
      running.set(subject, process);
      const tape = await process.ask({ do: "open", tape: source, subject }, "open");
      const checked = (await process.ask({ do: "check" }, "check")).fills;
      if (checked.count !== tape.fills || checked.hash !== tape.fillHash) {
        throw new BenchError(`${subject} does not play ${name} as its header says: ${checked.count} fills with hash ${checked.hash} instead of ${tape.fills} with ${tape.fillHash}.`);
      }
      say(`${subject}: ${tape.fills} fills, as the header says`);
      commands = tape.records - tape.prefill;
      fills = tape.fills;
    }
    const seconds = new Map<SubjectName, number[]>();
    const memory = new Map<SubjectName, number>();
    const outcomes = new Map<SubjectName, number>();
    for (let round = 1; round <= options.rounds; round++) {
      for (const [subject, process] of running) {
        const measured = await process.ask({ do: "round" }, "round");
        if ((outcomes.get(subject) ?? measured.outcome) !== measured.outcome) throw new BenchError(`${subject} came to another outcome in round ${round} than before.`);
        outcomes.set(subject, measured.outcome);
        seconds.set(subject, [...(seconds.get(subject) ?? []), measured.seconds]);
        memory.set(subject, measured.residentBytes);
        say(`round ${round}, ${subject}: ${millions(commands / measured.seconds)} M/s`);
      }
    }
    const subjects: Partial<Record<SubjectName, SubjectResult>> = {};
    for (const [subject, process] of running) {
      const rounds = (seconds.get(subject) ?? []).map((s) => commands / s);
      const result = { perSecond: median(rounds), rounds, residentMiB: Math.round((memory.get(subject) ?? 0) / 2 ** 20) };
      subjects[subject] = subject === "engine" ? result : { ...result, nanoseconds: (await process.ask({ do: "latencies" }, "latencies")).nanoseconds };
      process.end();
      running.delete(subject);
    }
    const { book, engine, rival } = subjects;
    return {
      tape: name,
      commands,
      fills,
      subjects,
      ...(book !== undefined && rival !== undefined ? { bookToRival: book.perSecond / rival.perSecond } : {}),
      ...(engine !== undefined && rival !== undefined ? { engineToRival: engine.perSecond / rival.perSecond } : {}),
      ...(engine !== undefined && options.steadyCommands > 0 ? { steady: await measureSteady(root, source, options.steadyCommands) } : {}),
    };
  } finally {
    for (const process of running.values()) process.end();
  }
}

async function measureSteady(root: string, source: TapeSource, commands: number): Promise<SteadyState> {
  const process = new SubjectProcess(root);
  try {
    await process.ask({ do: "open", tape: source, subject: "steady" }, "open");
    return (await process.ask({ do: "steady", commands }, "steady")).steady;
  } finally {
    process.end();
  }
}

async function measureWalk(root: string): Promise<WindowWalk> {
  const process = new SubjectProcess(root);
  try {
    return (await process.ask({ do: "walk", steps: WALK_STEPS }, "walk")).walk;
  } finally {
    process.end();
  }
}

const millions = (perSecond: number): string => (perSecond / 1e6).toFixed(3);

const TITLES: Readonly<Record<SubjectName, string>> = {
  book: "(a) book alone",
  engine: "(b) whole engine, 64 per entry",
  engine1: "(b) whole engine, 1 per entry",
  rival: "(c) nodejs-order-book 10.1.1",
};

export function coreInWords(result: CoreResult): string {
  const { machine } = result;
  const lines = [`${result.date}; ${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}; medians of ${result.rounds} rounds`];
  for (const tape of result.tapes) {
    lines.push("", `${tape.tape}: ${tape.commands} commands, ${tape.fills} fills, checked`);
    lines.push(`${"".padEnd(32)}${["M/s", "p50 ns", "p99 ns", "p99.9 ns", "max ns", "MiB"].map((cell) => cell.padStart(11)).join("")}`);
    for (const subject of SUBJECTS) {
      const measured = tape.subjects[subject];
      if (measured === undefined) continue;
      const ns = measured.nanoseconds;
      const cells = [millions(measured.perSecond), ns?.p50 ?? "", ns?.p99 ?? "", ns?.p999 ?? "", ns?.max ?? "", measured.residentMiB];
      lines.push(`${TITLES[subject].padEnd(32)}${cells.map((cell) => String(cell).padStart(11)).join("")}`);
    }
    if (tape.bookToRival !== undefined) lines.push(`(a) / (c) = ${tape.bookToRival.toFixed(1)}`);
    if (tape.engineToRival !== undefined) lines.push(`(b) / (c) = ${tape.engineToRival.toFixed(1)}`);
    if (tape.steady !== undefined) {
      const { commands, heapGrowthBytes, arrayGrowthBytes, heapBytesPerCommand, heapBytesPerEntry } = tape.steady;
      lines.push(
        `steady state of (b): over ${commands} commands the heap grew by ${heapGrowthBytes} bytes and typed arrays by ${arrayGrowthBytes}; ` +
          `allocated on the way: ${heapBytesPerCommand.toFixed(1)} bytes per command, ${heapBytesPerEntry.toFixed(0)} per entry of 64`,
      );
    }
  }
  if (result.walk !== undefined) {
    const row = ({ p50, p99, p999, max }: Percentiles): string => `p50 ${p50}, p99 ${p99}, p99.9 ${p999}, max ${max} ns`;
    lines.push("", `the window over a market that walks ${result.walk.walkedTicks} ticks, ${result.walk.commands} adds and removes, each the fastest of five walks`);
    lines.push(`  alone: ${row(result.walk.plain)}`, `  with orders at 1 tick and at 10^9: ${row(result.walk.withFarOrders)}`);
  }
  return `${lines.join("\n")}\n`;
}

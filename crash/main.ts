// `npm run crash -- [flags]`: parts of a whole exchange killed under load. The result goes to standard output, progress
// to standard error; the exit code is 1 when the checker found anything.
import { BenchError } from "../bench/benchError.ts";
import { describeMachine, type Machine } from "../bench/machine.ts";
import { readFlags, UsageError, wholeNumber } from "../scripts/commandFlags.ts";
import { CrashError } from "./crashError.ts";
import { MODEL_MS, REST_RATE_BESIDE } from "./limits.ts";
import type { Rates } from "./orderLoad.ts";
import { Siege, type Recovery, type Verdict } from "./siege.ts";
import { MEASURED, TARGETS, type Target } from "./targets.ts";

const HELP = `npm run crash -- --target NAME [flags]

  Starts a whole private exchange, sends it orders, kills parts of it with SIGKILL at random moments (one kill in eight is
  followed by another while the part is starting), and judges the whole history against what every client was told.

      --target engine      engine, redis, api, gateway, recorder or postgres; may be given again: they take turns;
                           standby: runs a second engine, and kills whichever leads
      --kills 10           how many times
      --rate 500           orders a second; those beyond ${REST_RATE_BESIDE} by REST go to the log through an ingress of the load's own,
                           but all by REST when the api is a target;
                           three in ten of those to the log are of other kinds: stops, icebergs, pegs, lists, replacements
      --clients 8          accounts that trade, each with its own orders
      --open-orders 0      orders that rest in the books besides
      --watchers 2         socket clients that follow every book and their own account
      --seed 1             of every decision
      --json               print one JSON object
`;

export interface CrashOptions {
  readonly targets: readonly Target[];
  readonly kills: number;
  readonly rates: Rates;
  readonly clients: number;
  readonly openOrders: number;
  readonly watchers: number;
  readonly seed: number;
  readonly json: boolean;
}

interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface CrashResult {
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly kills: number;
  readonly ratesWanted: Rates;
  readonly sentPerSecond: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: { readonly all: number; readonly executed: number; readonly notExecuted: number; readonly unresolved: number };
  readonly lost: number;
  readonly duplicated: number;
  /** Everything the checker found, these two included. */
  readonly findings: Readonly<Record<string, number>>;
  readonly samples: readonly string[];
  readonly recoveryMs: Readonly<Record<string, Spread>>;
  /** The same, of parts that were killed again while starting. */
  readonly recoveryAfterSecondKillMs: Readonly<Record<string, Spread>>;
  readonly replayMs: Spread;
  readonly history: Pick<Verdict, "entries" | "commands" | "trades" | "openOrders" | "trimmed" | "recorded" | "model" | "auctions" | "watchers">;
  readonly said: Readonly<Record<string, number>>;
  readonly skippedBeats: number;
  readonly machine: Machine;
}

/** @returns the exit code. @throws UsageError: one sentence. */
export async function main(args: readonly string[], { root }: { root: string }): Promise<number> {
  if (args.length === 0 || args.includes("--help")) {
    process.stdout.write(HELP);
    return args.length === 0 ? 2 : 0;
  }
  const options = readOptions(args);
  try {
    const result = await crash(root, options, (text) => process.stderr.write(`${text}\n`));
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : inWords(result));
    return Object.keys(result.findings).length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof CrashError || error instanceof BenchError) {
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}

/** @throws UsageError naming the flag that is wrong. */
export function readOptions(args: readonly string[]): CrashOptions {
  const number = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const values = readFlags("crash", args, {
    target: { type: "string", multiple: true, default: [] },
    kills: number("10"),
    rate: number("500"),
    clients: number("8"),
    "open-orders": number("0"),
    watchers: number("2"),
    seed: number("1"),
    json: { type: "boolean" },
  });
  const whole = (name: string, text: string, least: number, most: number): number => wholeNumber(`--${name}`, text, { least, most });
  const targets = values.target.map((name): Target => {
    const target = TARGETS.find((known) => known === name);
    if (target === undefined) throw new UsageError(`There is no target "${name}"; the targets are: ${TARGETS.join(", ")}.`);
    return target;
  });
  if (targets.length === 0) throw new UsageError(`--target is missing; the targets are: ${TARGETS.join(", ")}.`);
  const rate = whole("rate", values.rate, 1, 100_000);
  const rest = targets.includes("api") ? rate : Math.min(rate, REST_RATE_BESIDE);
  return {
    targets,
    kills: whole("kills", values.kills, 1, 100_000),
    rates: { rest, log: rate - rest },
    clients: whole("clients", values.clients, 1, 1_000),
    openOrders: whole("open-orders", values["open-orders"], 0, 1_000_000),
    watchers: whole("watchers", values.watchers, 0, 1_000),
    seed: whole("seed", values.seed, 0, 2 ** 31 - 1),
    json: values.json === true,
  };
}

/** One run from start to verdict; Ctrl-C ends it after the kill in hand, and judges what was done until then. */
export async function crash(root: string, options: CrashOptions, say: (text: string) => void): Promise<CrashResult> {
  const { targets, kills, rates, clients, openOrders, watchers, seed } = options;
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  say("starting a private exchange");
  const siege = await Siege.lay(root, { rates, clients, watchers, openOrders, standby: targets.includes("standby"), seed, modelMs: MODEL_MS, say });
  try {
    let toldMs = performance.now();
    for (let i = 0; siege.kills < kills && !interrupted; i++) {
      await siege.kill(targets[i % targets.length] as Target);
      if (performance.now() - toldMs < 15_000) continue;
      toldMs = performance.now();
      const last = siege.recoveries.at(-1);
      say(`${siege.kills} of ${kills} kills, ${siege.load.calls.length.toLocaleString("en")} calls; the ${last?.target} was last back after ${last?.ms} ms`);
    }
    return result(options, siege.kills, siege.recoveries, await siege.judge());
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    await siege.lift();
  }
}

export function result({ targets, seed, rates }: CrashOptions, kills: number, recoveries: readonly Recovery[], verdict: Verdict): CrashResult {
  const { findings, calls, entries, commands, trades, openOrders, trimmed, recorded, model, auctions, watchers, said, skipped, sentPerSecond, replayMs } = verdict;
  const byTarget = (again: boolean): Record<string, Spread> =>
    Object.fromEntries(
      [...new Set(recoveries.filter((r) => r.again === again).map(({ target }) => target))].map((target) => [target, spread(recoveries.filter((r) => r.target === target && r.again === again).map(({ ms }) => ms))]),
    );
  return {
    targets,
    seed,
    kills,
    ratesWanted: rates,
    sentPerSecond,
    sent: calls.calls,
    acknowledged: calls.acknowledged,
    refused: calls.refused,
    unknown: { all: calls.unknown, executed: calls.unknownExecuted, notExecuted: calls.unknownNotExecuted, unresolved: calls.unresolved },
    lost: findings.count("lost"),
    duplicated: findings.count("duplicated"),
    findings: findings.byKind(),
    samples: findings.samples,
    recoveryMs: byTarget(false),
    recoveryAfterSecondKillMs: byTarget(true),
    replayMs: spread(replayMs),
    history: { entries, commands, trades, openOrders, trimmed, recorded, model, auctions, watchers },
    said,
    skippedBeats: skipped,
    machine: describeMachine(),
  };
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

function inWords(result: CrashResult): string {
  const { machine, history, unknown, recoveryMs, recoveryAfterSecondKillMs } = result;
  const n = (value: number): string => value.toLocaleString("en");
  const spreadText = ({ count, p50, p99, max }: Spread): string => `p50 ${n(p50)}, p99 ${n(p99)}, max ${n(max)} ms (${count})`;
  const lines = [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}; seed ${result.seed}`,
    `${n(result.kills)} kills; ${n(result.sent)} calls, ${n(result.sentPerSecond)} a second (wanted ${n(result.ratesWanted.rest)} by REST, ${n(result.ratesWanted.log)} to the log)`,
    `acknowledged ${n(result.acknowledged)}, refused ${n(result.refused)}, unknown ${n(unknown.all)}: executed ${n(unknown.executed)}, not executed ${n(unknown.notExecuted)}, never answered ${n(unknown.unresolved)}`,
    `lost ${result.lost}, duplicated ${result.duplicated}`,
    "",
    ...Object.entries(recoveryMs).map(([target, times]) => `${target}: ${MEASURED[target as Target]} after ${spreadText(times)}`),
    ...Object.entries(recoveryAfterSecondKillMs).map(([target, times]) => `${target}, killed again while starting: ${spreadText(times)}`),
    result.replayMs.count > 0 ? `replay: ${spreadText(result.replayMs)}` : "",
    "",
    `judged: ${n(history.entries)} log entries, ${n(history.commands)} commands, ${n(history.trades)} trades, ${n(history.auctions)} auctions, ${n(history.openOrders)} orders open at the end`,
    `trimmed on the way: ${n(history.trimmed.commands)} command entries, ${n(history.trimmed.events)} event entries`,
    `recorded: ${n(history.recorded.orders)} orders, ${n(history.recorded.trades)} trades, ${n(history.recorded.balanceChanges)} balance changes`,
    `model: ${n(history.model.commands)} commands compared${history.model.complete ? ", all of them, and its books" : ""}`,
    `sockets: ${n(history.watchers.executions)} executions and ${n(history.watchers.snapshots)} snapshots`,
    ...Object.entries(result.said).map(([what, count]) => `  ${n(count)} × ${what}`),
    "",
    Object.keys(result.findings).length === 0 ? "The checker found nothing wrong." : `The checker found: ${Object.entries(result.findings).map(([kind, count]) => `${count} × ${kind}`).join(", ")}`,
    ...result.samples,
  ];
  return `${lines.filter((line, i) => line !== "" || lines[i - 1] !== "").join("\n")}\n`;
}

// `npm run bench -- <name> [flags]`: which measurement is meant. The result goes to standard output, progress to standard error.
import { UsageError } from "../scripts/commandFlags.ts";
import { coreInWords, measureCore, readCoreOptions } from "./core/core.ts";
import { measureReplay, readReplayOptions, replayInWords } from "./replay/replay.ts";
import { measureE2e, readE2eOptions, type E2eResult } from "./e2e.ts";
import { measureSnapshot, readSnapshotOptions, snapshotInWords } from "./snapshot/snapshot.ts";

const HELP = `npm run bench -- <bench> [flags]

  e2e    REST order to acknowledgement on a whole private exchange
      --rate 200         requests per second, sent on a fixed beat
      --connections 8    keep-alive connections, one account each
      --seconds 20       measured time, after a warm-up of 3 s
      --seed 1           of the mix of orders
      --no-flow          without simulated traders
      --no-web           without the trading screen
      --json             print one JSON object

  replay commands per second of an engine that starts on a log in a real redis-server, every stored answer compared
      --commands 1000000
      --per-entry 8      commands in one log entry
      --json             print one JSON object

  snapshot  how long a snapshot holds a busy engine, what it costs beside it, and how long a start from it takes
      --accounts 100000  with four balances each
      --orders 100000    open, of every kind that rests or waits
      --rounds 5         snapshots
      --json             print one JSON object

  core   commands per second of the matching core in process: the book alone, the whole engine, npm nodejs-order-book
      --tape FILE        a tape to play; may be given again
      --preset s1k       a tape made here: s1k, s10k, s100k, s1m, xc1k; may be given again
      --commands N       a preset with another number of commands
      --rounds 5         timed rounds per subject; the medians are told
      --only NAME        book, engine, engine1 or rival; may be given again
      --walk             also time a market that walks, with and without orders far away
      --steady 10000000  commands of the steady state whose heap is weighed; 0 leaves it out
      --json             print one JSON object
`;

/** @returns the exit code. @throws BenchError or UsageError: one sentence. */
export async function main(args: readonly string[], { root }: { root: string }): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || rest.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  if (name === "core") {
    const options = readCoreOptions(rest);
    const result = await measureCore(root, options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : coreInWords(result));
    return 0;
  }
  if (name === "snapshot") {
    const options = readSnapshotOptions(rest);
    const result = await measureSnapshot(root, options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : snapshotInWords(result));
    return 0;
  }
  if (name === "replay") {
    const options = readReplayOptions(rest);
    const result = await measureReplay(options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : replayInWords(result));
    return result.sameState ? 0 : 1;
  }
  if (name !== "e2e") throw new UsageError(`There is no bench "${name}"; the benches are: core, e2e, replay, snapshot.`);
  const options = readE2eOptions(rest);
  const result = await measureE2e(root, options);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : inWords(result));
  return result.acknowledged > 0 ? 0 : 1;
}

function inWords(result: E2eResult): string {
  const { machine } = result;
  const row = (name: string, { count, p50, p90, p99, p999, max }: E2eResult["latencyMs"]) =>
    `${name.padEnd(10)}${[count, ...[p50, p90, p99, p999, max].map((ms) => ms.toFixed(2))].map((cell) => String(cell).padStart(10)).join("")}\n`;
  const counts = (title: string, of: Readonly<Record<string, number>>) => (Object.keys(of).length === 0 ? "" : `${title}: ${Object.entries(of).map(([what, n]) => `${n} × ${what}`).join(", ")}\n`);
  return [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}; flow ${result.flow ? "on" : "off"}, screen ${result.web ? "on" : "off"}\n`,
    `${result.requests} requests at ${result.rate}/s over ${result.connections} connections; ${result.achievedRate} acknowledged per second\n\n`,
    `${"ms".padEnd(10)}${["count", "p50", "p90", "p99", "p99.9", "max"].map((cell) => cell.padStart(10)).join("")}\n`,
    row("all", result.latencyMs),
    row("resting", result.latencyMsByKind.rest),
    row("crossing", result.latencyMsByKind.cross),
    row("cancel", result.latencyMsByKind.cancel),
    counts("refused", result.refused),
    counts("errors", result.errors),
  ].join("");
}

// `npm run prove -- [flags]`: random commands to the fast engine and to the naive one until something differs.
// The result goes to standard output, progress to standard error.
import { join } from "node:path";
import { printEntries } from "../../services/engine/suite/commandList.ts";
import type { ComparisonOptions } from "../../services/engine/suite/comparison.ts";
import { isFailure, minimal, run } from "../../services/engine/suite/proof.ts";
import { readFlags, UsageError, wholeNumber } from "../commandFlags.ts";
import { namespacesPossible, proveLinkCuts, proveZombies } from "./enginePair.ts";
import { proveIdempotency } from "./idempotency.ts";
import { proveLogCuts } from "./logCuts.ts";
import { proveRuntimes } from "./runtimes.ts";
import { proveSnapshots } from "./snapshots.ts";

const HELP = `npm run prove -- [flags]

  The fast engine against a naive one: seeded random commands to both, and after each command every event, book, balance
  and open order compared; at intervals the state by hash, every invariant, and an engine restored from a snapshot.

      --commands 200000   how many, on fresh venues of 5000 commands each
      --seed 1            of the first venue; the next has the next seed
      --runtimes          instead: the same commands give the same bytes and the same state on Node 20, Node 24 and Bun,
                          which are fetched from the package registry into dist/runtimes on first use (about 200 MB)
      --idempotency 100000  instead: so many orders, each sent three times to two apis over connections that are cut
      --log-cuts 300      instead: so many logs with their ends cut off, 1 byte to 64 KiB, each started on and repaired
      --snapshot-mutations 1000  instead: so many snapshots torn, altered, swapped or out of date, none of which may be used
      --zombies 50        instead: two engines on one log; so often the leader is stopped under load, replaced, and wakes up
      --link-cuts 100     instead: so often the link of an engine, of both or of the clients to Redis is cut and mended, in
                          network namespaces where this user may make them, else by a proxy
`;

const COMMANDS_PER_VENUE = 5_000;
/** They buy from one order, which may be worth nine million USDT. */
const ORDERS_SENT_THRICE_MAX = 1_000_000;
const REPORT_EVERY_MS = 10_000;
const SAMPLED: ComparisonOptions = { hashEvery: 100, checkEvery: 50, snapshotEvery: 500 };

/** @returns the exit code: 1 when the engines differ. @throws UsageError */
export async function main(args: readonly string[], { root }: { root: string }): Promise<number> {
  const text = { type: "string" } as const;
  const yes = { type: "boolean" } as const;
  const values = readFlags("prove", args, {
    commands: { ...text, default: "200000" },
    seed: { ...text, default: "1" },
    runtimes: yes,
    idempotency: text,
    "log-cuts": text,
    "snapshot-mutations": text,
    zombies: text,
    "link-cuts": text,
    help: yes,
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const commands = wholeNumber("--commands", values.commands, { least: 1 });
  const seed = wholeNumber("--seed", values.seed, { least: 0 });
  const count = (flag: "idempotency" | "log-cuts" | "snapshot-mutations" | "zombies" | "link-cuts", most?: number): number | undefined => {
    const wanted = values[flag];
    return wanted === undefined ? undefined : wholeNumber(`--${flag}`, wanted, { least: 1, ...(most !== undefined && { most }) });
  };
  const [orders, cuts, mutations, zombies, linkCuts] = [count("idempotency", ORDERS_SENT_THRICE_MAX), count("log-cuts"), count("snapshot-mutations"), count("zombies"), count("link-cuts")];
  if ([orders, cuts, mutations, zombies, linkCuts, values.runtimes].filter((wanted) => wanted !== undefined).length > 1) throw new UsageError("prove shows one thing at a time: give one of --runtimes, --idempotency, --log-cuts, --snapshot-mutations, --zombies and --link-cuts.");
  if (cuts !== undefined) return await told(seed, (every) => proveLogCuts({ cuts, seed, onProgress: every(25, cuts, "cuts") }));
  if (mutations !== undefined) return await proveSnapshots(mutations, seed);
  if (orders !== undefined) return await told(seed, (every) => proveIdempotency({ orders, seed, onProgress: every(5_000, orders, "orders") }));
  const program = join(root, "dist", "engine.js");
  if (zombies !== undefined) return await told(seed, (every) => proveZombies({ rounds: zombies, seed, program, onProgress: every(10, zombies, "rounds") }));
  if (linkCuts !== undefined) {
    const namespaces = namespacesPossible();
    return await told(seed, (every) => proveLinkCuts({ rounds: linkCuts, seed, program, namespaces, onProgress: every(10, linkCuts, "rounds") }));
  }
  return values.runtimes === true ? proveRuntimes(root) : prove(commands, seed);
}

type Progress = (step: number, all: number, what: string) => (done: number) => void;

const progress: Progress = (step, all, what) => (done) => {
  if (done % step === 0) process.stderr.write(`${done} of ${all} ${what}\n`);
};

/** Carries a proof out and prints its report, what it found wrong last. @returns the exit code. */
async function told(seed: number, proof: (every: Progress) => Promise<{ readonly violations: readonly unknown[] }>): Promise<number> {
  const startedMs = performance.now();
  const { violations, ...counts } = await proof(progress);
  process.stdout.write(`${JSON.stringify({ ...counts, seed, seconds: Math.round((performance.now() - startedMs) / 1_000), violations })}\n`);
  return violations.length === 0 ? 0 : 1;
}

function prove(commands: number, firstSeed: number): number {
  const startedMs = performance.now();
  let reportedMs = startedMs;
  let done = 0;
  const rate = (): string => `${Math.round(done / ((performance.now() - startedMs) / 1_000)).toLocaleString("en")}/s`;
  for (let seed = firstSeed; done < commands; seed++) {
    const result = run(seed, Math.min(COMMANDS_PER_VENUE, commands - done), SAMPLED);
    if (isFailure(result)) {
      process.stdout.write(`seed ${seed}: the engines differ ${done + result.entries.length} entries into the run.\n${result.message}\n\nlooking for the fewest commands that show it …\n`);
      const { entries, message } = minimal(result);
      process.stdout.write(`${message}\n\n${printEntries(entries)}\n\nPin it in services/engine/model/pinned.test.ts with opening ${seed}.\n`);
      return 1;
    }
    done += result.commands;
    if (performance.now() - reportedMs > REPORT_EVERY_MS) {
      reportedMs = performance.now();
      process.stderr.write(`${done.toLocaleString("en")} of ${commands.toLocaleString("en")} commands, ${rate()}, seed ${seed}, no difference\n`);
    }
  }
  process.stdout.write(`${done.toLocaleString("en")} commands from seed ${firstSeed} on, ${rate()}: 0 differences in events, books, balances, open orders and state.\n`);
  return 0;
}

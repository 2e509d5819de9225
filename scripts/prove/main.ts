// `npm run prove -- [flags]`: random commands to the fast engine and to the naive one until something differs.
// The result goes to standard output, progress to standard error.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printEntries } from "../../services/engine/suite/commandList.ts";
import type { ComparisonOptions } from "../../services/engine/suite/comparison.ts";
import { isFailure, minimal, run } from "../../services/engine/suite/proof.ts";
import { namespacesPossible, proveLinkCuts, proveZombies, type PairOptions, type PairReport } from "./enginePair.ts";
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

/** @returns the exit code: 1 when the engines differ. */
export async function main(args: readonly string[], { root }: { root: string }): Promise<number> {
  let values: { commands?: string; seed?: string; runtimes?: boolean; "log-cuts"?: string; "snapshot-mutations"?: string; idempotency?: string; zombies?: string; "link-cuts"?: string; help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options: { commands: { type: "string" }, seed: { type: "string" }, runtimes: { type: "boolean" }, "log-cuts": { type: "string" }, "snapshot-mutations": { type: "string" }, idempotency: { type: "string" }, zombies: { type: "string" }, "link-cuts": { type: "string" }, help: { type: "boolean" } } }));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const commands = Number(values.commands ?? 200_000);
  const seed = Number(values.seed ?? 1);
  if (!Number.isSafeInteger(commands) || commands < 1 || !Number.isSafeInteger(seed) || seed < 0) {
    process.stderr.write("--commands and --seed take whole numbers.\n");
    return 2;
  }
  if (values["log-cuts"] !== undefined) return await cutLogs(Number(values["log-cuts"]), seed);
  if (values["snapshot-mutations"] !== undefined) return await mutate(Number(values["snapshot-mutations"]), seed);
  if (values.idempotency !== undefined) return await sendThrice(Number(values.idempotency), seed);
  if (values.zombies !== undefined) return await provePair("--zombies", values.zombies, proveZombies, { seed, root });
  if (values["link-cuts"] !== undefined) {
    const namespaces = namespacesPossible();
    return await provePair("--link-cuts", values["link-cuts"], (options) => proveLinkCuts({ ...options, namespaces }), { seed, root });
  }
  return values.runtimes === true ? proveRuntimes(root) : prove(commands, seed);
}

async function mutate(count: number, seed: number): Promise<number> {
  if (Number.isSafeInteger(count) && count >= 1) return await proveSnapshots(count, seed);
  process.stderr.write("--snapshot-mutations takes a whole number.\n");
  return 2;
}

async function provePair(flag: string, text: string, proof: (options: PairOptions) => Promise<PairReport>, { seed, root }: { seed: number; root: string }): Promise<number> {
  const rounds = Number(text);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    process.stderr.write(`${flag} takes a whole number.\n`);
    return 2;
  }
  const startedMs = performance.now();
  const report = await proof({ rounds, seed, program: join(root, "dist", "engine.js"), onProgress: (done) => done % 10 === 0 && process.stderr.write(`${done} of ${rounds}\n`) });
  process.stdout.write(`${JSON.stringify({ seed, seconds: Math.round((performance.now() - startedMs) / 1_000), ...report })}\n`);
  return report.violations.length === 0 ? 0 : 1;
}

async function cutLogs(cuts: number, seed: number): Promise<number> {
  if (!Number.isSafeInteger(cuts) || cuts < 1) {
    process.stderr.write("--log-cuts takes a whole number.\n");
    return 2;
  }
  const startedMs = performance.now();
  const report = await proveLogCuts({ cuts, seed, onProgress: (done) => done % 25 === 0 && process.stderr.write(`${done} of ${cuts} cuts\n`) });
  const { violations, ...counts } = report;
  process.stdout.write(`${JSON.stringify({ ...counts, seed, seconds: Math.round((performance.now() - startedMs) / 1_000), violations })}\n`);
  return violations.length === 0 ? 0 : 1;
}

async function sendThrice(orders: number, seed: number): Promise<number> {
  if (!Number.isSafeInteger(orders) || orders < 1 || orders > ORDERS_SENT_THRICE_MAX) {
    process.stderr.write(`--idempotency takes a whole number up to ${ORDERS_SENT_THRICE_MAX}.\n`);
    return 2;
  }
  const startedMs = performance.now();
  const report = await proveIdempotency({ orders, seed, onProgress: (done) => done % 5_000 === 0 && process.stderr.write(`${done} of ${orders} orders\n`) });
  const { violations, ...counts } = report;
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

// `npm run sim -- [flags]`: runs seeds of the simulated exchange until one shows something wrong.
// The result goes to standard output, progress to standard error.
import { isPlant, PLANTS } from "../../sim/plants.ts";
import { simulate, type SimulationReport } from "../../sim/simulation.ts";
import { readFlags, UsageError, wholeNumber } from "../commandFlags.ts";

/** About three simulated minutes: time for two snapshots and a trim between them. */
const STEPS = 300;

const HELP = `npm run sim -- [flags]

  The exchange's own code in one process: a fake clock, a log, a bus and disks in memory, and faults drawn from a seed. At the
  end of each run a checker compares what clients were told with what happened. The same seed is the same run.

      --seed 1        of the first run
      --seeds 1       how many runs, each with the next seed
      --steps ${STEPS}     what clients do in each
      --plant NAME    a fault put into the exchange on purpose; then a run that finds nothing is the failure:
${Object.entries(PLANTS)
  .map(([name, { what }]) => `                      ${name}: ${what}`)
  .join("\n")}
      --trace         prints what happens, line by line
      --json          one JSON document instead of text
`;

const REPORT_EVERY_MS = 10_000;

/** @returns the exit code: 1 when a run found something wrong, or a planted fault was not found. @throws UsageError */
export async function main(args: readonly string[]): Promise<number> {
  const values = readFlags("sim", args, {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    steps: { type: "string", default: String(STEPS) },
    plant: { type: "string" },
    trace: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = wholeNumber("--seed", values.seed, { least: 0 });
  const seeds = wholeNumber("--seeds", values.seeds, { least: 1 });
  const steps = wholeNumber("--steps", values.steps, { least: 1 });
  const { plant } = values;
  if (plant !== undefined && !isPlant(plant)) throw new UsageError(`There is no plant "${plant}"; the plants are: ${Object.keys(PLANTS).join(", ")}.`);
  const startedMs = performance.now();
  let reportedMs = startedMs;
  const total = { runs: 0, steps: 0, entries: 0, commands: 0, trades: 0, acknowledged: 0, unknown: 0, faults: 0, simulatedSeconds: 0, events: 0 };
  const wrong: SimulationReport[] = [];
  for (let i = 0; i < seeds; i++) {
    const report = await simulate({
      seed: seed + i,
      steps,
      ...(plant !== undefined && { plant }),
      ...(values.trace === true && { onTrace: (line: string) => process.stdout.write(`${line}\n`) }),
    });
    total.runs++;
    total.steps += steps;
    total.entries += report.verdict?.entries ?? 0;
    total.commands += report.verdict?.commands ?? 0;
    total.trades += report.verdict?.trades ?? 0;
    total.acknowledged += report.verdict?.counts.acknowledged ?? 0;
    total.unknown += report.verdict?.counts.unknown ?? 0;
    total.faults += Object.values(report.faults).reduce((sum, n) => sum + n, 0);
    total.simulatedSeconds += Math.round(report.simulatedMs / 1_000);
    total.events += report.events;
    if (report.findings.length > 0) {
      wrong.push(report);
      if (values.json !== true) process.stdout.write(told(report));
      // A planted fault has to be found once; anything else is worth every seed that was asked for.
      if (plant !== undefined) break;
    }
    if (performance.now() - reportedMs > REPORT_EVERY_MS) {
      reportedMs = performance.now();
      process.stderr.write(`${total.runs} of ${seeds} runs, ${total.faults} faults, ${wrong.length} wrong\n`);
    }
    if (seeds === 1 && values.json !== true && report.findings.length === 0) process.stdout.write(`trace ${report.traceHash}\n`);
  }
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  if (values.json === true) process.stdout.write(`${JSON.stringify({ seed, seeds, stepsEach: steps, plant, seconds, ...total, wrong }, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`);
  else {
    process.stdout.write(
      `${total.runs} runs from seed ${seed} on, ${steps} steps each, in ${seconds} s: ${total.commands} commands, ${total.trades} trades, ${total.faults} faults in ${total.simulatedSeconds} simulated seconds; ` +
        `${total.acknowledged} calls acknowledged, ${total.unknown} unknown. ${wrong.length === 0 ? "Nothing wrong." : `${wrong.length} wrong.`}\n`,
    );
  }
  return (plant === undefined) === (wrong.length === 0) ? 0 : 1;
}

const told = ({ seed, steps, plant, findings, faults, traceHash }: SimulationReport): string =>
  `seed ${seed}: ${findings.length} findings\n${findings.map((finding) => `  ${finding}`).join("\n")}\n` +
  `  faults: ${Object.entries(faults).map(([name, n]) => `${name} ${n}`).join(", ")}\n  trace ${traceHash}\n` +
  `  again: npm run sim -- --seed ${seed} --steps ${steps}${plant === undefined ? "" : ` --plant ${plant}`} --trace\n`;

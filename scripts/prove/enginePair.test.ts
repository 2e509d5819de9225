// Short forms of R12: npm run prove -- --zombies 50, and --link-cuts 100.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proveLinkCuts, proveZombies, type PairReport } from "./enginePair.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", `engine-pair-test-${process.pid}.mjs`);

const bundle = (outfile: string, plugins: Plugin[] = []): Promise<unknown> =>
  build({ entryPoints: [join(root, "services", "engine", "main.ts")], outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error", plugins });

beforeAll(() => bundle(program));
afterAll(() => rmSync(program, { force: true }));

/** The same engine, whose scripts do not look who leads. */
const unfenced: Plugin = {
  name: "unfenced",
  setup: (bundle) =>
    bundle.onLoad({ filter: /logConnection\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const planted = text.replaceAll(/if redis\.call\('GET', KEYS\[1\]\) ~= ARGV\[1\] then return 0 end/g, "");
      if (planted === text) throw new Error("there is nothing to plant the fault in");
      return { contents: planted, loader: "ts" };
    }),
};

const held = ({ violations, accepted }: PairReport): unknown => [violations, accepted > 100];

// Each round waits for real processes: seconds on a quiet machine, many more on a busy one.
describe("two engines on one log lose nothing and answer nothing twice", { timeout: 120_000 }, () => {
  it("when the leader is stopped, replaced, and wakes up as a leader of the past", async () => {
    const report = await proveZombies({ rounds: 2, seed: 1, program });
    expect(held(report)).toEqual([[], true]);
    expect(report.changesOfLeader).toBeGreaterThanOrEqual(3);
  });

  it("unless the leader of the past is not kept out: this proof notices", async () => {
    const planted = join(root, "dist", `engine-unfenced-test-${process.pid}.mjs`);
    await bundle(planted, [unfenced]);
    try {
      const { violations } = await proveZombies({ rounds: 3, seed: 1, program: planted }).catch((error: unknown) => ({ violations: [String(error)] }));
      expect(violations).not.toEqual([]);
    } finally {
      rmSync(planted, { force: true });
    }
  });

  it("when links are cut, in silence or by force", async () => {
    const report = await proveLinkCuts({ rounds: 3, seed: 2, program });
    expect(held(report)).toEqual([[], true]);
  });
});

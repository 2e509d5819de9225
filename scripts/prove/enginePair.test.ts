// Short forms of R12: npm run prove -- --zombies 50, and --link-cuts 100.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proveLinkCuts, proveZombies, type PairReport } from "./enginePair.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", `engine-pair-test-${process.pid}.mjs`);

beforeAll(() => build({ entryPoints: [join(root, "services", "engine", "main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" }));
afterAll(() => rmSync(program, { force: true }));

const held = ({ violations, accepted }: PairReport): unknown => [violations, accepted > 100];

describe("two engines on one log lose nothing and answer nothing twice", () => {
  it("when the leader is stopped, replaced, and wakes up as a leader of the past", async () => {
    const report = await proveZombies({ rounds: 3, seed: 1, program });
    expect(held(report)).toEqual([[], true]);
    expect(report.changesOfLeader).toBeGreaterThanOrEqual(4);
  });

  it("when links are cut, in silence or by force", async () => {
    const report = await proveLinkCuts({ rounds: 4, seed: 2, program });
    expect(held(report)).toEqual([[], true]);
  });
});

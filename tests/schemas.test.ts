// proto/ is the single source of every shared type: clean, compatible with what clients already have, and gen/ is
// exactly what it generates.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tickwire-schemas-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function buf(args: string[], cwd = root): { status: number | null; output: string } {
  const run = spawnSync(join(bin, "buf"), args, { cwd, encoding: "utf8", env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
  return { status: run.status, output: run.stdout + run.stderr };
}

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => join(entry.parentPath, entry.name)).sort().map((file) => [relative(folder, file), readFileSync(file, "utf8")]),
  );
}

describe("the schemas", () => {
  it("are lint clean", () => {
    expect(buf(["lint"])).toEqual({ status: 0, output: "" });
  });

  it("generate exactly what is committed in gen/", () => {
    const run = buf(["generate", "--output", scratch]);
    expect(run.status, run.output).toBe(0);
    const generated = contents(join(scratch, "gen"));
    expect(Object.keys(generated).length).toBeGreaterThan(8);
    const committed = contents(join(root, "gen"));
    const stale = [...new Set([...Object.keys(generated), ...Object.keys(committed)])].filter((file) => generated[file] !== committed[file]);
    expect(stale, "run `npm run generate`").toEqual([]);
  });

  it("break no client that speaks the schemas of the main branch", () => {
    const refs = ["origin/main", "main", "HEAD"].filter((ref) => spawnSync("git", ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { cwd: root }).status === 0);
    expect(refs.length, "a git checkout").toBeGreaterThan(0);
    const archive = execFileSync("git", ["archive", "--format=tar", refs[0] ?? "HEAD", "proto", "buf.yaml"], { cwd: root, maxBuffer: 1 << 26 });
    const against = join(scratch, "main.tar");
    writeFileSync(against, archive);
    expect(buf(["breaking", "--against", against])).toEqual({ status: 0, output: "" });
  });

  it("would be caught breaking a client", () => {
    const broken = join(scratch, "broken");
    execFileSync("mkdir", ["-p", broken]);
    execFileSync("cp", ["-r", join(root, "proto"), join(root, "buf.yaml"), broken]);
    const file = join(broken, "proto/tickwire/v1/market_data.proto");
    writeFileSync(file, readFileSync(file, "utf8").replace("uint64 prev_seq = 3;", "string prev_seq = 3;"));
    const run = buf(["breaking", "--against", root], broken);
    expect(run.status).not.toBe(0);
    expect(run.output).toContain("prev_seq");
  });
});

// The commands as a person types them, wrongly; nothing is started by any of these.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const call = (command: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(root, "scripts", command), ...args], { encoding: "utf8", env: { ...process.env, ...env } });

describe("npm start", () => {
  test("explains itself", () => {
    const { status, stdout } = call("start.mjs", ["--help"]);
    expect(status).toBe(0);
    for (const flag of ["--no-web", "--no-flow", "--fresh", "WEB_PORT", "TICKWIRE_DATA_DIR"]) expect(stdout).toContain(flag);
  });

  test.each(["--no-wbe", "-x", "now"])("refuses %s in one sentence", (word) => {
    const { status, stdout, stderr } = call("start.mjs", [word]);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`^npm start does not know ${word};.*\n$`));
  });

  test("an old Node can read the check that turns it away", () => {
    const check = readFileSync(join(root, "scripts/setup/nodeVersion.mjs"), "utf8");
    // No syntax younger than modules themselves: no ??, ?., top-level await, numeric separators or class fields.
    expect(check.replace(/\/\/.*|\/\*[^]*?\*\//g, "")).not.toMatch(/\?\?|\?\.|\bawait\b|\d_\d|`|\basync\b|=>.*=>|node:/);
    const said = spawnSync(
      process.execPath,
      ["--input-type=module", "-e", `Object.defineProperty(process, "versions", { value: { node: "18.19.0" } }); (await import(${JSON.stringify(join(root, "scripts/setup/nodeVersion.mjs"))})).requireNode();`],
      { encoding: "utf8" },
    );
    expect(said.status).toBe(1);
    expect(said.stderr).toMatch(/^Tickwire needs Node\.js 20\.19 or newer and this is 18\.19\.0; .*\n$/);
  });
});

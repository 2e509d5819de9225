// The log of a service on a disk that takes nothing any more: /dev/full is such a disk.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogOutput } from "./logOutput.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tickwire-log-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.runIf(existsSync("/dev/full"))("a service whose log cannot be written lives on, and ends in order", async () => {
  const program = join(folder, "service.mjs");
  const source = `
    import { createLogger } from "${join(import.meta.dirname, "logger.ts")}";
    import { runService } from "${join(import.meta.dirname, "serviceProcess.ts")}";
    const logger = createLogger("test");
    await runService(logger, async () => {
      for (let n = 0; n < 100; n++) logger.warn({ n }, "something to say");
      process.stdout.write("lives\\n");
      const keep = setInterval(() => undefined, 1_000);
      return async () => clearInterval(keep);
    });`;
  await build({ stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" }, outfile: program, bundle: true, platform: "node", format: "esm", logLevel: "error", banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' } });
  const full = openSync("/dev/full", "w");
  const service = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", full] });
  closeSync(full);
  const exit = once(service, "exit");
  await Promise.race([once(service.stdout ?? service, "data"), exit]);
  service.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
});

test("once the log can be written again it says how much is missing", () => {
  const path = join(folder, "log");
  const file = openSync(path, "w");
  const output = new LogOutput(file);
  output.write("one\n");
  closeSync(file);
  for (const lost of ["two\n", "three\n"]) output.write(lost);
  // The lowest free number is given out again: the same one.
  expect(openSync(path, "a")).toBe(file);
  for (const written of ["four\n", "five\n"]) output.write(written);
  closeSync(file);
  const [one, , gap, ...rest] = readFileSync(path, "utf8").split("\n");
  expect([one, (JSON.parse(gap ?? "") as { msg: string }).msg, rest]).toEqual(["one", "2 lines of this log could not be written", ["four", "five", ""]]);
});

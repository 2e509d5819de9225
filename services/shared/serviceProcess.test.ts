// A real process that is asked to stop: it has the time that it was given, and no more.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

let dir: string;
let service: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "tickwire-service-"));
  service = join(dir, "service.mjs");
  const contents = `
    import { pino } from "pino";
    import { runService } from "./serviceProcess.ts";
    const keepsRunning = setInterval(() => undefined, 1_000);
    await runService(pino({ level: "silent" }), async () => async () => {
      await new Promise((stopped) => setTimeout(stopped, Number(process.env.TAKES_MS)));
      clearInterval(keepsRunning);
      process.stdout.write("stopped in order");
    }, Number(process.env.MAY_TAKE_MS));
    process.stdout.write("started ");
  `;
  await build({ stdin: { contents, resolveDir: import.meta.dirname, loader: "ts" }, outfile: service, bundle: true, platform: "node", format: "esm", banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }, logLevel: "silent" });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function stopped(takesMs: number, mayTakeMs: number): Promise<{ code: number; said: string; ms: number }> {
  const child = spawn(process.execPath, [service], { env: { ...process.env, TAKES_MS: String(takesMs), MAY_TAKE_MS: String(mayTakeMs) }, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child.stdout, "data");
  const askedMs = performance.now();
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number];
  return { code, said, ms: performance.now() - askedMs };
}

it("a service that is asked to stop may finish what it has to write, for as long as its own limit says", async () => {
  expect(await stopped(600, 20_000)).toMatchObject({ code: 0, said: "started stopped in order" });
});

it("a stop that takes longer is broken off, and told as a failure", async () => {
  const { code, said, ms } = await stopped(60_000, 300);
  expect({ code, said }).toEqual({ code: 1, said: "started " });
  expect(ms).toBeGreaterThan(290);
});

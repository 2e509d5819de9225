// snapshotThread.ts as a file that a thread can run, built for one test file: Node 20 does not run TypeScript by itself.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

export interface BuiltThread {
  readonly file: string;
  remove(): void;
}

export async function buildThread(): Promise<BuiltThread> {
  const dir = mkdtempSync(join(tmpdir(), "tickwire-thread-"));
  const file = join(dir, "snapshotThread.mjs");
  await build({ entryPoints: [join(import.meta.dirname, "..", "snapshotThread.ts")], outfile: file, bundle: true, platform: "node", target: "node20", format: "esm", logLevel: "silent" });
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

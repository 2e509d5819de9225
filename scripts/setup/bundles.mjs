// The services and commands as bundles in dist/, made by esbuild when a source has changed.
//
// A bundle appears whole, by rename: a service that restarts meanwhile finds the old one or the new one.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seconds, SetupError } from "./progress.mjs";
import { dist, fingerprint, root, services } from "./project.mjs";

const INPUTS = ["services", "gen", "sdk/typescript", "scripts", "bench", "crash", "sim", "tsconfig.json", "package-lock.json"];

/** Bundle name to its entry file. */
const entries = () => ({
  ...Object.fromEntries(services.map((name) => [name, `services/${name}/main.ts`])),
  // Runs in the engine's process, as a thread.
  snapshotThread: "services/engine/snapshotThread.ts",
  supervisor: "scripts/stack/supervisor.ts",
  stopWithParent: "scripts/stack/stopWithParent.ts",
  tickwire: "scripts/cli/tickwire.ts",
  bench: "bench/main.ts",
  crash: "crash/main.ts",
  prove: "scripts/prove/main.ts",
  sim: "scripts/sim/main.ts",
  replayHash: "scripts/prove/replayHash.ts",
  benchSubject: "bench/core/subjectMain.ts",
});

/** The bundles that are the engine's core at work, as a service and under the bench. */
const computing = ["engine", "benchSubject"];

const stampPath = join(dist, ".bundles-stamp");
const bundled = () => Object.keys(entries()).every((name) => existsSync(join(dist, `${name}.js`)));

/** The digest of the sources when the bundles are made of them, undefined when they are not. */
export function bundlesCurrent() {
  if (!existsSync(stampPath) || !bundled()) return false;
  return readFileSync(stampPath, "utf8") === fingerprint(INPUTS);
}

export async function ensureBundles(progress) {
  if (bundlesCurrent()) {
    progress.fine("services", "up to date");
    return;
  }
  const startedMs = performance.now();
  const stamp = fingerprint(INPUTS);
  const missing = Object.values(entries()).filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) throw new SetupError(`This checkout is not complete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing.`);
  const { build } = await import("esbuild");
  const fresh = join(dist, `.bundles-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    await build({
      absWorkingDir: root,
      entryPoints: Object.entries(entries()).map(([out, path]) => ({ in: path, out })),
      outdir: fresh,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      packages: "external",
      sourcemap: true,
      logLevel: "silent",
    });
    const { foldConstants } = await import("./foldConstants.mjs");
    for (const name of computing) await foldConstants(join(fresh, `${name}.js`));
    for (const file of readdirSync(fresh)) renameSync(join(fresh, file), join(dist, file));
  } catch (error) {
    throw new SetupError(`The services could not be built: ${error.errors?.map((e) => `${e.location?.file ?? ""}:${e.location?.line ?? ""} ${e.text}`).join("; ") ?? error.message}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  writeFileSync(stampPath, stamp);
  progress.step("services", `built in ${seconds(startedMs)}`);
}

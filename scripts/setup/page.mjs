// The trading screen's production build, made by Next.js when one of its inputs has changed.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, run } from "./childCommand.mjs";
import { seconds, SetupError } from "./progress.mjs";
import { dist, fingerprint, root } from "./project.mjs";

const INPUTS = ["frontend", "gen", "sdk/typescript", "tsconfig.json", "package-lock.json"];
const stampPath = join(dist, ".page-stamp");

const current = (stamp) =>
  existsSync(join(root, "frontend/.next/BUILD_ID")) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp;

export async function ensurePage(progress) {
  const stamp = fingerprint(INPUTS);
  if (current(stamp)) {
    progress.fine("trading screen", "up to date");
    return;
  }
  const startedMs = performance.now();
  progress.step("trading screen", "building, about half a minute");
  // A build that is cut off must not pass for the one the stamp describes.
  rmSync(stampPath, { force: true });
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const { code, output } = await run(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build", "frontend"], { env });
  if (code !== 0) throw new SetupError(`The trading screen could not be built (start with --no-web to go on without it):\n${lastLines(output, 30)}`);
  writeFileSync(stampPath, stamp);
  progress.step("trading screen", `built in ${seconds(startedMs)}`);
}

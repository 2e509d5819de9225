// The npm packages of package-lock.json, no more and no less.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, lastLines, run } from "./childCommand.mjs";
import { seconds, SetupError } from "./progress.mjs";
import { root } from "./project.mjs";

const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** Whether node_modules holds what package-lock.json names: npm writes down, last of all, what it has installed. */
export function dependenciesCurrent() {
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  let installed;
  try {
    installed = read("node_modules/.package-lock.json").packages;
  } catch {
    return false;
  }
  const wanted = read("package-lock.json").packages;
  for (const [path, { version, integrity, optional, devOptional, peer }] of Object.entries(wanted)) {
    if (path === "") continue;
    const there = installed[path];
    // What belongs to another platform stays out.
    if (there === undefined && (optional || devOptional || peer)) continue;
    if (there === undefined || there.version !== version || there.integrity !== integrity) return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

/** Installs the packages when they are not there. */
export async function ensureDependencies(progress) {
  if (dependenciesCurrent()) {
    progress.fine("dependencies", "up to date");
    return;
  }
  const npm = findProgram("npm");
  if (npm === undefined) throw new SetupError("npm was not found on PATH; install it (it comes with Node.js) and start again.");
  const startedMs = performance.now();
  progress.step("dependencies", "installing with npm ci, about a minute the first time");
  const env = { ...process.env, npm_config_loglevel: "error", NO_UPDATE_NOTIFIER: "1" };
  delete env.NODE_ENV; // "production" would leave out what the tests and the page's build need
  const { code, output } = await run(npm, ["ci", "--no-audit", "--no-fund", "--include=dev", "--include=optional"], { env });
  if (code !== 0) throw new SetupError(`The npm packages could not be installed; npm ci said:\n${lastLines(output)}`);
  if (!dependenciesCurrent()) throw new SetupError("npm ci ended well, but node_modules does not hold what package-lock.json names; remove node_modules and start again.");
  progress.step("dependencies", `installed in ${seconds(startedMs)}`);
}

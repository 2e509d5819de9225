// R2 across runtimes: the same seeded commands on Node 20, Node 24 and Bun, and what they came to, compared.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// The packages that the packages `node` and `bun` would fetch by their install scripts: the binaries alone.
const PLATFORM = `${process.platform}-${process.arch === "arm64" && process.platform !== "win32" ? "arm64" : process.arch}`;
const BUN_PLATFORM = PLATFORM.replace("arm64", "aarch64");
const RUNTIMES = [
  { name: "Node 20", specifier: `node-${PLATFORM}@20`, binary: `node20/bin/node`, folder: `node-${PLATFORM}` },
  { name: "Node 24", specifier: `node-${PLATFORM}@24`, binary: `node24/bin/node`, folder: `node-${PLATFORM}` },
  { name: "Bun 1", specifier: `@oven/bun-${BUN_PLATFORM}@1`, binary: `bun/bin/bun`, folder: `@oven/bun-${BUN_PLATFORM}` },
] as const;

/** @returns the exit code: 1 when two runtimes disagree, 2 when one cannot be had. */
export function proveRuntimes(root: string): number {
  const home = join(root, "dist", "runtimes");
  const program = join(root, "dist", "replayHash.js");
  const results = new Map<string, string[]>();
  const ask = (name: string, binary: string): boolean => {
    const { status, stdout, stderr } = spawnSync(binary, [program], { encoding: "utf8" });
    if (status !== 0) {
      process.stderr.write(`${name} could not run the commands:\n${stderr}\n`);
      return false;
    }
    const [version = "", result = ""] = stdout.trim().split("\t");
    process.stdout.write(`${version.padEnd(16)}${result}\n`);
    results.set(result, [...(results.get(result) ?? []), version]);
    return true;
  };
  if (!ask("This Node", process.execPath)) return 2;
  for (const runtime of RUNTIMES) {
    const binary = fetchRuntime(home, runtime);
    if (binary === undefined || !ask(runtime.name, binary)) return 2;
  }
  process.stdout.write(results.size === 1 ? "All agree.\n" : `They differ: ${[...results.values()].map((versions) => versions.join(", ")).join(" against ")}.\n`);
  return results.size === 1 ? 0 : 1;
}

function fetchRuntime(home: string, { name, specifier, binary, folder }: (typeof RUNTIMES)[number]): string | undefined {
  const own = join(home, binary.split("/")[0] ?? "");
  const path = join(own, "node_modules", folder, binary.split("/").slice(1).join("/"));
  if (existsSync(path)) return path;
  process.stderr.write(`fetching ${specifier} …\n`);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "package.json"), '{ "private": true }\n');
  try {
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", specifier], { cwd: own, stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" });
  } catch {
    // The sentence below says what it means.
  }
  if (existsSync(path)) return path;
  process.stderr.write(`${name} could not be fetched: npm found no ${specifier} for this machine, or no registry. The other promises do not depend on it.\n`);
  return undefined;
}

// Where the project lies, what it builds, and how its inputs are recognised.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
export const dist = join(root, "dist");

/** The exchange's own processes; each is services/<name>/main.ts bundled to dist/<name>.js. */
export const services = ["engine", "api", "gateway", "recorder", "simulator"];

const SKIPPED = new Set(["node_modules", ".next", "test-results"]);
const SOURCE = /\.(ts|tsx|mts|mjs|js|css|json|svg|ico|png|woff2|proto|sql|md)$/;

/** A digest of the names and contents of source files below `paths`, tests left out: equal digests need no new build. */
export function fingerprint(paths) {
  const hash = createHash("sha256");
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      hash.update(`${path}\0${stat.size}\0`).update(readFileSync(join(root, path)));
      return;
    }
    const entries = readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory() || (SOURCE.test(entry.name) && !/\.test\.tsx?$|\.tsbuildinfo$|next-env\.d\.ts$/.test(entry.name))) visit(`${path}/${entry.name}`);
    }
  };
  hash.update(`node ${process.versions.modules}\0`);
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

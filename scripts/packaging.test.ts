// What only shows on other machines: the lock file, the compose file, the Dockerfiles.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { STOP_TIMEOUT_MS } from "../services/engine/limits.ts";
import { ENGINE_STOP_TIMEOUT_MS } from "./stack/limits.ts";
import { LOG_SETTINGS } from "./stack/redisServer.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the lock file names the packages of every platform, or npm ci would refuse it", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => {
      const folders = path.split("/node_modules/").map((_, depth, all) => all.slice(0, depth + 1).join("/node_modules/"));
      return !["", ...folders].some((folder) => `${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages);
    }),
  );
  expect(missing).toEqual([]);
});

describe("docker-compose.yml", () => {
  const compose = read("docker-compose.yml");

  test("runs Redis with the settings of the command log", () => {
    const args = /- redis-server\n((?: +- .*\n)+)/.exec(compose)?.[1]?.trim().split("\n").map((line) => line.trim().slice(2).replace(/^"(.*)"$/, "$1"));
    const pairs = Array.from({ length: (args?.length ?? 0) / 2 }, (_, i) => `${args?.[2 * i]} ${args?.[2 * i + 1]}`);
    expect(pairs.sort()).toEqual(LOG_SETTINGS.map(([name, value]) => `--${name} ${value === '""' ? "" : value}`).sort());
  });

  test("builds every service from a Dockerfile that exists and starts its bundle", () => {
    for (const service of ["engine", "api", "gateway", "recorder", "simulator"]) {
      expect(compose).toContain(`dockerfile: services/${service}/Dockerfile`);
      expect(read(`services/${service}/Dockerfile`)).toContain(`dist/${service}.js"]`);
    }
    expect(compose).toContain("dockerfile: frontend/Dockerfile");
    expect(existsSync(join(root, "frontend/Dockerfile"))).toBe(true);
  });

  test("leaves an engine that stops the time for its last snapshot, as npm start does", () => {
    for (const service of ["engine", "standby"]) {
      const seconds = Number(new RegExp(`^  ${service}:\\n(?:    .*\\n)*?    stop_grace_period: (\\d+)s\\n`, "m").exec(compose)?.[1]);
      expect(seconds * 1_000).toBeGreaterThan(STOP_TIMEOUT_MS);
    }
    expect(ENGINE_STOP_TIMEOUT_MS).toBeGreaterThan(STOP_TIMEOUT_MS);
  });

  test("hands on every variable that docs/CONFIGURATION.md names, but the one for a Redis that is not its own", () => {
    const names = [...read("docs/CONFIGURATION.md").matchAll(/^\| (`[A-Z_0-9]+`(?:, `[A-Z_0-9]+`)*) \|/gm)].flatMap(([, cell]) => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !new RegExp(`^ +${name}: `, "m").test(compose))).toEqual(["TICKWIRE_ACCEPT_UNSAFE_LOG"]);
  });

  test("lets nobody but this machine in", () => {
    const published = [...compose.matchAll(/ports:\n((?: +- .*\n)+)/g)].flatMap(([, lines]) => (lines ?? "").trim().split("\n"));
    expect(published.length).toBe(3);
    for (const line of published) expect(line).toContain('"127.0.0.1:');
  });
});

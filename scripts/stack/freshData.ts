// `--fresh`: empties a data directory of everything the exchange keeps there, except the secrets that outlive its accounts.
//
// Removes only what is listed here by name; a folder that holds something else as well keeps it.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { removePostgresData } from "./postgresHome.ts";

const KEPT_BY_THE_EXCHANGE = ["redis", "snapshots", "snapshots.seen", "standby", "logs", "run.json", join("secrets", "demo-login"), join("secrets", "simulator.json")];

export function emptyDataDir(dataDir: string): void {
  removePostgresData(dataDir);
  for (const name of KEPT_BY_THE_EXCHANGE) rmSync(join(dataDir, name), { recursive: true, force: true });
}

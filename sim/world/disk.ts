// One machine's files: what is written is in memory until it is synced, a new name until its folder is. A killed process
// takes nothing from them; a power cut takes, tears or keeps what was not synced.
//
// Only the functions of node:fs/promises that the exchange uses are there.
import type { Roll } from "../../services/engine/suite/random.ts";
import { WORLD_BEGINS_MS, type SimulatedProcess, type World } from "./world.ts";

interface File {
  content: Buffer;
  /** What a power cut leaves for certain; undefined: perhaps not even the file. */
  synced: Buffer | undefined;
}

export type FileFunctions = Readonly<Record<string, (...args: never[]) => unknown>>;

const missing = (path: string): Error => Object.assign(new Error(`ENOENT: no such file or directory, '${path}'`), { code: "ENOENT" });

export class Disk {
  readonly #world: World;
  readonly #roll: Roll;
  readonly #delayMs: () => number;
  /** Names as a process sees them, and as a power cut leaves them. */
  #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();
  /** For some time, a disk that says "synced" and has not. */
  lying = false;
  readonly #functions = new Map<SimulatedProcess, FileFunctions>();
  #descriptors = 1_000_000;
  /** Files that are not as they were written. */
  readonly spoiled = new Set<string>();

  constructor(world: World, name: string, delayMs: () => number) {
    this.#world = world;
    this.#roll = world.chance(`disk ${name}`);
    this.#delayMs = delayMs;
  }

  /** Names of the files in a folder, sorted. */
  list(folder: string): string[] {
    return [...this.#names.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)).sort();
  }

  content(path: string): Buffer | undefined {
    return this.#names.get(path)?.content;
  }

  /** Changes a file behind everybody's back. */
  damage(path: string, change: (content: Buffer) => Buffer): void {
    const file = this.#names.get(path);
    if (file === undefined) return;
    file.content = change(Buffer.from(file.content));
    file.synced = file.content;
    this.spoiled.add(path);
  }

  /** What was not synced is lost, torn, or there after all. */
  powerCut(): void {
    const names = this.#roll(2) === 0 ? this.#syncedNames : this.#names;
    this.#names = new Map();
    for (const [path, file] of names) {
      if (file.synced !== file.content) {
        const fate = this.#roll(3);
        const torn = file.content.subarray(0, this.#roll(file.content.length + 1));
        const left = fate === 0 ? file.synced : fate === 1 ? torn : file.content;
        if (left !== file.content) this.spoiled.add(path);
        if (left === undefined) continue;
        file.content = Buffer.from(left);
        file.synced = file.content;
      }
      this.#names.set(path, file);
    }
    this.#syncedNames = new Map(this.#names);
  }

  /** What a process gets in place of node:fs and node:fs/promises. */
  functions(process: SimulatedProcess): FileFunctions {
    let functions = this.#functions.get(process);
    if (functions === undefined) this.#functions.set(process, (functions = { ...this.#patient(process), ...this.#atOnce() }));
    return functions;
  }

  // An operation of a dead process neither happens nor ends.
  #patient(process: SimulatedProcess): FileFunctions {
    const io = <T>(run: () => T): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        this.#world.after(this.#delayMs(), process, () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    const open = (path: string): File => {
      const file = this.#names.get(path);
      if (file === undefined) throw missing(path);
      return file;
    };
    const sync = (file: File): void => {
      if (!this.lying) file.synced = file.content;
    };
    const syncNames = (folder: string): void => {
      if (this.lying) return;
      for (const path of this.#syncedNames.keys()) if (path.startsWith(`${folder}/`) && !this.#names.has(path)) this.#syncedNames.delete(path);
      for (const [path, file] of this.#names) if (path.startsWith(`${folder}/`)) this.#syncedNames.set(path, file);
    };
    return {
      mkdir: () => io(() => undefined),
      readdir: (folder: string) =>
        io(() => {
          const names = this.list(folder);
          if (names.length === 0) throw missing(folder);
          return names;
        }),
      readFile: (path: string, options?: unknown) =>
        io(() => {
          const content = Buffer.from(open(path).content);
          return options === "utf8" || options === "utf-8" ? content.toString("utf8") : content;
        }),
      rename: (from: string, to: string) =>
        io(() => {
          const file = open(from);
          this.#names.delete(from);
          this.#names.set(to, file);
        }),
      unlink: (path: string) =>
        io(() => {
          open(path);
          this.#names.delete(path);
        }),
      rm: (path: string) => io(() => void this.#names.delete(path)),
      stat: (path: string) => io(() => ({ size: open(path).content.length, mtimeMs: WORLD_BEGINS_MS, isFile: () => true })),
      writeFile: (path: string, content: Buffer | string) => io(() => void this.#names.set(path, { content: Buffer.from(content as Buffer), synced: undefined })),
      open: (path: string, flags: string) =>
        io(() => {
          let file = this.#names.get(path);
          const folder = file === undefined && flags === "r";
          if (folder && this.list(path).length === 0) throw missing(path);
          if (!folder && (file === undefined || flags.startsWith("w"))) this.#names.set(path, (file = { content: Buffer.alloc(0), synced: undefined }));
          const append = (bytes: Uint8Array): void => {
            if (file !== undefined) file.content = Buffer.concat([file.content, bytes]);
          };
          return {
            write: (bytes: Uint8Array) =>
              io(() => {
                append(bytes);
                return { bytesWritten: bytes.length, buffer: bytes };
              }),
            writeFile: (content: Uint8Array | string) => io(() => append(Buffer.from(content as Uint8Array))),
            readFile: () => io(() => Buffer.from(file?.content ?? Buffer.alloc(0))),
            sync: () => io(() => (file === undefined ? syncNames(path) : sync(file))),
            datasync: () => io(() => (file === undefined ? syncNames(path) : sync(file))),
            close: () => io(() => undefined),
          };
        }),
    };
  }

  // The functions of node:fs that answer at once.
  #atOnce(): FileFunctions {
    const opened = new Map<number, { readonly path: string; readonly file: File }>();
    return {
      mkdirSync: () => undefined,
      readFileSync: (path: string, options?: unknown) => {
        const file = this.#names.get(path);
        if (file === undefined) throw missing(path);
        return options === "utf8" ? file.content.toString("utf8") : Buffer.from(file.content);
      },
      renameSync: (from: string, to: string) => {
        const file = this.#names.get(from);
        if (file === undefined) throw missing(from);
        this.#names.delete(from);
        this.#names.set(to, file);
      },
      rmSync: (path: string) => void this.#names.delete(path),
      openSync: (path: string, flags: string) => {
        let file = this.#names.get(path);
        if (file === undefined && flags.startsWith("r")) throw missing(path);
        if (file === undefined) this.#names.set(path, (file = { content: Buffer.alloc(0), synced: undefined }));
        const descriptor = ++this.#descriptors;
        opened.set(descriptor, { path, file });
        return descriptor;
      },
      closeSync: (descriptor: number) => void opened.delete(descriptor),
      fsyncSync: () => undefined,
      writeSync: (descriptor: number, bytes: Uint8Array, offset: number, length: number, at: number) => {
        const file = opened.get(descriptor)?.file;
        if (file === undefined) throw Object.assign(new Error("EBADF: bad file descriptor"), { code: "EBADF" });
        const content = Buffer.alloc(Math.max(file.content.length, at + length));
        file.content.copy(content);
        content.set(bytes.subarray(offset, offset + length), at);
        file.content = content;
        return length;
      },
      fdatasync: (descriptor: number, done: (error: Error | null) => void) => {
        const there = opened.get(descriptor);
        const process = this.#world.current;
        this.#world.after(this.#delayMs(), process, () => {
          if (there !== undefined && !this.lying) {
            there.file.synced = there.file.content;
            this.#syncedNames.set(there.path, there.file);
          }
          done(null);
        });
      },
    };
  }
}

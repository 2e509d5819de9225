// Puts the simulated world in the place of Node's clock, timers, sockets, files and random bytes, so that the
// exchange's own code runs in it unchanged.
//
// Never: touches code that no simulated process runs: whoever else asks (the test runner, the simulator itself) gets the
// real thing. Invariant: after `uninstall` Node is as it was.
import crypto from "node:crypto";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import timersPromises from "node:timers/promises";
import { nowUs } from "../../services/shared/clock.ts";
import { WORLD_BEGINS_MS, type SimulatedProcess, type World, type WorldEvent } from "./world.ts";

export interface StandInOptions {
  readonly world: World;
  readonly connect: (process: SimulatedProcess, port: number) => unknown;
  /** The files of the machine that a process runs on: stand-ins for functions of node:fs and node:fs/promises. */
  readonly files: (process: SimulatedProcess) => Readonly<Record<string, (...args: never[]) => unknown>>;
}

/** File functions that the exchange uses: each is replaced by the machine's own. */
const FILE_FUNCTIONS = ["open", "readFile", "writeFile", "readdir", "mkdir", "rename", "unlink", "rm", "stat"] as const;
const FILE_FUNCTIONS_NOW = ["mkdirSync", "readFileSync", "openSync", "closeSync", "writeSync", "fdatasync", "fsyncSync", "renameSync", "rmSync"] as const;

class StandInTimer {
  event: WorldEvent | undefined;
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

type Callback = (...args: unknown[]) => void;

/** Installs the world; returns how to take it away again. One at a time. */
export function installStandIns({ world, connect, files }: StandInOptions): () => void {
  const undo: (() => void)[] = [];
  const replace = <T extends object, K extends keyof T>(target: T, key: K, make: (real: T[K]) => unknown): void => {
    const own = Object.getOwnPropertyDescriptor(target, key);
    const real = target[key];
    Object.defineProperty(target, key, { value: make(real), configurable: true, writable: true, enumerable: own?.enumerable ?? true });
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, own);
    });
  };

  const timer = (process: SimulatedProcess, delayMs: number, run: () => void): StandInTimer => {
    const handle = new StandInTimer();
    handle.event = world.after(delayMs, process, run);
    return handle;
  };
  const clear = (real: unknown) => (handle: unknown) => {
    if (!(handle instanceof StandInTimer)) return (real as Callback)(handle);
    if (handle.event !== undefined) handle.event.cancelled = true;
  };
  // Node rounds a timer to whole milliseconds, and never below one.
  const timerMs = (ms: unknown): number => Math.max(1, Math.floor(Number(ms) || 0));

  replace(globalThis, "setTimeout", (real) => (run: Callback, ms?: number, ...args: unknown[]) => {
    const process = world.current;
    return process === undefined ? (real as (...all: unknown[]) => unknown)(run, ms, ...args) : timer(process, timerMs(ms), () => run(...args));
  });
  replace(globalThis, "setInterval", (real) => (run: Callback, ms?: number, ...args: unknown[]) => {
    const process = world.current;
    if (process === undefined) return (real as (...all: unknown[]) => unknown)(run, ms, ...args);
    const handle = new StandInTimer();
    const again = (): void => {
      handle.event = world.after(timerMs(ms), process, () => {
        again();
        run(...args);
      });
    };
    again();
    return handle;
  });
  replace(globalThis, "setImmediate", (real) => (run: Callback, ...args: unknown[]) => {
    const process = world.current;
    return process === undefined ? (real as (...all: unknown[]) => unknown)(run, ...args) : timer(process, 0, () => run(...args));
  });
  replace(globalThis, "clearTimeout", clear);
  replace(globalThis, "clearInterval", clear);
  replace(globalThis, "clearImmediate", clear);

  const wallMs = (process: SimulatedProcess): number => Math.floor(WORLD_BEGINS_MS + world.nowMs + process.skewMs);
  let resetting = false;
  replace(Date, "now", (real) => () => (resetting ? 0 : world.current === undefined ? (real as () => number).call(Date) : wallMs(world.current)));
  replace(performance, "now", (real) => () => (resetting ? 0 : world.current === undefined ? (real as () => number).call(performance) : world.nowMs));
  // The clock keeps the offset between the two above; it must be the same at the beginning of every world.
  resetting = true;
  nowUs();
  resetting = false;

  replace(timersPromises, "setTimeout", (real) => (ms?: number, value?: unknown, options?: { signal?: AbortSignal }) => {
    const process = world.current;
    if (process === undefined) return (real as (...all: unknown[]) => unknown)(ms, value, options);
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      const aborted = (): void => {
        if (handle.event !== undefined) handle.event.cancelled = true;
        reject(Object.assign(new Error("The operation was aborted"), { name: "AbortError", code: "ABORT_ERR" }));
      };
      const handle = timer(process, timerMs(ms), () => {
        signal?.removeEventListener("abort", aborted);
        resolve(value);
      });
      if (signal?.aborted === true) aborted();
      else signal?.addEventListener("abort", aborted);
    });
  });

  replace(net, "createConnection", (real) => (...args: unknown[]) => {
    const process = world.current;
    if (process === undefined) return (real as (...all: unknown[]) => unknown)(...args);
    const [options] = args;
    return connect(process, typeof options === "object" && options !== null && "port" in options ? Number(options.port) : Number.NaN);
  });

  const ids = world.chance("random bytes");
  replace(crypto, "randomBytes", (real) => (size: number, ...rest: unknown[]) => {
    if (world.current === undefined) return (real as (...all: unknown[]) => unknown)(size, ...rest);
    return Buffer.from(Array.from({ length: size }, () => ids(256)));
  });

  const replaceFiles = (module: object, names: readonly string[]): void => {
    for (const name of names) {
      replace(module as Record<string, unknown>, name, (real) => (...args: unknown[]) => {
        const process = world.current;
        if (process === undefined) return (real as (...all: unknown[]) => unknown).apply(module, args);
        const standIn = files(process)[name];
        if (standIn === undefined) throw new Error(`${process.name} calls ${name}, which is not simulated`);
        return standIn(...(args as never[]));
      });
    }
  };
  replaceFiles(fsPromises, FILE_FUNCTIONS);
  replaceFiles(fs, FILE_FUNCTIONS_NOW);

  syncBuiltinESMExports();
  return () => {
    for (const step of undo.reverse()) step();
    syncBuiltinESMExports();
  };
}

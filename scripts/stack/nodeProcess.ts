// A service of the exchange as a child process that writes its own log and dies with its supervisor.
import { spawn } from "node:child_process";
import type { ServerExit } from "./childServer.ts";
import type { LogFile } from "./logFile.ts";
import type { RunningPart } from "./supervisedPart.ts";

export interface NodeProcessOptions {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly log: LogFile;
  readonly stopTimeoutMs: number;
}

/** Starts Node with `args`. The IPC channel carries nothing: its end tells the child that the supervisor has gone. */
export async function startNodeProcess({ args, env, cwd, log, stopTimeoutMs }: NodeProcessOptions): Promise<RunningPart> {
  // A group of its own: Ctrl-C in the terminal must reach the supervisor alone, which stops things in order.
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ["ignore", log.fd, log.fd, "ipc"] });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.on("error", () => undefined); // a failed signal to a child that has just gone
  const exited = new Promise<ServerExit>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const pid = child.pid ?? 0;
  const killGroup = () => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Gone in the meantime.
    }
  };
  return {
    pid,
    exited,
    kill: () => child.kill("SIGTERM"),
    async stop() {
      child.kill("SIGTERM");
      const killer = setTimeout(killGroup, stopTimeoutMs);
      await exited;
      clearTimeout(killer);
    },
  };
}

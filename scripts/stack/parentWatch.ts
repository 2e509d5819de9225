// `npm start` puts npm, and some systems a shell, between the terminal and this process. When such a parent is killed the
// exchange must not stay behind, out of the reach of the Ctrl-C that started it.
import { readFileSync } from "node:fs";
import { PARENT_POLL_MS } from "./limits.ts";

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/** Calls `gone` once when npm, if this process was started by it, has ended. Started in any other way it outlives its parent, as nohup wants. */
export function watchNpm(env: NodeJS.ProcessEnv, gone: () => void): void {
  if (env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    gone();
  }, PARENT_POLL_MS);
  timer.unref();
}

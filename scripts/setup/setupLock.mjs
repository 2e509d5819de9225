// One set-up at a time in a checkout: two first starts side by side must not write node_modules, dist or .next together.
//
// The lock is a file with the holder's pid, touched while held: it is free when its holder is dead or has been silent.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist } from "./project.mjs";

const TOUCH_INTERVAL_MS = 2_000;
const SILENT_AFTER_MS = 30_000;
const POLL_MS = 200;

/** Runs `work` while holding the lock of this checkout; says so when it has to wait. */
export async function withSetupLock(progress, work) {
  const release = await acquire(progress);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(progress) {
  mkdirSync(dist, { recursive: true });
  const path = join(dist, ".setup-lock");
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n`);
  let told = false;
  try {
    for (;;) {
      try {
        linkSync(mine, path); // appears whole, or not at all when somebody holds it
        break;
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      if (removeIfAbandoned(path)) continue;
      if (!told) progress.step("waiting", "another set-up is at work in this checkout");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  const touch = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Taken away while this process could not run: the next set-up checks everything again.
    }
  }, TOUCH_INTERVAL_MS);
  touch.unref();
  const drop = () => {
    clearInterval(touch);
    process.off("exit", drop);
    if (holder(path) === process.pid) rmSync(path, { force: true });
  };
  process.on("exit", drop);
  return drop;
}

function holder(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function removeIfAbandoned(path) {
  const pid = holder(path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (pid === undefined || stat === undefined) return true;
  if (isAlive(pid) && Date.now() - stat.mtimeMs < SILENT_AFTER_MS) return false;
  // Take it aside before looking again: between the look and the removal somebody else may have made a new one.
  const aside = `${path}.abandoned.${process.pid}`;
  try {
    renameSync(path, aside);
    if (holder(aside) !== pid) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    return false;
  }
  return true;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

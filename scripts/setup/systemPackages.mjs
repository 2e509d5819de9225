// Programs that come from the system's packages: redis-server, and for the tests a Chromium.
//
// Installs only as root and only what is named; never leaves a service running or enabled that was not there before.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findProgram, lastLines, run } from "./childCommand.mjs";
import { seconds, SetupError } from "./progress.mjs";

const APT_ENV = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
const POLICY = "/usr/sbin/policy-rc.d";

/** Package managers in the order they are looked for; `packages` names what each calls a program. */
const MANAGERS = [
  { program: "apt-get", refresh: ["update"], install: ["install", "-y", "--no-install-recommends"] },
  { program: "dnf", install: ["install", "-y"] },
  { program: "yum", install: ["install", "-y"] },
  { program: "apk", install: ["add", "--no-cache"] },
  { program: "pacman", install: ["-Sy", "--noconfirm", "--needed"] },
  { program: "zypper", install: ["--non-interactive", "install"] },
];

const REDIS = {
  title: "redis-server",
  programs: ["redis-server"],
  packages: { "apt-get": "redis-server", dnf: "redis", yum: "redis", apk: "redis", pacman: "redis", zypper: "redis", brew: "redis" },
  remedy: "or set REDIS_URL to a running Redis 6.2 or newer",
};
const CHROMIUM = {
  title: "Chromium",
  programs: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  packages: { "apt-get": "chromium", dnf: "chromium", yum: "chromium", apk: "chromium", pacman: "chromium", zypper: "chromium" },
  remedy: "or put google-chrome on PATH",
};

export const ensureRedis = (progress) => ensure(REDIS, progress);
export const ensureChromium = (progress) => ensure(CHROMIUM, progress);

async function ensure(wanted, progress) {
  const there = findProgram(...wanted.programs);
  if (there !== undefined) {
    progress.fine(wanted.title, there);
    return there;
  }
  const startedMs = performance.now();
  const manager = MANAGERS.find(({ program }) => findProgram(program) !== undefined);
  if (process.platform === "darwin" && wanted.packages.brew && findProgram("brew")) {
    progress.step(wanted.title, "installing with brew");
    await attempt("brew", ["install", wanted.packages.brew], wanted);
  } else if (manager === undefined || process.getuid?.() !== 0) {
    throw new SetupError(missing(wanted, manager));
  } else {
    progress.step(wanted.title, `installing the system's package ${wanted.packages[manager.program]} with ${manager.program}`);
    await withoutServices(async () => {
      // An outdated list still often has the package: only the installation itself decides.
      if (manager.refresh) await run(manager.program, manager.refresh, { env: APT_ENV });
      await attempt(manager.program, [...manager.install, wanted.packages[manager.program]], wanted);
    });
    if (wanted === REDIS && findProgram("systemctl")) await run("systemctl", ["disable", "--quiet", "redis-server"]);
  }
  const installed = findProgram(...wanted.programs);
  if (installed === undefined) throw new SetupError(missing(wanted, manager));
  progress.step(wanted.title, `installed in ${seconds(startedMs)}`);
  return installed;
}

async function attempt(program, args, wanted) {
  const { code, output } = await run(program, args, { env: APT_ENV });
  if (code !== 0) {
    throw new SetupError(`${wanted.title} could not be installed: "${program} ${args.join(" ")}" failed; install it yourself ${wanted.remedy}.\n${lastLines(output, 5)}`);
  }
}

/** Debian starts a freshly installed service unless this policy forbids it. */
async function withoutServices(work) {
  const ours = findProgram("apt-get") !== undefined && !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function missing({ title, programs, packages, remedy }, manager) {
  const how = manager ? `run "${process.getuid?.() === 0 ? "" : "sudo "}${[manager.program, ...manager.install, packages[manager.program]].join(" ")}"` : "install it with your system's package manager";
  return `${title} was not found on PATH (${programs.join(", ")}); ${how} ${remedy}, then start again.`;
}

// Whether the native parts load on this machine, tried in a process of its own, because a failure may be a crash.
import { lastLines, run } from "./childCommand.mjs";
import { SetupError } from "./progress.mjs";

export async function checkNativeModules(progress) {
  const { code, output } = await run(process.execPath, ["-e", 'require("uWebSockets.js")']);
  if (code === 0) {
    progress.fine("native code", "loads");
    return;
  }
  const glibc = process.report?.getReport?.().header?.glibcVersionRuntime;
  const here = `Node ${process.versions.node} on ${process.platform} ${process.arch}${glibc ? ` with glibc ${glibc}` : ""}`;
  // What the loader said, without the source line that Node prints above it.
  const lines = output.split("\n");
  const cause = /version `?GLIBC_[\d.]+'? not found/.exec(output)?.[0] ?? lines.find((line) => /^(\w*Error): /.test(line)) ?? lastLines(output, 1);
  throw new SetupError(
    `uWebSockets.js does not load under ${here} (${cause.trim()}); with Node 20 it needs glibc 2.27 or newer, with Node 22 and later glibc 2.38 (Debian 13, Ubuntu 24.04): use Node 20 here, or a newer system.`,
  );
}

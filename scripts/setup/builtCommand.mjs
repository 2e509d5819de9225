// Commands written in TypeScript: brought up to date when a source has changed, silently when not, then run in this process.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { bundlesCurrent, ensureBundles } from "./bundles.mjs";
import { dependenciesCurrent, ensureDependencies } from "./dependencies.mjs";
import { createProgress, runCommand } from "./progress.mjs";
import { dist, root } from "./project.mjs";
import { withSetupLock } from "./setupLock.mjs";

/** Runs `main(args, { root })` of dist/<name>.js. Standard output belongs to the command: progress goes to standard error. */
export const main = (name) =>
  runCommand(async () => {
    if (!dependenciesCurrent() || !bundlesCurrent()) {
      const progress = createProgress(process.stderr, { quiet: true });
      await withSetupLock(progress, async () => {
        await ensureDependencies(progress);
        await ensureBundles(progress);
      });
    }
    const command = await import(pathToFileURL(join(dist, `${name}.js`)).href);
    // Where Ctrl-C takes more than ending.
    command.watchInterruption?.();
    process.exitCode = await command.main(process.argv.slice(2), { root });
  });

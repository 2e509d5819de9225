import { ensureBundles } from "./bundles.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { ensurePage } from "./page.mjs";
import { createProgress, runCommand } from "./progress.mjs";
import { withSetupLock } from "./setupLock.mjs";

/** `--services` leaves the page out: what a container of a service needs. */
export const main = () =>
  runCommand(async () => {
    const progress = createProgress();
    const withPage = !process.argv.includes("--services");
    await withSetupLock(progress, async () => {
      await ensureDependencies(progress);
      await ensureBundles(progress);
      if (withPage) await ensurePage(progress);
    });
  });

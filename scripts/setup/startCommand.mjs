// The steps of `npm start`, top to bottom: flags, set-up, supervisor.
import { parseArgs } from "node:util";
import { ensureBundles } from "./bundles.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { checkNativeModules } from "./nativeModules.mjs";
import { ensurePage } from "./page.mjs";
import { createProgress, runCommand, SetupError } from "./progress.mjs";
import { root } from "./project.mjs";
import { withSetupLock } from "./setupLock.mjs";
import { ensureRedis } from "./systemPackages.mjs";

const HELP = `npm start [-- flags]   runs the exchange until Ctrl-C

  --no-web    without the trading screen
  --no-flow   without simulated traders
  --standby   with a second engine that takes over when the first one dies
  --fresh     empty the data directory first
  --help      this text

Environment: WEB_PORT (3000), API_PORT (3001), GATEWAY_PORT (3002), TICKWIRE_HOST (127.0.0.1), TICKWIRE_DATA_DIR (./data),
REDIS_URL and DATABASE_URL (private servers are started unless these name running ones).
`;

function readFlags(args) {
  const boolean = { type: "boolean", default: false };
  try {
    const { values } = parseArgs({ args, options: { "no-web": boolean, "no-flow": boolean, fresh: boolean, standby: boolean, help: { ...boolean, short: "h" } } });
    return { web: !values["no-web"], flow: !values["no-flow"], fresh: values.fresh, standby: values.standby, help: values.help };
  } catch (error) {
    const what = /'([^']+)'/.exec(error.message)?.[1] ?? args.join(" ");
    throw new SetupError(`npm start does not know ${what.split(/[ =,]/)[0]}; its flags are --no-web, --no-flow, --standby, --fresh and --help.`, 2);
  }
}

export const main = () =>
  runCommand(async () => {
    const flags = readFlags(process.argv.slice(2));
    if (flags.help) {
      process.stdout.write(HELP);
      return;
    }
    const progress = createProgress();
    process.stdout.write("Tickwire\n");
    progress.step("Node.js", process.versions.node);
    const stack = await withSetupLock(progress, async () => {
      await ensureDependencies(progress);
      await checkNativeModules(progress);
      if (!process.env.REDIS_URL) await ensureRedis(progress);
      await ensureBundles(progress);
      // The environment, the data directory and the ports are looked at before the long build of the page.
      const { prepare } = await import("../../dist/supervisor.js");
      const prepared = await prepare({ root, flags, env: process.env, say: (name, text) => progress.step(name, text) });
      if (flags.web) await ensurePage(progress);
      return prepared;
    });
    await stack.run();
  });

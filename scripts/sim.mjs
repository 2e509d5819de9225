// `npm run sim -- …`: the whole system in one process, on a fake clock, log, bus and disk, with faults from a seed.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/builtCommand.mjs").then((command) => command.main("sim"));

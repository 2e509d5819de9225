// `npm run prove -- …`: the fast engine against the naive one, for as many commands as asked for.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/builtCommand.mjs").then((command) => command.main("prove"));

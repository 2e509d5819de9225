// `npm run bench -- …`: measurements of the whole exchange.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/builtCommand.mjs").then((command) => command.main("bench"));

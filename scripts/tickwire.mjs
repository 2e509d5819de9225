// `npm run tickwire -- …`: the operator's command line.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/builtCommand.mjs").then((command) => command.main("tickwire"));

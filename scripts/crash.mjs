// `npm run crash -- …`: parts of a whole exchange killed under load, and its history judged afterwards.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/builtCommand.mjs").then((command) => command.main("crash"));

// `npm test`: sets up what is missing, then checks everything.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/testCommand.mjs").then((command) => command.main());

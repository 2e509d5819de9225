// `npm start`: sets up what is missing on this machine, then runs the exchange until Ctrl-C.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/startCommand.mjs").then((command) => command.main());

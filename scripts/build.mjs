// `npm run build`: the services' bundles and the page's build, when a source has changed.
import { requireNode } from "./setup/nodeVersion.mjs";

requireNode();
import("./setup/buildCommand.mjs").then((command) => command.main());

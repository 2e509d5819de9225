// Until the engine has told its markets, nothing can be answered rightly: not "Invalid symbol.", not an empty list.
import { createMiddleware } from "hono/factory";
import type { VenueDirectory } from "../../shared/trading/venueDirectory.ts";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";

export const whenVenueIsKnown = (directory: VenueDirectory) =>
  createMiddleware<ApiEnv>(async (_, next) => {
    if (!directory.loaded) throw new ApiError("DISCONNECTED");
    await next();
  });

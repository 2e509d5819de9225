// Reads each request's raw text once, bounded, before anything else looks at it.
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../apiEnv.ts";
import { readSentRequest } from "../request/sentRequest.ts";

/** Sets `sent`. */
export const readRequest = createMiddleware<ApiEnv>(async (c, next) => {
  c.set("sent", await readSentRequest(c));
  await next();
});

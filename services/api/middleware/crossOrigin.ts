// Lets the venue's own web page, and no other, read answers across origins with its cookie (CORS).
//
// Costs nothing to programs, which name no origin. What a page may do is decided elsewhere (auth/sessionCookie.ts);
// this only says what a browser may show it.
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../apiEnv.ts";
import { headerOf } from "../request/header.ts";

const PREFLIGHT_MAX_AGE_S = 600;

export const crossOrigin = (webOrigins: readonly string[]) => {
  const allowed: ReadonlySet<string> = new Set(webOrigins);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const origin = headerOf(c, "origin");
    if (origin === undefined) return await next();
    c.header("Vary", "Origin");
    if (allowed.has(origin)) {
      c.header("Access-Control-Allow-Origin", origin);
      c.header("Access-Control-Allow-Credentials", "true");
      c.header("Access-Control-Expose-Headers", "Retry-After, X-MBX-USED-WEIGHT-1M");
    }
    if (c.req.method !== "OPTIONS") return await next();
    if (allowed.has(origin)) {
      c.header("Access-Control-Allow-Methods", "GET, POST, DELETE");
      c.header("Access-Control-Allow-Headers", "Content-Type, X-MBX-APIKEY");
      c.header("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_S));
    }
    return c.body(null, 204);
  });
};

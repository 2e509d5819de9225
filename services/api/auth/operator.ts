// Routes for whoever runs the venue: a bearer token, compared in constant time.
import { createHash, timingSafeEqual } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";
import { headerOf } from "../request/header.ts";

// Digests have one length, whatever was sent.
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Lets through requests with `Authorization: Bearer <operatorToken>`. */
export const operatorOnly = (operatorToken: string) => {
  const expected = digest(`Bearer ${operatorToken}`);
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (!timingSafeEqual(digest(headerOf(c, "authorization") ?? ""), expected)) throw new ApiError("NOT_OPERATOR");
    await next();
  });
};

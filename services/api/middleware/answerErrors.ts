// Whatever goes wrong below a route becomes one JSON object, { code, msg }; nothing of the inside is told.
import type { ErrorHandler, NotFoundHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isDatabaseUnavailable } from "../../shared/database/connection.ts";
import type { Logger } from "../../shared/logger.ts";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";

const answer = (error: ApiError) => ({ code: error.code, msg: error.message });

/** Errors are ApiError (bad input, refusals), an unreachable database (unavailable), or a defect (logged, 500). */
export const answerErrors =
  (logger: Logger): ErrorHandler<ApiEnv> =>
  (thrown, c) => {
    const error = asApiError(thrown);
    if (error.errorName === "UNKNOWN") logger.error({ err: thrown, method: c.req.method, path: c.req.path }, "a request failed");
    else if (error !== thrown) logger.warn({ err: String(thrown), path: c.req.path }, "a request could not be served");
    if (error.retryAfterS !== undefined) c.header("Retry-After", String(error.retryAfterS));
    return c.json(answer(error), error.status satisfies ContentfulStatusCode);
  };

function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(isDatabaseUnavailable(thrown) ? "DISCONNECTED" : "UNKNOWN");
}

export const answerUnknownRoute: NotFoundHandler<ApiEnv> = (c) => {
  const error = new ApiError("NO_SUCH_ROUTE", { method: c.req.method, path: c.req.path.slice(0, 100) });
  return c.json(answer(error), error.status satisfies ContentfulStatusCode);
};

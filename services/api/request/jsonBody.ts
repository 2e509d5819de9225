// The JSON body of a /api/tickwire request, checked by a strict zod schema; refused by the name of the first wrong field.
import type { z } from "zod";
import { ApiError } from "../errors.ts";
import type { SentRequest } from "./sentRequest.ts";

/** @throws ApiError BODY_NOT_JSON or INVALID_FIELD. An empty body is an empty object. */
export function readJson<S extends z.ZodType>(schema: S, { body }: Pick<SentRequest, "body">): z.output<S> {
  let value: unknown;
  try {
    value = body === "" ? {} : JSON.parse(body);
  } catch {
    throw new ApiError("BODY_NOT_JSON");
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? "body" : issue.path.join(".");
  throw new ApiError("INVALID_FIELD", { field, problem: issue?.message ?? "is not valid" });
}

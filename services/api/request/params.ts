// The parameters of an /api/v3 request: decoded once, checked by a zod schema, refused in Binance's words.
//
// Each comes from the query, the body or both; the query wins. Never: a guess. What a schema does not name is refused,
// what it names twice is refused, and no text is trimmed or rounded.
import { z } from "zod";
import { ApiError, ERRORS, type ErrorName } from "../errors.ts";
import { PARAMS_MAX } from "../limits.ts";
import type { SentRequest } from "./sentRequest.ts";

const AUTH_PARAMS: ReadonlySet<string> = new Set(["timestamp", "recvWindow", "signature"]);

export type SentParams = ReadonlyMap<string, string>;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ApiError("MALFORMED_ENCODING");
  }
};

function parseForm(text: string): Map<string, string> {
  const params = new Map<string, string>();
  if (text === "") return params;
  const parts = text.split("&");
  if (parts.length > PARAMS_MAX) throw new ApiError("TOO_MANY_PARAMETERS", { expected: PARAMS_MAX, received: parts.length });
  for (const part of parts) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (params.has(name)) throw new ApiError("DUPLICATE_PARAMETER");
    params.set(name, equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  return params;
}

/** Every parameter of the request, by name. @throws ApiError */
export function sentParams({ query, body, contentType }: SentRequest): SentParams {
  const params = parseForm(query);
  if (body === "") return params;
  // A body without a type is a form: that is what it is for most HTTP clients, fetch among them, that set none or text.
  if (contentType !== "" && contentType !== "application/x-www-form-urlencoded" && contentType !== "text/plain") {
    throw new ApiError("BODY_NOT_FORM");
  }
  for (const [name, value] of parseForm(body)) if (!params.has(name)) params.set(name, value);
  return params;
}

const isErrorName = (text: string): text is ErrorName => Object.hasOwn(ERRORS, text);

function refusalOf(issue: z.core.$ZodIssue, schema: z.ZodObject, params: SentParams): ApiError {
  if (issue.code === "unrecognized_keys") {
    const sent = params.size;
    return new ApiError("UNREAD_PARAMETERS", { read: sent - issue.keys.length, sent });
  }
  const param = String(issue.path[0] ?? "");
  const value = params.get(param);
  if (value === undefined) return new ApiError("MANDATORY_PARAMETER", { param });
  const optional = schema.shape[param]?.safeParse(undefined).success === true;
  if (value === "") return new ApiError(optional ? "EMPTY_PARAMETER" : "MANDATORY_PARAMETER", { param });
  if (issue.code === "invalid_format" && issue.format === "regex") {
    const range = String(issue.pattern ?? "").replace(/^\/|\/$/g, "");
    return new ApiError("ILLEGAL_CHARACTERS", { param, range });
  }
  return new ApiError(isErrorName(issue.message) ? issue.message : "INVALID_PARAMETER", { param });
}

/**
 * The parameters as the schema's output. A check's message may be the name of an error; otherwise the issue's kind
 * decides which it is. Parameters of the signature are not the route's business and are left out.
 * @throws ApiError naming the first parameter that is wrong.
 */
export function readParams<S extends z.ZodObject>(schema: S, params: SentParams): z.output<S> {
  const own = new Map([...params].filter(([name]) => !AUTH_PARAMS.has(name)));
  const result = schema.safeParse(Object.fromEntries(own));
  if (result.success) return result.data;
  // A wrong value is named before an unread one, whatever order zod found them in.
  const issues = result.error.issues;
  const first = issues.find(({ code }) => code !== "unrecognized_keys") ?? issues[0];
  throw first === undefined ? new ApiError("UNKNOWN") : refusalOf(first, schema, own);
}

// The parameters that routes share. Each pattern is the legal range Binance documents, so the refusal reads the same.

export const symbolParam = z.string().regex(/^[A-Z0-9-_.]{1,20}$/);
const integerParam = z.string().regex(/^[0-9]{1,20}$/).transform((text, ctx) => {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  ctx.addIssue({ code: "custom", message: "PARAMETER_OVERFLOW" });
  return z.NEVER;
});
export const idParam = integerParam.transform((value) => BigInt(value));
/** Milliseconds in, microseconds out. */
export const timeParam = integerParam.transform((ms) => BigInt(ms) * 1_000n);
/** The end of a span of milliseconds, inclusive: its last microsecond. */
export const endTimeParam = timeParam.transform((timeUs) => timeUs + 999n);
/** Plain decimal text; what it means is up to the market. */
export const decimalParam = z.string().regex(/^([0-9]{1,20})(\.[0-9]{1,20})?$/);
export const clientOrderIdParam = z.string().regex(/^[.A-Z:/a-z0-9_-]{1,36}$/);

/** A page size: a larger one is cut to the maximum, zero is refused. */
export const limitParam = ({ fallback, max }: { readonly fallback: number; readonly max: number }) =>
  integerParam.refine((limit) => limit > 0, "INVALID_PARAMETER").transform((limit) => Math.min(limit, max)).default(fallback);

/** One of the words of a dictionary, as its number; anything else is the error named. */
export const wordParam = <W extends string, N extends number>(
  dictionary: { readonly words: readonly [W, ...W[]]; numberOf(word: W): N },
  errorName: ErrorName,
) => z.enum(dictionary.words, errorName).transform((word) => dictionary.numberOf(word as W));

/** "true" or "false". */
export const booleanParam = z.enum(["true", "false"]).transform((word) => word === "true");

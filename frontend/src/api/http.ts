// One request to the api: the session cookie goes along, the answer is checked by a schema, a refusal becomes an
// ApiError that carries the api's own words. It never retries; whoever calls knows whether that is safe.
import { z } from "zod";

// The page's policy forbids eval, which zod would otherwise probe for.
z.config({ jitless: true });

/** Where requests go: the browser's address of the api, or on the server the internal one with the visitor's cookie. */
export interface Transport {
  readonly apiUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** The api refused, or could not be reached (status 0); `message` is what to show. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: number;

  constructor(message: string, { status, code }: { status: number; code: number }) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered: the api is down, restarting, or too slow. */
export const isUnreachable = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500);

type Parameters = Readonly<Record<string, string | number | undefined>>;

export interface Call<T> {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Parameters;
  /** Sent as application/x-www-form-urlencoded, as orders are. */
  readonly form?: Parameters;
  readonly json?: unknown;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}

const refusal = z.object({ code: z.number(), msg: z.string() });

function encoded(parameters: Parameters): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) result.set(name, String(value));
  return result;
}

/**
 * Sends one request.
 * @throws ApiError when it is refused, unanswered, or answered in a shape this version does not know.
 */
export async function call<T>(transport: Transport, { method = "GET", path, query, form, json, schema, signal }: Call<T>): Promise<T> {
  const search = query === undefined ? "" : `?${encoded(query).toString()}`;
  const timeout = AbortSignal.timeout(transport.timeoutMs);
  const headers: Record<string, string> = { ...transport.headers };
  if (json !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${transport.apiUrl}${path}${search}`, {
      method,
      headers,
      credentials: "include",
      cache: "no-store",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(form === undefined ? {} : { body: encoded(form) }),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    body = text === "" ? undefined : JSON.parse(text);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError("The exchange does not answer. Please try again in a moment.", { status: 0, code: 0 });
  }
  if (!response.ok) {
    const said = refusal.safeParse(body);
    if (said.success) throw new ApiError(said.data.msg, { status: response.status, code: said.data.code });
    throw new ApiError(`The exchange answered ${response.status}.`, { status: response.status, code: 0 });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new ApiError(`The exchange answered in a shape this page does not know${where === "" ? "" : ` (${where})`}.`, { status: response.status, code: 0 });
  }
  return parsed.data;
}

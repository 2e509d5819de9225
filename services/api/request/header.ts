// One header of a request. Read from the listener's own parsed headers where there are any: building a Headers object
// for every order would cost more than checking its signature.
import type { Context } from "hono";
import type { ApiEnv } from "../apiEnv.ts";

/** @param name in lower case */
export function headerOf(c: Context<ApiEnv>, name: string): string | undefined {
  const incoming = c.env?.incoming;
  if (incoming === undefined) return c.req.header(name);
  const value = incoming.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

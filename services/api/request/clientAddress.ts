// Where a request comes from, for limits per address. Headers that a client can write itself are not believed.
import type { Context } from "hono";
import type { ApiEnv } from "../apiEnv.ts";

/** The peer's address; "local" for a request made in process. */
export const clientAddress = (c: Context<ApiEnv>): string => c.env?.incoming?.socket.remoteAddress ?? "local";

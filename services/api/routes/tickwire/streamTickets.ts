// POST /stream-ticket: what a socket logs on with, so that no secret ever stands in a socket's address.
//
// One use (the gateway takes it with GETDEL), and dead after STREAM_TICKET_TTL_MS.
import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { streamTicketKey } from "../../../shared/keys.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { STREAM_TICKET_TTL_MS } from "../../limits.ts";

const TICKET_BYTES = 32;

export const streamTicketRoutes = ({ redis, authenticator }: ApiParts) =>
  new Hono<ApiEnv>().post("/stream-ticket", authenticator.account, async (c) => {
    const ticket = randomBytes(TICKET_BYTES).toString("base64url");
    if (redis.status !== "ready") throw new ApiError("DISCONNECTED");
    await redis.set(streamTicketKey(ticket), String(c.get("caller").accountId), "PX", STREAM_TICKET_TTL_MS);
    return c.json({ ticket, expiresInMs: STREAM_TICKET_TTL_MS });
  });

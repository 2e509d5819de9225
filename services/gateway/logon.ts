// Turns a one-use ticket into an account. The api writes tickets to Redis; taking one and spending it is one step.
import { RequestError } from "../../gen/tickwire/v1/server_pb.ts";
import { streamTicketKey } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import type { Refusal } from "./feedDirectory.ts";
import { TICKET_CHARACTERS_MAX } from "./limits.ts";

export type LogonResult = { readonly ok: true; readonly accountId: bigint } | { readonly ok: false; readonly refusal: Refusal };

/** Never rejects. */
export type Logon = (ticket: string) => Promise<LogonResult>;

const ACCOUNT_ID = /^[1-9]\d{0,18}$/;

/** `redis` is a connection from connectWriter: spending a ticket must not be done twice. */
export function ticketLogon(redis: Redis, logger: Logger): Logon {
  const refuse = (error: RequestError, message: string): LogonResult => ({ ok: false, refusal: { error, message } });
  return async (ticket) => {
    const unknown = refuse(RequestError.INVALID_TICKET, "this ticket is unknown, spent or expired; ask for a new one");
    if (ticket.length === 0 || ticket.length > TICKET_CHARACTERS_MAX) return unknown;
    try {
      const accountId = await redis.getdel(streamTicketKey(ticket));
      return accountId !== null && ACCOUNT_ID.test(accountId) ? { ok: true, accountId: BigInt(accountId) } : unknown;
    } catch (error) {
      logger.warn({ err: String(error) }, "a ticket could not be looked up");
      return refuse(RequestError.UNAVAILABLE, "tickets cannot be looked up now; ask for a new one and try again");
    }
  };
}

// What a request carries through the api: the raw text it was sent with, and who it turned out to come from.
import type { HttpBindings } from "@hono/node-server";
import type { SentRequest } from "./request/sentRequest.ts";

/** Who makes a private request. */
export interface Caller {
  readonly accountId: bigint;
  /** After this the engine drops the command unseen: the end of the request's recvWindow. */
  readonly deadlineUs: bigint;
}

export interface ApiEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    sent: SentRequest;
    caller: Caller;
    /** Set by the session alone; API keys may not do everything. */
    userId: string;
  };
}

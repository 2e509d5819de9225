// Every reason for which the gateway ends a connection, with its advice to the client.
//
// The rule of the numbers: 4000 to 4499 come back, 4500 to 4999 do not; 1001 comes back.

export interface CloseReason {
  readonly code: number;
  /** Sent as the close frame's reason: one word, for programs and logs. */
  readonly name: string;
  readonly reconnect: boolean;
  /** What the client should do, for people. */
  readonly advice: string;
}

const reason = (code: number, name: string, advice: string): CloseReason => ({ code, name, reconnect: code < 4500, advice });

/** The gateway is being stopped or restarted. */
export const GOING_AWAY = reason(1001, "GOING_AWAY", "come back after a moment");

/** The client reads slower than its subscriptions write, and what it misses cannot be replaced by a snapshot. */
export const SLOW_CONSUMER = reason(4000, "SLOW_CONSUMER", "come back, with fewer subscriptions or with conflation");

/** The venue's list of markets is not the one that Welcome announced. */
export const VENUE_CHANGED = reason(4001, "VENUE_CHANGED", "come back and read Welcome again");

/** Requests kept coming after they were refused with TOO_MANY_REQUESTS. */
export const TOO_MANY_REQUESTS = reason(4002, "TOO_MANY_REQUESTS", "come back after some seconds, and send less");

/** Several frames could not be read. */
export const MALFORMED_FRAMES = reason(4500, "MALFORMED_FRAMES", "do not come back before the client is mended");

export const CLOSE_REASONS: readonly CloseReason[] = [GOING_AWAY, SLOW_CONSUMER, VENUE_CHANGED, TOO_MANY_REQUESTS, MALFORMED_FRAMES];

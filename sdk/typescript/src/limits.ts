// The numbers of the SDK, each with its reason.

/** First wait before a reconnect; doubles per failed attempt. */
export const RECONNECT_DELAY_MIN_MS = 250;
/** Longest wait before a reconnect: a restarted exchange is found again within this. */
export const RECONNECT_DELAY_MAX_MS = 10_000;
/** A connection that lived this long counts as a success and resets the wait. */
export const STABLE_AFTER_MS = 5_000;
/** From opening a socket to Welcome. */
export const WELCOME_TIMEOUT_MS = 10_000;
/** Between pings: fresh enough for a latency display, nothing next to market data. */
export const PING_INTERVAL_MS = 5_000;
/** A ping unanswered for this long, with nothing else heard, means the connection is dead: TCP would take minutes to say so. */
export const PING_ANSWER_MAX_MS = 10_000;
/** Per Subscribe or Unsubscribe: about 12 bytes each, well below the gateway's 4 KiB per message. */
export const SUBSCRIPTIONS_PER_REQUEST_MAX = 100;
/** First wait before asking again after a second hole in a row; the first hole is mended at once. */
export const RESYNC_DELAY_MIN_MS = 250;
export const RESYNC_DELAY_MAX_MS = 5_000;
/** Without a hole for this long, the next one is mended at once again. */
export const RESYNC_CALM_AFTER_MS = 10_000;
/** Before asking again for what the gateway refused only for the moment. */
export const REQUEST_RETRY_DELAY_MS = 1_000;
/** Longest wait between attempts to log on: a trader who signs in again should not wait long for fills. */
export const LOGON_DELAY_MAX_MS = 15_000;

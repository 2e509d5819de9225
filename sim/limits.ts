// The numbers of the simulator, each with its reason.

/** Traders: enough to meet each other, few enough that each has open orders. */
export const TRADERS = 4;

/** One step in so many moves a market's price: often enough that waiting orders are woken in every run. */
export const PRICE_MOVES_EVERY = 4;

/** One step in so many is the operator's: a market is closed some of the time, not most of it. */
export const OPERATOR_ACTS_EVERY = 15;

/** The longest that a good-till-date order lasts: beyond most outages, within a run. */
export const GOOD_FOR_MS = 20_000;

/** How long a trader goes on asking what became of an order: well inside the time for which the engine knows its client order id. */
export const RETRY_FOR_MS = 40_000;

/** After this a client gives up waiting for an answer: longer than an api's own limit. */
export const CLIENT_TIMEOUT_MS = 8_000;

/** How long a healed exchange may take until everybody agrees. Supervision, reconnects and retries are all below seconds. */
export const REST_WITHIN_MS = 60_000;

/** A supervisor waits this long before it starts a process again. */
export const RESTART_MS = 300;

/** What an orderly stop may take before the process is killed. */
export const STOP_WITHIN_MS = 5_000;

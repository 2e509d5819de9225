// The numbers of the simulator, each with its reason.

/** Orders per second over all markets: a lively screen, and next to nothing for two cores. */
export const RATE_DEFAULT = 40;
/** Above this one process is its own bottleneck; a load generator starts several. */
export const RATE_MAX = 5_000;

/** Of a market's orders, the part that makers place; takers place the rest. */
export const MAKER_SHARE = 0.7;

/** Orders a maker keeps on each side. */
export const LADDER_LEVELS = 18;
/** Never more than this part of MAX_NUM_ORDERS on both sides together: replacing needs room for the old order and the new one. */
export const OPEN_ORDERS_SHARE_MAX = 0.5;

/** How often the reference price moves. */
export const REFERENCE_STEP_MS = 250;
/** Cancels of endangered orders at one step of the reference price: a jump is cleared in a few steps, not in one flood. */
export const RETREATS_PER_STEP_MAX = 6;

/** Requests one trader may have unanswered: beyond it the exchange is slow, and more orders would only wait. */
export const IN_FLIGHT_MAX = 32;
/** A placement that the private stream has not shown by then is forgotten, and its level may be filled again. */
export const PENDING_MAX_MS = 10_000;

/** Waits after an exchange that cannot be reached or is busy. */
export const PAUSE_MIN_MS = 200;
export const PAUSE_MAX_MS = 10_000;
/** Before an account that was no longer of use is opened again: a key that is refused for ever must not become a flood. */
export const REOPEN_PAUSE_MS = 1_000;
/** Refusals in a row before a trader takes a pause: something other than bad luck is wrong. */
export const REFUSALS_IN_A_ROW_MAX = 20;

/** Behind by more than this, orders are left out instead of caught up in a burst. */
export const LAG_MAX_MS = 1_000;

/** How often balances are looked at, and the part of the first deposit below which they are topped up. */
export const BALANCE_CHECK_INTERVAL_MS = 30_000;
export const TOP_UP_BELOW = 0.3;

/** How long stopping may spend on cancelling what rests. */
export const STOP_TIMEOUT_MS = 1_500;

/** One line about the flow in the log. */
export const REPORT_INTERVAL_MS = 60_000;

/** An operator request may open an account and fund it four times over. */
export const OPERATOR_TIMEOUT_MS = 15_000;

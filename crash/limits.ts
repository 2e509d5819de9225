// The numbers of a crash run, each with its reason.

/** Between two kills: long enough for a flow to stand again, short enough that every phase of it is hit. */
export const CALM_MIN_MS = 150;
export const CALM_MAX_MS = 1_150;
/** One kill in so many is followed by another while the part is still starting: what happens then is the worst case. */
export const SECOND_KILL_EVERY = 8;
export const SECOND_KILL_WITHIN_MS = 400;

/** A part that is not back by then is not coming back. */
export const RECOVERY_TIMEOUT_MS = 60_000;
/** Pause between two looks at whether something has come back: a tenth of what is promised. */
export const RECOVERY_POLL_MS = 10;
/** The same where a look is a request that costs the machine something. */
export const HEALTH_POLL_MS = 100;

/** Requests a client may have unanswered; at the next beat it waits, as a real one would. */
export const IN_FLIGHT_PER_CLIENT_MAX = 1_000;
/** Connections that the signed REST orders share. */
export const REST_CONNECTIONS = 32;
/** Orders a client keeps open in a market: far below what a market allows an account. */
export const OPEN_PER_MARKET_MAX = 60;
/** Good-till-date orders and dead man's switches end within so long: a run is at rest only after that. */
export const TIMERS_MAX_MS = 2_000;
/** The engine writes down itself that a timer is due, when nobody else writes. */
export const TIMERS_FIRE_WITHIN_MS = 500;

/** Between two auctions, and how long one takes: some of each of a market's states meets some of the kills. */
export const BETWEEN_AUCTIONS_MS = 4_000;
export const HALT_MS = 400;
export const AUCTION_MS = 1_500;

/** One client in so many cancels all its orders at once instead of one by one. */
export const SWEEPS_EVERY = 4;
/** REST orders a second beside those that go to the log directly: what this path does while engine and Redis are killed. */
export const REST_RATE_BESIDE = 100;

/** Longer than the longest any answer may take: the client's own limit is 10 s. */
export const DRAIN_TIMEOUT_MS = 20_000;
/** Thousands in doubt are asked about at some hundred a second. */
export const RESOLVE_TIMEOUT_MS = 180_000;
/** The recorder catches up at tens of thousands of events a second. */
export const CATCH_UP_TIMEOUT_MS = 180_000;
/** Unknown orders asked for at the same time. */
export const ASKING_AT_ONCE = 16;

/** A snapshot is due once a minute; one that was told within so long of a moment may have been begun before it. */
export const SNAPSHOT_TIMEOUT_MS = 180_000;
export const SNAPSHOT_TAKES_MS = 5_000;

/** Entries taken from a log in one look, and the pause after a look that found none. */
export const TAIL_ENTRIES_MAX = 512;
export const TAIL_PAUSE_MS = 15;

/** How long the model may take: it walks every open order at every command. */
export const MODEL_MS = 30_000;

/** Open orders that an account may have in a market, and how many of the resting crowd's accounts are opened in one entry. */
export const CROWD_ORDERS_PER_MARKET = 180;
/** Commands of the crowd in flight: some log entries. */
export const CROWD_IN_FLIGHT = 2_000;

// The numbers of the parts that services share, each with its reason. A service's own numbers are in its limits.ts.

/** Commands in one log entry: bounds the engine's work, and the size of one event batch, between two looks around. */
export const COMMANDS_PER_ENTRY_MAX = 256;

/** How long an ingress waits for an outcome before it answers UNKNOWN. Recovery of the engine (seconds) is longer: the caller asks again by client order id. */
export const OUTCOME_TIMEOUT_MS = 5_000;

/** How long a query to the engine may take; queries cost microseconds, so this only bounds the wait for a dead engine. */
export const QUERY_TIMEOUT_MS = 2_000;

/** After how long a query is asked again: many times what an answer takes, so that only a lost one is repeated. */
export const QUERY_REPEAT_MS = 300;

/** Commands an ingress may have without outcome; beyond it new ones are refused as BUSY before they reach the log. */
export const IN_FLIGHT_COMMANDS_MAX = 10_000;

/** As many more may be cancels, which are let in when nothing else is: whoever wants less risk is not turned away. */
export const IN_FLIGHT_CANCELS_MAX = 10_000;

/**
 * How long the oldest unanswered entry of an ingress may wait before new orders are refused as BUSY: a hundred times what
 * an answer takes, a fifth of the time after which it is UNKNOWN. What is not appended is not executed late either.
 */
export const ENGINE_LAG_MS_MAX = 1_000;

/** The same in entries of the whole log between what this ingress appended and what it has heard: some tenths of a second of the engine's work. */
export const ENGINE_LAG_ENTRIES_MAX = 10_000;
/** For this long after the engine was heard its position is taken for where it is; in that time nobody appends as many entries. */
export const HEARD_LATELY_MS = 250;

/** Unanswered entries remembered for that. */
export const LAG_MARKS_MAX = 10_000;

/** How long a question waits for the engine to have applied everything that stood in the log when it was asked, and how long between two looks. */
export const FENCE_WAIT_MS = 2_000;
export const FENCE_PAUSE_MS = 10;

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

// The numbers of the local stack, each with its reason.

/** Tries to find a port nobody takes between asking for a free one and a server's bind. */
export const PORT_TRIES_MAX = 5;

/** An orderly stop of redis-server is a flush, of PostgreSQL a checkpoint; past this the process is killed. */
export const SERVER_STOP_TIMEOUT_MS = 10_000;

/** Lines of a server's own output kept to explain why it ended. */
export const OUTPUT_TAIL_LINES = 20;

/** A server that has ended has said what it had to say; its last lines are in the pipe. */
export const OUTPUT_DRAIN_MS = 200;

/** Pause between two looks at whether a server answers. */
export const READY_POLL_MS = 25;

/** PostgreSQL's own start, crash recovery included: the history of a demo market replays in seconds. */
export const POSTGRES_START_TIMEOUT_MS = 120_000;

/** A log file larger than this is cut, one older part is kept: hours of a busy demo market. */
export const LOG_FILE_BYTES_MAX = 16 * 1024 * 1024;
/** How often log files are measured. */
export const LOG_BOUND_INTERVAL_MS = 30_000;
/** How much of a log's end is read to explain why a part ended. */
export const LOG_TAIL_BYTES = 16 * 1024;

/** An orderly stop of a service takes at most 5 s by its own rule; past this it is killed. */
export const SERVICE_STOP_TIMEOUT_MS = 6_000;
/** An engine's stop ends with a last snapshot: at most 30 s by its own rule, see services/engine/limits.ts. */
export const ENGINE_STOP_TIMEOUT_MS = 31_000;
/** After this long the operator is told what a stop waits for. */
export const SLOW_STOP_MS = 3_000;
/** The page's server waits for open requests; nobody needs them once the exchange is going down. */
export const WEB_STOP_TIMEOUT_MS = 2_000;

/** Pause before a part that was killed from outside is started again: enough for its ports to be free. */
export const RESTART_DELAY_MS = 50;
/** Longest pause between two tries of a part that keeps failing by itself. */
export const RESTART_DELAY_MAX_MS = 5_000;
/** A part that ran this long was well: its earlier failures are forgotten. */
export const STEADY_AFTER_MS = 10_000;
/** Failures in a row after which another try would not help: about ten seconds of trying. */
export const FAILURES_IN_A_ROW_MAX = 7;

/** After this long without a healthy exchange the waiting operator is told what is missing. */
export const SLOW_START_MS = 30_000;
/** An engine that has much to replay says how far it is, first after this long and then as often. */
export const START_PROGRESS_MS = 3_000;
/** Pause between two looks at /healthz while starting. */
export const HEALTH_POLL_MS = 50;
/** A health answer that takes longer counts as none. */
export const HEALTH_TIMEOUT_MS = 3_000;

/** Pause between two looks at whether npm, the parent, still lives. */
export const PARENT_POLL_MS = 500;

/** How much of an append-only file is read at once when it is searched for its torn end. */
export const APPEND_ONLY_READ_BYTES = 1 << 20;

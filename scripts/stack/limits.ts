// The numbers of the local stack, each with its reason.

/** Tries to find a port nobody takes between asking for a free one and a server's bind. */
export const PORT_TRIES_MAX = 5;

/** An orderly stop of redis-server is a flush, of PostgreSQL a checkpoint; past this the process is killed. */
export const SERVER_STOP_TIMEOUT_MS = 10_000;

/** Lines of a server's own output kept to explain why it ended. */
export const OUTPUT_TAIL_LINES = 20;

/** Pause between two looks at whether a server answers. */
export const READY_POLL_MS = 25;

/** PostgreSQL's own start, crash recovery included: the history of a demo market replays in seconds. */
export const POSTGRES_START_TIMEOUT_MS = 120_000;

// The numbers of the recorder, each with its reason.

/** Entries asked for in one read of the event log: bounds the memory of one read; at full size it still spans several commits. */
export const ENTRIES_PER_READ_MAX = 256;

/** How long one read waits for news. Between reads the recorder looks whether the log is still the one it follows. */
export const READ_BLOCK_MS = 1_000;

/** Events written in one transaction, counted at whole entries: large enough to catch up fast, small enough to stay far below the statement timeout. */
export const EVENTS_PER_COMMIT_MAX = 5_000;

/** The least time from one commit to the next while up to date: at most 50 commits a second, whatever the number of entries. A reader of its own write waits no longer for it. */
export const COMMIT_INTERVAL_MS = 20;

/** At most 50 heartbeats a second; each commit causes one. */
export const BEAT_INTERVAL_MS = 20;

/** Up to date means: no entry waits, or the last one written is no older than this. */
export const READY_LAG_MS = 1_000;

/** Between attempts to reach PostgreSQL or Redis again. */
export const RETRY_DELAY_MS = 250;

/** While something is down, say so again this often. */
export const OUTAGE_REMINDER_MS = 30_000;

/** Growing candles are published at most this often per market and interval: four times a second reads as live. */
export const CANDLE_PUBLISH_INTERVAL_MS = 250;

/** Tickers are published this often, changed or not, so that a new subscriber waits no longer. */
export const TICKER_PUBLISH_INTERVAL_MS = 1_000;

/** How long after an interval's end, by the wall clock, it is published as closed if no trade has closed it: trades of its last moment are still under way. */
export const CLOSE_GRACE_US = 250_000n;

/** Empty intervals published one by one after a pause of the process; after a longer one only the newest. REST has them all. */
export const FLAT_CANDLES_MAX = 10;

/** Connections to PostgreSQL: one writes, one is spare for the reads at start. */
export const DATABASE_CONNECTIONS_MAX = 2;

/** Trades read at once while candles are added up again: some megabytes. */
export const ROLLBACK_TRADES_PER_READ = 20_000;

// The engine's numbers, each with its reason. A venue that outgrows one changes it here.

/** The largest integer a double holds exactly next to its neighbours: every price, quantity and product stays at or below it. */
export const EXACT_MAX = Number.MAX_SAFE_INTEGER;

/** Prices are Int32 in the book; the top value stands for "no ask". 2^31 ticks of 0.01 are 21 million. */
export const PRICE_TICKS_MAX = 0x7fff_fffe;

/** Sum of all balances of one asset: changes must fit the sint64 of BalanceChanged. */
export const ASSET_TOTAL_MAX = (1n << 63n) - 1n;

/** Longest client order id: what Binance's clients send. Stored inline in the order record. */
export const CLIENT_ORDER_ID_BYTES_MAX = 36;

/**
 * How long after its acceptance a client order id stays taken, whatever became of the order. The longest recvWindow is
 * 60 s, and a client's clock may be a second ahead: after that no copy of the accepted request is in time any more.
 */
export const DEDUPE_SECONDS = 61;

/**
 * Client order ids remembered at most, then the oldest is forgotten first: 4,098 orders a second for the whole time, in
 * 14 MiB. At 25,000 orders a second it is still ten seconds: the default recvWindow and the wait for an outcome.
 */
export const DEDUPE_IDS_MAX = 250_000;

/** Texts that are kept for ever, so they are short. */
export const EXTERNAL_ID_LENGTH_MAX = 128;
export const ACCOUNT_NAME_LENGTH_MAX = 128;
export const TRANSFER_ID_LENGTH_MAX = 64;

/** The longest of them as UTF-8. */
export const TEXT_BYTES_MAX = 512;
export const EPOCH_REASON_LENGTH_MAX = 128;

/** Listings are an operator's rare act; the bound keeps per-account tables small. */
export const ASSETS_MAX = 1_000;
export const MARKETS_MAX = 1_000;

/** Accounts are rows in flat tables; the number bounds the damage of a runaway sign-up. */
export const ACCOUNTS_MAX = 10_000_000;

/** Order slots at start: the indexes of a quiet venue then fit a processor's own cache; doubling costs a millisecond once. */
export const ORDER_CAPACITY_START = 1 << 14;

/** Ticks the fast part of a book covers: with a tick of 0.01, 2,621 quote units of price. A power of two. */
export const WINDOW_TICKS = 1 << 18;

/** The window moves by one such block per change of the book, so a move costs at most this many levels. */
export const WINDOW_STEP_TICKS = 1 << 10;

/** Log entries taken in one read: what is applied before the outputs are appended at once. */
export const ENTRIES_PER_READ_MAX = 256;

/** Log entries in one read of an operator's tool, which shares Redis with a running exchange: a millisecond of its time. */
export const ENTRIES_PER_PAGE = 512;

/** Problems of a log told one by one; beyond that they are counted, as one cause has often thousands of effects. */
export const PROBLEMS_TOLD_MAX = 20;

/** How long a read waits for an entry: bounds how late an orderly stop is noticed. */
export const READ_BLOCK_MS = 500;

/** A snapshot after this many entries, or this long after the last one if anything changed: bounds the replay at start. */
export const SNAPSHOT_ENTRIES = 50_000;
export const SNAPSHOT_INTERVAL_MS = 60_000;

/**
 * How long entries may wait for a snapshot before the engine says so. One is due every minute, takes seconds, and is tried
 * again after a minute when it failed: by then two have failed in a row, or one does not end.
 */
export const SNAPSHOT_LATE_MS = 3 * SNAPSHOT_INTERVAL_MS;

/** A start that replayed for longer is followed by a snapshot at once: else an engine that dies every half minute would replay more each time, for ever. */
export const SNAPSHOT_AFTER_REPLAY_MS = 250;

/**
 * A start that replayed for longer has its snapshot before the engine goes on, and not beside its work: there it takes some
 * seconds when the engine is busy, and one that dies every five would never come to it, and replay more each time.
 */
export const SNAPSHOT_BEFORE_LIVE_MS = 1_000;

/** The most that an engine waits for that snapshot: of 100,000 accounts and as many orders one takes 2 to 4 s. */
export const SNAPSHOT_BEFORE_LIVE_WAIT_MS = 10_000;

/**
 * What an orderly stop may take. It ends with a snapshot, after the one that may be under way: of 100,000 accounts and 100,000
 * open orders some seconds each on a busy machine. Broken off, nothing is lost; the next start carries out more of the log.
 */
export const STOP_TIMEOUT_MS = 30_000;

/** The newest may be torn by a crash; the one before it is then used; the third is for the operator. */
export const SNAPSHOTS_KEPT = 3;

/** Depth levels per side that a query is answered with at most, whatever it asks for: one answer stays below some megabytes. */
export const QUERY_LEVELS_MAX = 50_000;

/** Between two of the checks that a running engine makes of itself: some microseconds of work in some milliseconds. */
export const CHECK_EVERY_COMMANDS = 1_024;

/** Orders that one such check walks at most, of an account or of a level. */
export const CHECKED_ORDERS_MAX = 64;

/** Every so many checks all balances are summed up, unless there are too many to be done in a millisecond. */
export const CHECK_CONSERVATION_EVERY = 64;
export const CHECKED_BALANCES_MAX = 5_000;

/** How often the mark of how far the engine has gone is flushed to disk: what a power cut may take from it. */
export const SEEN_MARK_FLUSH_MS = 1_000;

/** Pause between attempts while Redis cannot be reached. */
export const RECONNECT_PAUSE_MS = 50;

/** Fee rates are parts per million; above this a listing is a slip of the pen. */
export const FEE_PPM_MAX = 100_000;

/** A dead man's switch is refreshed within minutes; one that fires after more than a day protects nobody. */
export const DEAD_MANS_TIMEOUT_US_MAX = 86_400_000_000n;

/** Rates per market; more tiers than venues are known to have. */
export const FEE_TIERS_MAX = 100;

/** Multiples of the reference price, in basis points: a thousandfold is no rule any more. */
export const MULTIPLIER_BIPS_MAX = 10_000_000;

/** A tier's number: kept in an Int32. */
export const FEE_TIER_MAX = 0x7fff_ffff;

/** A trailing sell at 100 % would never wake. */
export const TRAILING_DELTA_BIPS_MAX = 9_999;

/** Parts of an iceberg where the market names no bound: each part is a trade of one command, and a command must end. */
export const ICEBERG_PARTS_MAX = 1_000;

/** Levels behind the best that a pegged order may name; Binance's number, and the walk is short. */
export const PEG_OFFSET_LEVELS_MAX = 100;

/** How often a leading engine is heard of, and how often one that follows tries out whether it could be. */
export const BEAT_INTERVAL_MS = 50;

/** So many of its own probes an engine must have heard, and nothing of the leader between them, to take over: a quarter of a second. */
export const SILENT_PROBES = 5;

/** So many more after this engine's connection was lost: the pause of the leader's reconnect, half a second at most, may be the longer one. */
export const RECONNECT_GRACE_PROBES = 12;

/** A probe that is not back by then is lost: many times what a busy Redis takes. */
export const PROBE_LOST_MS = 1_000;

/** How long a following engine waits for an entry before it looks whether the leader still lives. */
export const FOLLOW_BLOCK_MS = 20;

/** Entries that a following engine is ahead of the event log at most: what it would have to append when it takes over. */
export const UNCONFIRMED_ENTRIES_MAX = 4_096;

/** Outputs appended in one step: Redis does nothing else meanwhile. One entry may be larger. */
export const SEND_BYTES_MAX = 4 * 1024 * 1024;

/** Between two digests of the state that a standby compares: some ten microseconds of work in a millisecond or more. */
export const DIGEST_EVERY_COMMANDS = 1_000;

/** What one digest covers at most; what is more has its turn in the next ones. */
export const DIGEST_ACCOUNTS = 32;
export const DIGEST_ASSETS_MAX = 16;
export const DIGEST_MARKETS_MAX = 64;
export const DIGEST_ORDERS_MAX = 16;

/** Digests kept until the other engine's arrive: so many thousand commands may a standby be behind, or ahead, and still compare. */
export const DIGESTS_KEPT = 256;

/** An engine that broke so often at the same command is not started on it again: nothing but another program will help. */
export const CRASHES_AT_ONE_COMMAND_MAX = 3;

/** How long one look at the replicas waits for them; then the engine says that they are missing, and looks again. */
export const REPLICA_WAIT_MS = 500;

/** Pause between two looks of a standby for a log that nobody has opened yet. */
export const LOG_POLL_MS = 100;

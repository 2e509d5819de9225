// The numbers of the gateway, each with its reason.

/** Sockets one gateway holds; beyond it a handshake is answered 503. About 40 KiB each when idle: 800 MiB. */
export const CONNECTIONS_MAX = 20_000;

/** The longest frame a client may send: 64 subscriptions fit in a quarter of it. */
export const CLIENT_FRAME_BYTES_MAX = 4 * 1024;

/** Beyond this the socket library cuts the connection without a word, before it has taken the bytes into memory. */
export const CLIENT_MESSAGE_BYTES_MAX = 16 * 1024;

/** Subscriptions of one socket: bounds what one client can make the gateway encode, join and hold. */
export const SUBSCRIPTIONS_PER_SOCKET_MAX = 256;

/** Requests a socket may send at once, and how fast the allowance returns. A trading screen sends about ten when it opens. */
export const REQUEST_BURST_MAX = 60;
export const REQUESTS_PER_SECOND_MAX = 30;

/** Requests refused in a row for haste before the socket is closed: by then the client is not reading its answers. */
export const HASTY_REQUESTS_MAX = 100;

/** Malformed frames before the socket is closed: one may be an accident, a third one is a broken client. */
export const MALFORMED_FRAMES_MAX = 3;

/** Requests waiting behind a logon; a logon takes a millisecond, so more than this is not a client but a flood. */
export const REQUESTS_BEHIND_LOGON_MAX = 64;

/** The longest ticket looked up. */
export const TICKET_CHARACTERS_MAX = 128;

/** Bytes waiting in one socket's outbox, beyond what the kernel took: about a second of a very busy market. */
export const OUTBOX_BYTES_MAX = 1024 * 1024;

/** Bytes joined into one message; below the 1 MiB at which common client libraries refuse a message. */
export const MESSAGE_BYTES_MAX = 256 * 1024;

/** Silence after which a socket is closed. The library pings 16 s before: every 20 s, as API clients expect. */
export const IDLE_TIMEOUT_S = 36;

/** How long a Redis subscription outlives its last client: a page reload must not cost a new one. */
export const CHANNEL_LINGER_MS = 5_000;

/** Changes held while a snapshot is on its way: two seconds of the query's time limit at 20,000 changes a second. */
export const RECOVERY_CHANGES_MAX = 40_000;

/** Waits between attempts to take a snapshot; short at first, since most failures are an engine about to be back. */
export const RECOVERY_RETRY_MIN_MS = 100;
export const RECOVERY_RETRY_MAX_MS = 1_000;

/** Pause before the engine is asked again what an auction would come to. */
export const STATUS_RETRY_MS = 500;

/** Least time between two merged deltas of one market when newcomers want a snapshot between two turns. */
export const CONFLATION_JOIN_SPACING_MS = 20;

/** Entries of the event log taken in one read. */
export const EVENT_ENTRIES_PER_READ_MAX = 256;

/** How long one read of the event log blocks; also how often a log that was cut short is noticed. */
export const EVENT_READ_BLOCK_MS = 1_000;

/** Pause after a failed read of the event log. */
export const EVENT_READ_RETRY_MS = 200;

/** How long stopping waits for close frames to leave. */
export const CLOSE_GRACE_MS = 100;

// Every bound of the feed, with its reason.

/** Levels per side sent to the screen: the tallest book column shows fewer. */
export const BOOK_LEVELS_MAX = 60;
/** Books are sent at most this often: no screen shows more than one per frame. */
export const BOOK_FLUSH_MS = 16;
/** Latency is told this often: often enough to notice, seldom enough not to distract. */
export const LATENCY_REPORT_MS = 2_000;
/** A ticket request that takes longer is given up; the client asks again by itself. */
export const TICKET_TIMEOUT_MS = 5_000;

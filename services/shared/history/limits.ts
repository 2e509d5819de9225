// The numbers of reading history, each with its reason.

/** Rows of one page; what bots already ask for at most. A larger limit is cut to it. */
export const HISTORY_ROWS_MAX = 1_000;

/** Trades read to make one page of aggregate trades: one order may sweep many makers at one price. A page then ends early, never wrong. */
export const AGGREGATED_TRADES_MAX = 20_000;

/** The 24 h ticker is made of the minute under way and the 1439 before it. */
export const TICKER_WINDOW_MINUTES = 1_440;

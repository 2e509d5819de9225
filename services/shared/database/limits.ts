// The numbers of the database connection, each with its reason.

/** A database that does not answer a connection attempt within this is down, a pool without a free connection for this long is stuck; the caller is told rather than kept. */
export const DATABASE_CONNECT_TIMEOUT_MS = 5_000;

/** A connection silent for this long is probed by the operating system, so that one cut without a word is found out. */
export const DATABASE_KEEP_ALIVE_MS = 60_000;

/** No statement of a service may run longer: a page of history is index-backed, so this only bounds accidents. */
export const DATABASE_STATEMENT_TIMEOUT_MS = 10_000;

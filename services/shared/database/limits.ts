// The numbers of the database connection, each with its reason.

/** A database that does not answer a connection attempt within this is down; the caller is told rather than kept. */
export const DATABASE_CONNECT_TIMEOUT_S = 5;

/** No statement of a service may run longer: a page of history is index-backed, so this only bounds accidents. */
export const DATABASE_STATEMENT_TIMEOUT_MS = 10_000;

// The numbers of the api, each with its reason. A limit of 0 means off where its comment says so.

/** A request body: the longest legal one (an order with every parameter) is under 1 KiB. */
export const BODY_BYTES_MAX = 16 * 1024;

/** A query string; Node refuses longer header sections by itself, this bounds the parsing of parameters. */
export const QUERY_CHARS_MAX = 8 * 1024;

/** Parameters of one request; the longest documented list has 20. */
export const PARAMS_MAX = 64;

/** How long a whole request may take to arrive, headers included: a slow sender must not hold a socket. */
export const REQUEST_ARRIVAL_TIMEOUT_MS = 10_000;

/** Idle keep-alive: longer than a bot's pause between orders, so that it does not pay for a new connection. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Age a signed request may have when it does not say, and at most: the Binance numbers. */
export const RECV_WINDOW_DEFAULT_MS = 5_000;
export const RECV_WINDOW_MAX_MS = 60_000;

/** How far a client's clock may run ahead of ours. */
export const TIMESTAMP_AHEAD_MS = 1_000;

/** An order of the web session carries no timestamp; it is void if the engine has not seen it by then. */
export const SESSION_COMMAND_DEADLINE_MS = 5_000;

/** How long a credential once looked up is believed: after this a key deleted by another api instance is dead here too. */
export const CREDENTIAL_CACHE_TTL_MS = 5_000;

/** Credentials kept in memory (a few hundred bytes each), unknown ones included, so that guessing costs no memory. */
export const CREDENTIAL_CACHE_ENTRIES_MAX = 10_000;

/** A log-in lasts this long. */
export const SESSION_LIFETIME_MS = 30 * 24 * 3600 * 1000;

/** scrypt at N = 2^15, r = 8, p = 3 (OWASP): 32 MiB and about 0.2 s of one core per guess. */
export const PASSWORD_SCRYPT = { N: 2 ** 15, r: 8, p: 3 } as const;
export const PASSWORD_CHARS_MIN = 8;
/** Bounds the work of hashing what is only ever a password. */
export const PASSWORD_CHARS_MAX = 256;
export const EMAIL_CHARS_MAX = 254;

/** Passwords hashed at the same time: one, because orders share the two cores with it. */
export const PASSWORD_HASHES_AT_ONCE = 1;
/** Those waiting for their turn: at 0.2 s each the last waits some 6 s; more are told to come back. */
export const PASSWORD_HASHES_WAITING_MAX = 32;

/** Sign-ups and log-ins of one address: a burst for a household or a test run, then one every two seconds. */
export const CREDENTIAL_ATTEMPTS_BURST = 60;
export const CREDENTIAL_ATTEMPTS_PER_SECOND = 0.5;

/** Log-ins tried for one e-mail address, from anywhere: guessing one password stays hopeless. */
export const EMAIL_ATTEMPTS_BURST = 20;
export const EMAIL_ATTEMPTS_PER_SECOND = 1 / 30;

/** Addresses and e-mails remembered by a rate limit; the least recently seen are forgotten. */
export const RATE_LIMIT_SUBJECTS_MAX = 10_000;

/** API keys of one account: as many as anybody has bots. */
export const API_KEYS_PER_ACCOUNT_MAX = 30;
export const API_KEY_LABEL_CHARS_MAX = 64;

/** A socket logs on right after it asked; the ticket is worth nothing later. */
export const STREAM_TICKET_TTL_MS = 30_000;

/** What the on-ramp gives one account, in whole units of an asset: at once, and in 24 hours. Play money, but bounded. */
export const ON_RAMP_CAPS: Readonly<Record<string, { readonly perRequest: string; readonly perDay: string }>> = {
  USDT: { perRequest: "1000000", perDay: "5000000" },
  BTC: { perRequest: "10", perDay: "50" },
  ETH: { perRequest: "200", perDay: "1000" },
  SOL: { perRequest: "5000", perDay: "25000" },
};
/** The cap of an asset that the table does not name. */
export const ON_RAMP_CAP_DEFAULT = { perRequest: "1000", perDay: "5000" } as const;
export const ON_RAMP_WINDOW_MS = 24 * 3600 * 1000;

/** Assets in one operator request. */
export const OPERATOR_DEPOSITS_MAX = 32;
export const ACCOUNT_NAME_CHARS_MAX = 64;

/** Rows of a page. */
export const DEPTH_LEVELS_DEFAULT = 100;
export const DEPTH_LEVELS_MAX = 5_000;
export const PAGE_ROWS_DEFAULT = 500;
export const PAGE_ROWS_MAX = 1_000;

/** Symbols one request may list. */
export const SYMBOLS_MAX = 100;

/** How long a reader of its own history waits for the recorder to catch up before it is told that it cannot be read yet. */
export const HISTORY_CATCH_UP_MS = 1_000;
/** Public history waits less and then answers with what is there: nobody's own writes are promised. */
export const PUBLIC_HISTORY_CATCH_UP_MS = 250;

/** A health check is asked by every supervisor twice a second; within this they share one answer. */
export const HEALTH_SHARED_MS = 250;
/** A part that has not answered within this is down. */
export const HEALTH_PART_TIMEOUT_MS = 1_500;

/** Connections to PostgreSQL: history pages and log-ins, none on the way of an order. */
export const DATABASE_CONNECTIONS_MAX = 8;

// The one way a service talks to PostgreSQL: a small pool, int8 as bigint, a bounded wait for a connection.
//
// Never: a float for money. Amounts are int8 columns of ticks, lots and units, and arrive as bigint.
import postgres from "postgres";
import type { Logger } from "../logger.ts";
import { DATABASE_CONNECT_TIMEOUT_S, DATABASE_STATEMENT_TIMEOUT_MS } from "./limits.ts";

const bigintType = postgres.BigInt;

/** A pool whose int8 columns and parameters are bigint. Tagged templates only: every value is a bound parameter. */
export type Database = postgres.Sql<{ bigint: bigint }>;
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>;

export interface DatabaseOptions {
  readonly url: string;
  /** Shows in pg_stat_activity. */
  readonly service: string;
  readonly connectionsMax: number;
  readonly logger: Logger;
}

/** Opens a pool; connections are made on first use and again after a loss. Close with `sql.end()`. */
export function connectDatabase({ url, service, connectionsMax, logger }: DatabaseOptions): Database {
  return postgres(url, {
    max: connectionsMax,
    connect_timeout: DATABASE_CONNECT_TIMEOUT_S,
    idle_timeout: 0,
    types: { bigint: bigintType },
    connection: {
      application_name: `tickwire-${service}`,
      statement_timeout: DATABASE_STATEMENT_TIMEOUT_MS,
      // Times go in and out as integers or timestamptz; the session's zone must never matter.
      TimeZone: "UTC",
    },
    onnotice: (notice) => logger.debug({ notice: notice["message"] }, "database notice"),
  });
}

// What the driver says when there is no connection, and what the server says when it starts, stops or is full.
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);

/** Whether an error means that the database cannot be reached now, rather than that a statement is wrong. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && UNAVAILABLE_CODES.has(error.code);

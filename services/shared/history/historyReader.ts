// What history is read through: the pool, or a transaction when several answers must be of one moment.
import type postgres from "postgres";

/** A Database or a Transaction (services/shared/database/connection.ts). Only reads go through it. */
export type HistoryReader = postgres.ISql<{ bigint: bigint }>;

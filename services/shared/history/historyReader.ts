// What history is read through: the pool, or a transaction when several answers must be of one moment.
import type { Transaction } from "../database/connection.ts";

/** A Database or a Transaction. Only reads go through it. */
export type HistoryReader = Pick<Transaction, "query">;

// What the api knows of accounts, taken back to what the engine knows, when the log has lost its end: an account number
// that is given out again must not belong to two.
//
// An operator's act, with no api running. To be called after history was taken back.
import type { Transaction } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";

/** What became of the accounts that the engine has lost. */
export interface AccountsRolledBack {
  readonly accounts: number;
  readonly apiKeys: number;
  /** Users who get a new, empty account at their next log-in. */
  readonly users: number;
  /** Grants of demo money whose deposit was lost: asking again with the same id brings the money. */
  readonly grants: number;
}

/** Forgets every account above `accountsKept`, the number of accounts the engine has. */
export async function rollBackAccounts(tx: Transaction, accountsKept: number): Promise<AccountsRolledBack> {
  const kept = BigInt(accountsKept);
  const apiKeys = await tx.execute(sql`DELETE FROM api_keys WHERE account_id > ${kept}`);
  await tx.execute(sql`DELETE FROM on_ramp_grants WHERE account_id > ${kept}`);
  const users = await tx.execute(sql`UPDATE users SET account_id = NULL WHERE account_id > ${kept}`);
  const accounts = await tx.execute(sql`DELETE FROM accounts WHERE account_id > ${kept}`);
  const grants = await tx.execute(sql`
    UPDATE on_ramp_grants g SET status = 'pending'
    WHERE status = 'posted' AND NOT EXISTS (SELECT FROM history.transfers t WHERE t.account_id = g.account_id AND t.transfer_id = g.transfer_id)`);
  return { accounts, apiKeys, users, grants };
}

// People with an e-mail address and a password, each with one account.
//
// Invariant: a user that is returned has an account. Between the user's row and the engine's answer there may be a
// user without one; the next log-in completes it.
import { randomUUID } from "node:crypto";
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import { hashPassword, passwordMatches } from "../auth/passwords.ts";
import { ApiError } from "../errors.ts";
import type { Accounts } from "./accounts.ts";

export interface User {
  readonly userId: string;
  /** Lower case. */
  readonly email: string;
  readonly accountId: bigint;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

const canonical = (email: string): string => email.toLowerCase();
const externalId = (userId: string): string => `user:${userId}`;

export class Users {
  readonly #database: Database;
  readonly #accounts: Accounts;

  constructor(database: Database, accounts: Accounts) {
    this.#database = database;
    this.#accounts = accounts;
  }

  /** @throws ApiError EMAIL_TAKEN */
  async signUp({ email, password }: Credentials): Promise<User> {
    const userId = randomUUID();
    const address = canonical(email);
    const passwordHash = await hashPassword(password);
    const made = await this.#database.execute(sql`
      INSERT INTO users (user_id, email, password_hash) VALUES (${userId}, ${address}, ${passwordHash})
      ON CONFLICT (email) DO NOTHING`);
    if (made === 0) throw new ApiError("EMAIL_TAKEN");
    try {
      return { userId, email: address, accountId: await this.#completed(userId, address) };
    } catch (error) {
      // Not to be left with an address that is taken and an account that is not there. If the engine opens it after
      // all, it is an empty account that nobody has.
      await this.#database.execute(sql`DELETE FROM users WHERE user_id = ${userId} AND account_id IS NULL`);
      throw error;
    }
  }

  /** Gives an account that exists a person who can log in. @throws ApiError EMAIL_TAKEN */
  async addToAccount({ email, password, accountId }: Credentials & { readonly accountId: bigint }): Promise<void> {
    const passwordHash = await hashPassword(password);
    const made = await this.#database.execute(sql`
      INSERT INTO users (user_id, email, password_hash, account_id) VALUES (${randomUUID()}, ${canonical(email)}, ${passwordHash}, ${accountId})
      ON CONFLICT (email) DO NOTHING`);
    if (made === 0) throw new ApiError("EMAIL_TAKEN");
  }

  async emailIsTaken(email: string): Promise<boolean> {
    const rows = await this.#database.query(sql`SELECT 1 FROM users WHERE email = ${canonical(email)}`);
    return rows.length > 0;
  }

  /** @throws ApiError WRONG_CREDENTIALS, after the same work whether the user exists or not. */
  async logIn({ email, password }: Credentials): Promise<User> {
    const [row] = await this.#database.query<{ userId: string; email: string; passwordHash: string; accountId: bigint | null }>(sql`
      SELECT user_id AS "userId", email, password_hash AS "passwordHash", account_id AS "accountId"
      FROM users WHERE email = ${canonical(email)}`);
    const matches = await passwordMatches(password, row?.passwordHash);
    if (row === undefined || !matches) throw new ApiError("WRONG_CREDENTIALS");
    return { userId: row.userId, email: row.email, accountId: row.accountId ?? (await this.#completed(row.userId, row.email)) };
  }

  async #completed(userId: string, email: string): Promise<bigint> {
    const accountId = await this.#accounts.open({ externalId: externalId(userId), name: email.slice(0, 64) });
    await this.#database.execute(sql`UPDATE users SET account_id = ${accountId} WHERE user_id = ${userId}`);
    return accountId;
  }
}

// Log-ins of the web page: a random token in a cookie, its digest in the database.
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import { CredentialCache } from "../auth/credentialCache.ts";
import { CREDENTIAL_CACHE_ENTRIES_MAX, CREDENTIAL_CACHE_TTL_MS, SESSION_LIFETIME_MS } from "../limits.ts";
import type { User } from "./users.ts";

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

const digest = (token: string): Buffer => createHash("sha256").update(token).digest();

export class Sessions {
  readonly #database: Database;
  readonly #cache: CredentialCache<User>;

  constructor(database: Database) {
    this.#database = database;
    this.#cache = new CredentialCache({
      lookUp: (token) => this.#read(token),
      ttlMs: CREDENTIAL_CACHE_TTL_MS,
      entriesMax: CREDENTIAL_CACHE_ENTRIES_MAX,
    });
  }

  /** Begins a session; the token is told once, to the browser. Clears away sessions that are over. */
  async begin(userId: string): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const expiresAt = new Date(Date.now() + SESSION_LIFETIME_MS);
    await this.#database.execute(sql`INSERT INTO sessions (token_sha256, user_id, expires_at) VALUES (${digest(token)}, ${userId}, ${expiresAt})`);
    await this.#database.execute(sql`DELETE FROM sessions WHERE expires_at < now()`);
    return token;
  }

  /** Whose session this is; undefined when it is nobody's any more. */
  async find(token: string): Promise<User | undefined> {
    return TOKEN.test(token) ? await this.#cache.get(token) : undefined;
  }

  async end(token: string): Promise<void> {
    this.#cache.forget(token);
    await this.#database.execute(sql`DELETE FROM sessions WHERE token_sha256 = ${digest(token)}`);
    this.#cache.forget(token); // a lookup may have begun before the row was gone
  }

  async #read(token: string): Promise<User | undefined> {
    const [user] = await this.#database.query<User>(sql`
      SELECT users.user_id AS "userId", users.email, users.account_id AS "accountId"
      FROM sessions JOIN users USING (user_id)
      WHERE token_sha256 = ${digest(token)} AND expires_at > now() AND users.account_id IS NOT NULL`);
    return user;
  }
}

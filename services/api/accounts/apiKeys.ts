// API keys: a public name and a secret that signs requests for one account.
//
// The secret is shown once, at creation, and kept sealed; in memory only as a key object, for as long as the cache
// remembers it.
import { createSecretKey, randomInt, randomUUID, type KeyObject } from "node:crypto";
import { openSecret, sealSecret } from "../../shared/credentials/sealedSecret.ts";
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import { CredentialCache } from "../auth/credentialCache.ts";
import { ApiError } from "../errors.ts";
import { API_KEYS_PER_ACCOUNT_MAX, CREDENTIAL_CACHE_ENTRIES_MAX, CREDENTIAL_CACHE_TTL_MS } from "../limits.ts";

/** What every API key and secret looks like. */
export const API_KEY = /^[A-Za-z0-9]{64}$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 64;

const randomKey = (): string => Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join("");

export interface SigningKey {
  readonly accountId: bigint;
  readonly secret: KeyObject;
}

export interface NewApiKey {
  readonly keyId: string;
  readonly label: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface ListedApiKey {
  readonly keyId: string;
  readonly label: string;
  readonly apiKey: string;
  readonly createdAt: Date;
}

export class ApiKeys {
  readonly #database: Database;
  readonly #masterKey: Buffer;
  readonly #cache: CredentialCache<SigningKey>;

  constructor(database: Database, masterKey: Buffer) {
    this.#database = database;
    this.#masterKey = masterKey;
    this.#cache = new CredentialCache({
      lookUp: (apiKey) => this.#read(apiKey),
      ttlMs: CREDENTIAL_CACHE_TTL_MS,
      entriesMax: CREDENTIAL_CACHE_ENTRIES_MAX,
    });
  }

  /** @throws ApiError TOO_MANY_API_KEYS */
  async make({ accountId, label }: { readonly accountId: bigint; readonly label: string }): Promise<NewApiKey> {
    const made = { keyId: randomUUID(), label, apiKey: randomKey(), apiSecret: randomKey() };
    const sealed = sealSecret(made.apiSecret, { masterKey: this.#masterKey, owner: made.apiKey });
    await this.#database.transaction(async (tx) => {
      // Two requests at once must not both see room for the last key.
      await tx.query(sql`SELECT 1 FROM accounts WHERE account_id = ${accountId} FOR UPDATE`);
      const [{ count } = { count: 0n }] = await tx.query<{ count: bigint }>(sql`SELECT count(*) FROM api_keys WHERE account_id = ${accountId}`);
      if (count >= BigInt(API_KEYS_PER_ACCOUNT_MAX)) throw new ApiError("TOO_MANY_API_KEYS", { max: API_KEYS_PER_ACCOUNT_MAX });
      await tx.execute(sql`
        INSERT INTO api_keys (key_id, api_key, secret_sealed, account_id, label)
        VALUES (${made.keyId}, ${made.apiKey}, ${sealed}, ${accountId}, ${label})`);
    });
    this.#cache.forget(made.apiKey);
    return made;
  }

  /** The account's keys, oldest first, without their secrets. */
  async list(accountId: bigint): Promise<ListedApiKey[]> {
    return await this.#database.query<ListedApiKey>(sql`
      SELECT key_id AS "keyId", label, api_key AS "apiKey", created_at AS "createdAt"
      FROM api_keys WHERE account_id = ${accountId} ORDER BY created_at, key_id`);
  }

  /** @throws ApiError NO_SUCH_API_KEY */
  async remove({ accountId, keyId }: { readonly accountId: bigint; readonly keyId: string }): Promise<void> {
    const [gone] = await this.#database.query<{ apiKey: string }>(sql`
      DELETE FROM api_keys WHERE key_id = ${keyId} AND account_id = ${accountId} RETURNING api_key AS "apiKey"`);
    if (gone === undefined) throw new ApiError("NO_SUCH_API_KEY");
    this.#cache.forget(gone.apiKey);
  }

  /** What checks a request signed with this key; undefined for a key that does not exist. */
  find(apiKey: string): Promise<SigningKey | undefined> {
    return this.#cache.get(apiKey);
  }

  async #read(apiKey: string): Promise<SigningKey | undefined> {
    const [row] = await this.#database.query<{ accountId: bigint; sealed: Uint8Array }>(sql`
      SELECT account_id AS "accountId", secret_sealed AS sealed FROM api_keys WHERE api_key = ${apiKey}`);
    if (row === undefined) return undefined;
    const secret = openSecret(row.sealed, { masterKey: this.#masterKey, owner: apiKey });
    return { accountId: row.accountId, secret: createSecretKey(Buffer.from(secret)) };
  }
}

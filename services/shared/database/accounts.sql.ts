// Who may act for which account: accounts, users, sessions, API keys, on-ramp grants. Owned by the api.
//
// Balances and orders are not here: they live in the engine. account_id is the engine's, never made up by the database.
import type { Migration } from "./migration.ts";

export const accountsMigration: Migration = {
  name: "0001-accounts",
  sql: `
    -- An account of the engine that somebody can act for. external_id is the idempotency key of its OpenAccount.
    CREATE TABLE accounts (
      account_id  bigint PRIMARY KEY,
      external_id text NOT NULL UNIQUE,
      name        text NOT NULL,
      created_at  timestamptz NOT NULL DEFAULT now()
    );

    -- account_id is null between the insert and the engine's answer to OpenAccount; the next log-in completes it.
    CREATE TABLE users (
      user_id       uuid PRIMARY KEY,
      email         text NOT NULL UNIQUE CHECK (email = lower(email)),
      password_hash text NOT NULL,
      account_id    bigint UNIQUE REFERENCES accounts (account_id),
      created_at    timestamptz NOT NULL DEFAULT now()
    );

    -- Only a digest of the cookie's token is kept: whoever reads this table cannot log in with it.
    CREATE TABLE sessions (
      token_sha256 bytea PRIMARY KEY,
      user_id      uuid NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
      created_at   timestamptz NOT NULL DEFAULT now(),
      expires_at   timestamptz NOT NULL
    );
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    CREATE INDEX sessions_by_user ON sessions (user_id);

    -- The secret must be recoverable to check an HMAC, so it is kept encrypted (AES-256-GCM, key outside the database).
    CREATE TABLE api_keys (
      key_id        uuid PRIMARY KEY,
      api_key       text NOT NULL UNIQUE,
      secret_sealed bytea NOT NULL,
      account_id    bigint NOT NULL REFERENCES accounts (account_id),
      label         text NOT NULL,
      created_at    timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX api_keys_by_account ON api_keys (account_id);

    -- What the on-ramp has granted, so that the daily cap holds however many requests race for it. The money itself
    -- moves by the engine's Deposit with this transfer_id; 'pending' is one whose outcome is not known.
    CREATE TABLE on_ramp_grants (
      transfer_id  text NOT NULL,
      account_id   bigint NOT NULL REFERENCES accounts (account_id),
      asset_id     int NOT NULL,
      amount_units bigint NOT NULL CHECK (amount_units > 0),
      status       text NOT NULL CHECK (status IN ('pending', 'posted')),
      created_at   timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (account_id, transfer_id)
    );
    CREATE INDEX on_ramp_grants_by_account ON on_ramp_grants (account_id, asset_id, created_at);
  `,
};

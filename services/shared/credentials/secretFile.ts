// Secrets that the venue makes for itself, each once, in a file that only its user can read.
//
// Never: overwrites a secret, or lets two processes starting together each keep their own.
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, type Config } from "../config.ts";

const SECRET_BYTES = 32;
const HEX_SECRET = /^[0-9a-f]{64}$/i;

/** A secret file holds something that is not a secret of ours; `message` names the file. */
export class SecretFileError extends ConfigError {}

const isNotFound = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
const isThere = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * The secret in `<secretsDir>/<name>`, made now (32 random bytes as hex, mode 0600) when there is none. Whoever comes
 * first wins: the file appears whole or not at all, by link(2).
 */
export function readOrMakeSecret(secretsDir: string, name: string): string {
  const path = join(secretsDir, name);
  const known = read(path);
  if (known !== undefined) return known;
  mkdirSync(secretsDir, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(temporary, `${randomBytes(SECRET_BYTES).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(temporary, 0o600); // whatever the umask
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    unlinkSync(temporary);
  }
  const made = read(path);
  if (made === undefined) throw new SecretFileError(`${path} vanished while it was being made.`);
  return made;
}

/** What proves that a caller is the operator. From the environment, else from the data directory. */
export function operatorToken(config: Config): string {
  const token = config.operatorToken ?? readOrMakeSecret(config.secretsDir, "operator-token");
  if (token.length < 32) throw new SecretFileError("The operator token must have at least 32 characters.");
  return token;
}

/** The 32 bytes that encrypt API secrets at rest. From the environment, else from the data directory. */
export function masterKey(config: Config): Buffer {
  const hex = config.masterKeyHex ?? readOrMakeSecret(config.secretsDir, "master-key");
  if (!HEX_SECRET.test(hex)) throw new SecretFileError("The master key must be 64 hex digits.");
  return Buffer.from(hex, "hex");
}

// Secrets at rest: AES-256-GCM under the master key, bound to the name of their owner, so that a sealed secret moved
// to another row does not open.
//
// Layout: nonce (12 bytes), tag (16 bytes), ciphertext.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The sealed bytes are torn, were made under another key, or belong to another owner. */
export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError";
}

export interface SealOptions {
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** What the secret belongs to, e.g. the API key; not secret, but part of the seal. */
  readonly owner: string;
}

export function sealSecret(secret: string, { masterKey, owner }: SealOptions): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", masterKey, nonce).setAAD(Buffer.from(owner));
  const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** @throws SealBrokenError */
export function openSecret(sealed: Uint8Array, { masterKey, owner }: SealOptions): string {
  const bytes = Buffer.from(sealed);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBrokenError("the sealed secret is too short");
  const decipher = createDecipheriv("aes-256-gcm", masterKey, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    throw new SealBrokenError("the sealed secret does not open: another master key, or another owner");
  }
}

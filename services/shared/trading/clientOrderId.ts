// The name a client gives its order: what makes a retry safe and an unknown outcome resolvable.
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"; // 64: no modulo bias
const GENERATED_LENGTH = 22; // 132 random bits

/** A fresh id for an order whose client gave none. */
export function makeClientOrderId(): string {
  let id = "";
  for (const byte of randomBytes(GENERATED_LENGTH)) id += ALPHABET.charAt(byte & 63);
  return id;
}

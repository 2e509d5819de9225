// Passwords at rest: scrypt with the parameters stored beside the digest, so that they can be raised later.
//
// Never: hashes more than PASSWORD_HASHES_AT_ONCE at a time (orders share the machine), or tells by its timing whether
// an account exists.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { ApiError } from "../errors.ts";
import { PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING_MAX, PASSWORD_SCRYPT } from "../limits.ts";

const KEY_BYTES = 32;
const SALT_BYTES = 16;
// "scrypt$N$r$p$salt$key", the last two base64.
const STORED = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

let hashing = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (hashing >= PASSWORD_HASHES_AT_ONCE) {
    if (waiting.length >= PASSWORD_HASHES_WAITING_MAX) throw new ApiError("SERVER_BUSY");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else hashing += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) hashing -= 1;
    else next();
  }
}

const derive = (password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> =>
  inTurn(
    () =>
      new Promise((resolve, reject) => {
        // NFKC: the same password typed on two keyboards is the same password.
        scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error === null ? resolve(key) : reject(error)));
      }),
  );

/** Text to store for a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, PASSWORD_SCRYPT);
  const { N, r, p } = PASSWORD_SCRYPT;
  return `scrypt$${N}$${r}$${p}$${salt.toString("base64")}$${key.toString("base64")}`;
}

/** Whether the password is the stored one. Without a stored one the same work is done, and the answer is no. */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const match = STORED.exec(stored ?? "");
  if (stored !== undefined && match === null) throw new Error("a stored password hash is not of our making");
  const [, N, r, p, salt, key] = match ?? [];
  const cost = match === null ? PASSWORD_SCRYPT : { N: Number(N), r: Number(r), p: Number(p) };
  const expected = match === null ? Buffer.alloc(KEY_BYTES) : Buffer.from(key ?? "", "base64");
  const derived = await derive(password, Buffer.from(salt ?? "", "base64"), cost);
  return derived.length === expected.length && timingSafeEqual(derived, expected) && match !== null;
}

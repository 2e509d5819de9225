import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { openSecret, SealBrokenError, sealSecret } from "./sealedSecret.ts";
import { masterKey, operatorToken, readOrMakeSecret } from "./secretFile.ts";

const folder = mkdtempSync(join(tmpdir(), "tickwire-secrets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a secret of the venue", () => {
  it("is made once, for its user's eyes alone", () => {
    const secret = readOrMakeSecret(join(folder, "a"), "master-key");
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(readOrMakeSecret(join(folder, "a"), "master-key")).toBe(secret);
    expect(statSync(join(folder, "a", "master-key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "a", "master-key"), "utf8")).toBe(`${secret}\n`);
  });

  it("given in the environment goes before the file, and a broken file is named, not used", () => {
    const config = (env: Record<string, string>) => readConfig({ TICKWIRE_DATA_DIR: join(folder, "b"), ...env });
    expect(operatorToken(config({ TICKWIRE_OPERATOR_TOKEN: "t".repeat(32) }))).toBe("t".repeat(32));
    expect(masterKey(config({ TICKWIRE_MASTER_KEY: "ab".repeat(32) }))).toEqual(Buffer.from("ab".repeat(32), "hex"));
    const made = operatorToken(config({}));
    writeFileSync(join(folder, "b", "secrets", "master-key"), "not a key\n");
    expect(() => masterKey(config({}))).toThrow("64 hex digits");
    expect(operatorToken(config({}))).toBe(made);
  });
});

describe("a sealed secret", () => {
  const seal = { masterKey: randomBytes(32), owner: "key-1" };
  it("opens for its owner under its key", () => {
    const sealed = sealSecret("hunter2", seal);
    expect(sealed.includes("hunter2")).toBe(false);
    expect(openSecret(sealed, seal)).toBe("hunter2");
    expect(sealSecret("hunter2", seal)).not.toEqual(sealed);
  });

  it.each<[string, (sealed: Buffer) => [Uint8Array, typeof seal]]>([
    ["another owner", (sealed) => [sealed, { ...seal, owner: "key-2" }]],
    ["another master key", (sealed) => [sealed, { ...seal, masterKey: randomBytes(32) }]],
    ["one bit flipped", (sealed) => [Buffer.from(sealed.map((byte, i) => (i === sealed.length - 1 ? byte ^ 1 : byte))), seal]],
    ["cut short", (sealed) => [sealed.subarray(0, sealed.length - 1), seal]],
    ["nearly nothing", () => [new Uint8Array(3), seal]],
  ])("does not open with %s", (_, broken) => {
    expect(() => openSecret(...broken(sealSecret("hunter2", seal)))).toThrow(SealBrokenError);
  });
});

import { describe, expect, it } from "vitest";
import { hashPassword, passwordMatches } from "./passwords.ts";

describe("a password", () => {
  it("is kept as a salted hash that only it matches, however it was typed", async () => {
    const stored = await hashPassword("caf\u00e9 au lait");
    expect(stored).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(stored).not.toBe(await hashPassword("caf\u00e9 au lait"));
    expect(await passwordMatches("caf\u00e9 au lait", stored)).toBe(true);
    expect(await passwordMatches("cafe\u0301 au lait", stored)).toBe(true);
    expect(await passwordMatches("cafe au lait", stored)).toBe(false);
    expect(await passwordMatches("", stored)).toBe(false);
  });

  it("costs the same work when there is no such user", async () => {
    const stored = await hashPassword("right");
    const took = async (known: string | undefined) => {
      const began = performance.now();
      expect(await passwordMatches("wrong", known)).toBe(false);
      return performance.now() - began;
    };
    const [withUser, without] = [await took(stored), await took(undefined)];
    expect(without / withUser).toBeGreaterThan(0.2);
  });
});

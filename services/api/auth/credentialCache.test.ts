import { describe, expect, it } from "vitest";
import { CredentialCache } from "./credentialCache.ts";

function cacheOf(entries: Readonly<Record<string, string>>, entriesMax = 10) {
  const looked: string[] = [];
  let nowMs = 0;
  const store = new Map(Object.entries(entries));
  const cache = new CredentialCache<string>({
    lookUp: (id) => {
      looked.push(id);
      return id === "down" ? Promise.reject(new Error("down")) : Promise.resolve(store.get(id));
    },
    ttlMs: 100,
    entriesMax,
    nowMs: () => nowMs,
  });
  return { cache, looked, store, pass: (ms: number) => (nowMs += ms) };
}

describe("a credential, once looked up", () => {
  it("is believed for its time to live and no longer", async () => {
    const { cache, looked, store, pass } = cacheOf({ key: "secret" });
    expect(await Promise.all([cache.get("key"), cache.get("key")])).toEqual(["secret", "secret"]);
    store.delete("key");
    pass(99);
    expect(await cache.get("key")).toBe("secret");
    pass(1);
    expect(await cache.get("key")).toBeUndefined();
    expect(looked).toEqual(["key", "key"]);
  });

  it("that does not exist is remembered as such, within bounds", async () => {
    const { cache, looked } = cacheOf({}, 3);
    for (const id of ["a", "b", "c", "d", "d", "d"]) expect(await cache.get(id)).toBeUndefined();
    expect(looked).toEqual(["a", "b", "c", "d"]);
    await cache.get("a");
    expect(looked).toEqual(["a", "b", "c", "d", "a"]);
  });

  it("is asked for again after a failed lookup, and after it was revoked", async () => {
    const { cache, looked, store } = cacheOf({ key: "secret" });
    await expect(cache.get("down")).rejects.toThrow("down");
    await expect(cache.get("down")).rejects.toThrow("down");
    await cache.get("key");
    store.delete("key");
    cache.forget("key");
    expect(await cache.get("key")).toBeUndefined();
    expect(looked).toEqual(["down", "down", "key", "key"]);
  });
});

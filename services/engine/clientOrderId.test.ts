import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLIENT_ID_WORDS, ClientOrderId, clientIdHash } from "./clientOrderId.ts";

const ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;

describe("a client order id", () => {
  it("is 1 to 36 of the characters that may be echoed, and nothing else, wherever the wrong one stands", () => {
    for (let length = 0; length <= 40; length++) {
      for (let at = 0; at < Math.max(1, length); at++) {
        for (let c = 0; c < 256; c++) {
          const bytes = Buffer.from("a".repeat(length));
          if (length > 0) bytes[at] = c;
          const wanted = ID.test(bytes.toString("latin1"));
          if ((ClientOrderId.of(3, bytes) !== undefined) !== wanted) expect([bytes.toString("latin1"), !wanted]).toEqual([bytes.toString("latin1"), wanted]);
        }
      }
    }
  });

  it("is the same from any place in an entry's bytes, whatever was read before, and only for its own account", () => {
    const id = fc.stringMatching(ID);
    const reused = new ClientOrderId();
    fc.assert(
      fc.property(id, id, fc.nat(5), fc.nat(1 << 20), (text, other, before, account) => {
        const bytes = Buffer.from(`${"!".repeat(before)}${text}!!`, "latin1");
        reused.read(account, Buffer.from(other), 0, other.length);
        expect(reused.read(account, bytes, before, text.length)).toBe(true);
        expect([reused.length, Buffer.from(reused.words.buffer, 0, text.length).toString("latin1")]).toEqual([text.length, text]);
        expect(reused.words.subarray(Math.ceil(text.length / 4)).every((word) => word === 0)).toBe(true);
        // As a record that keeps the words would be hashed again.
        const kept = new Int32Array(CLIENT_ID_WORDS + 3);
        kept.set(reused.words, 3);
        expect(clientIdHash(account, kept, 3)).toBe(reused.hash);
        expect(ClientOrderId.of(account, Buffer.from(other))?.is(kept, 3)).toBe(other === text);
      }),
    );
  });
});

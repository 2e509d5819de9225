import { describe, expect, it } from "vitest";
import { TransferIds } from "./transferIds.ts";
import { TextLog, TextsByOwner } from "./textLog.ts";
import { TEXT_BYTES_MAX } from "./limits.ts";

const textsOf = (texts: TextsByOwner, owner: number): string[] => {
  const found: string[] = [];
  texts.forEach(owner, (bytes, from, length) => found.push(Buffer.from(bytes).toString("utf8", from, from + length)));
  return found;
};

describe("transfer ids", () => {
  it("are known for ever, to the account that used them and to no other", () => {
    const ids = new TransferIds();
    const used = new Map<number, string[]>();
    for (let n = 0; n < 50_000; n++) {
      const row = (n * 7) % 100;
      const id = n % 3 === 0 ? `tx-${n}` : `überweisung-${"x".repeat(n % 40)}-${n}`;
      if (ids.has(row, id)) expect.fail(`${id} of ${row} was never used`);
      ids.add(row, id);
      const list = used.get(row);
      if (list === undefined) used.set(row, [id]);
      else list.push(id);
    }
    for (const [row, list] of used) {
      for (const id of list) if (!ids.has(row, id) || ids.has(row + 1, id)) expect.fail(`${id} of ${row}`);
    }
    const frozen = ids.freeze();
    ids.add(3, "later");
    const texts = new TextsByOwner(frozen, 100);
    for (let row = 0; row < 100; row++) expect(textsOf(texts, row)).toEqual(used.get(row) ?? []);
    expect(ids.has(3, "later")).toBe(true);
  });
});

describe("a log of texts", () => {
  it("keeps every length up to its longest, empty ones too, in the order they came", () => {
    const log = new TextLog();
    const lengths = Array.from({ length: 3_000 }, (_, n) => (n * 31) % (TEXT_BYTES_MAX + 1));
    for (const length of lengths) log.add(0, Buffer.alloc(length, "a"));
    const texts = new TextsByOwner(log.freeze(), 1);
    expect(textsOf(texts, 0).map((text) => text.length)).toEqual(lengths);
    expect(() => log.add(0, Buffer.alloc(TEXT_BYTES_MAX + 1))).toThrow(RangeError);
  });
});

// The compiled encoder: what is committed is what its source compiles to, and its memory serves every engine of a thread.
// That its bytes are right is shown by eventWriter.test.ts and codec.test.ts.
import { fromBinary } from "@bufbuild/protobuf";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { EventBatchSchema } from "../../../gen/tickwire/v1/event_pb.ts";
import { CancelReason } from "../../../gen/tickwire/v1/types_pb.ts";
import { Accounts } from "../accounts.ts";
import { EventWriter } from "../eventWriter.ts";
import { OrderStore } from "../orderStore.ts";

function writer(firstOrderId: number): { events: EventWriter; slot: number } {
  const orders = new OrderStore(16);
  const accounts = new Accounts(orders);
  accounts.open("a", "a");
  return { events: new EventWriter(orders, accounts), slot: orders.add(firstOrderId) };
}

function write(events: EventWriter, entry: number, slot: number, count: number): Uint8Array {
  events.startBatch(1, entry, new Uint8Array(32), Buffer.from("x"), 0, 1, 1);
  events.startGroup(entry, 1, 1);
  for (let i = 0; i < count; i++) events.orderCanceled(slot, CancelReason.REQUESTED);
  events.endGroup();
  return events.batch();
}

it("the committed module is what its source compiles to", () => {
  const scratch = mkdtempSync(join(tmpdir(), "tickwire-encoder-"));
  try {
    const compiled = join(scratch, "module.ts");
    execFileSync(process.execPath, [resolve(import.meta.dirname, "../../../scripts/generateEncoder.mjs"), compiled]);
    expect(readFileSync(compiled, "utf8"), "run `npm run generate`").toBe(readFileSync(join(import.meta.dirname, "eventEncoderModule.ts"), "utf8"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

it("a mass cancel of more orders than the encoder's memory first holds is told whole", () => {
  const { events, slot } = writer(7);
  const batch = fromBinary(EventBatchSchema, write(events, 1, slot, 20_000));
  const told = batch.groups[0]?.events ?? [];
  expect(told.length).toBe(20_000);
  told.forEach(({ body }, i) => expect(body.case === "orderCanceled" && [body.value.executionSeq, body.value.order?.orderId]).toEqual([BigInt(i + 1), 7n]));
});

it("a batch stands while other engines of the process write theirs, the memory growing between", () => {
  const [one, other] = [writer(1), writer(2)];
  const first = write(one.events, 1, one.slot, 3);
  const kept = Buffer.from(first);
  write(other.events, 1, other.slot, 100_000);
  expect(Buffer.compare(kept, first)).toBe(0);
  const second = fromBinary(EventBatchSchema, write(one.events, 2, one.slot, 2));
  expect(second.groups[0]?.events.map(({ body }) => (body.case === "orderCanceled" ? body.value.executionSeq : 0n))).toEqual([4n, 5n]);
});

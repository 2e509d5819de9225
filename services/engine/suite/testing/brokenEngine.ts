import type { EventGroup } from "../../../../gen/tickwire/v1/event_pb.ts";
import { FastUnderTest } from "../engineUnderTest.ts";

/** The fast engine with a fault: of a taker's third trade it tells a fee that is one unit too high. */
export class BrokenEngine extends FastUnderTest {
  override applyEntry(bytes: Uint8Array): EventGroup[] {
    const groups = super.applyEntry(bytes);
    for (const { events } of groups) {
      const third = events.filter(({ body }) => body.case === "tradeExecuted")[2]?.body;
      if (third?.case === "tradeExecuted" && third.value.taker !== undefined) third.value.taker.feeUnits += 1n;
    }
    return groups;
  }
}

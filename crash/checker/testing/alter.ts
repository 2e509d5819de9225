// Faults for the record of a history: what an engine that is wrong would have left behind.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, EventSchema, type Event, type EventBatch } from "../../../gen/tickwire/v1/event_pb.ts";
import type { LoggedEntry } from "../eventFold.ts";

export type Change = (batch: EventBatch, group: { events: Event[] }, index: number) => void;

/** Rewrites the events of the first (or last) group that has an event of this kind. */
export function alter(record: { entries: LoggedEntry[] }, kind: Event["body"]["case"], change: Change, which: "first" | "last" = "first"): void {
  const places = [...record.entries.entries()];
  for (const [at, entry] of which === "first" ? places : places.reverse()) {
    const batch = fromBinary(EventBatchSchema, entry.events);
    for (const group of batch.groups) {
      const index = group.events.findIndex(({ body }) => body.case === kind);
      if (index < 0) continue;
      change(batch, group, index);
      record.entries[at] = { ...entry, events: toBinary(EventBatchSchema, batch) };
      return;
    }
  }
  throw new Error(`there is no ${kind} to alter`);
}

export const copy = (event: Event | undefined): Event => create(EventSchema, structuredClone(event?.body === undefined ? {} : { body: event.body }) as never);

// What a Redis server keeps: strings and streams, and the list of writes that made them, which is its append-only file.
//
// Never knows connections or time. Invariant: playing the writes to an empty dataset gives the same dataset, so what a
// restart finds is exactly the writes that were on disk.

/** One write as the append-only file has it. Stream ids are `0-N`; only N is kept. */
export type Write =
  | { readonly kind: "add"; readonly key: string; readonly id: number; readonly fields: readonly Buffer[] }
  | { readonly kind: "trim"; readonly key: string; readonly minId: number }
  | { readonly kind: "set"; readonly key: string; readonly value: Buffer }
  | { readonly kind: "delete"; readonly key: string };

export interface StreamEntry {
  readonly id: number;
  readonly fields: readonly Buffer[];
}

/** A stream with everything that ever stood in it; what was trimmed away is only looked at by the checker. */
export interface Stream {
  readonly kind: "stream";
  readonly entries: StreamEntry[];
  /** Index of the first entry that is still there. */
  first: number;
  lastId: number;
}

export type Value = Stream | { readonly kind: "string"; value: Buffer };

export class Dataset {
  readonly #values = new Map<string, Value>();
  /** Every write since the log was new. */
  readonly writes: Write[] = [];
  /** How many writes there were after each command that wrote: a file is cut between commands. */
  readonly commandEnds: number[] = [];

  static of(writes: readonly Write[]): Dataset {
    const dataset = new Dataset();
    for (const write of writes) dataset.apply(write);
    dataset.commandEnded();
    return dataset;
  }

  /** The writes since the last call belong to one command. */
  commandEnded(): void {
    if (this.writes.length > (this.commandEnds.at(-1) ?? 0)) this.commandEnds.push(this.writes.length);
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** The stream at `key`, when there is one. */
  stream(key: string): Stream | undefined {
    const value = this.#values.get(key);
    return value?.kind === "stream" ? value : undefined;
  }

  apply(write: Write): void {
    this.writes.push(write);
    switch (write.kind) {
      case "add": {
        let stream = this.stream(write.key);
        if (stream === undefined) this.#values.set(write.key, (stream = { kind: "stream", entries: [], first: 0, lastId: 0 }));
        stream.entries.push({ id: write.id, fields: write.fields });
        stream.lastId = write.id;
        return;
      }
      case "trim": {
        const stream = this.stream(write.key);
        if (stream === undefined) return;
        while (stream.first < stream.entries.length && (stream.entries[stream.first] as StreamEntry).id < write.minId) stream.first++;
        return;
      }
      case "set":
        this.#values.set(write.key, { kind: "string", value: write.value });
        return;
      case "delete":
        this.#values.delete(write.key);
        return;
      default:
        write satisfies never;
    }
  }

  /** Entries from `from` to `to`, oldest first, at most `count`. */
  range(key: string, from: number, to: number, count = Number.POSITIVE_INFINITY): StreamEntry[] {
    const stream = this.stream(key);
    if (stream === undefined) return [];
    const found: StreamEntry[] = [];
    for (let i = this.#firstFrom(stream, from); i < stream.entries.length && found.length < count; i++) {
      const entry = stream.entries[i] as StreamEntry;
      if (entry.id > to) break;
      found.push(entry);
    }
    return found;
  }

  #firstFrom({ entries, first }: Stream, id: number): number {
    let low = first;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] as StreamEntry).id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

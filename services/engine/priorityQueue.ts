// A binary heap whose entries know their place, so that one can leave before its turn.
//
// Never: orders by anything but `before`, which must be total: then what comes out does not depend on how it went in.

/** What the queue keeps in each entry; -1 while it is in none. */
export interface Queued {
  queuedAt: number;
}

export class PriorityQueue<T extends Queued> {
  readonly #heap: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The entry whose turn is first, left where it is. */
  first(): T | undefined {
    return this.#heap[0];
  }

  add(entry: T): void {
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
  }

  /** Takes an entry out; one that is in no queue is left alone. */
  remove(entry: T): void {
    const at = entry.queuedAt;
    if (at < 0) return;
    entry.queuedAt = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#rise(last, at);
    this.#sink(last, last.queuedAt);
  }

  #rise(entry: T, at: number): void {
    const heap = this.#heap;
    while (at > 0) {
      const parentAt = (at - 1) >>> 1;
      const parent = heap[parentAt] as T;
      if (!this.#before(entry, parent)) break;
      heap[at] = parent;
      parent.queuedAt = at;
      at = parentAt;
    }
    heap[at] = entry;
    entry.queuedAt = at;
  }

  #sink(entry: T, at: number): void {
    const heap = this.#heap;
    for (;;) {
      let childAt = at * 2 + 1;
      if (childAt >= heap.length) break;
      if (childAt + 1 < heap.length && this.#before(heap[childAt + 1] as T, heap[childAt] as T)) childAt++;
      const child = heap[childAt] as T;
      if (!this.#before(child, entry)) break;
      heap[at] = child;
      child.queuedAt = at;
      at = childAt;
    }
    heap[at] = entry;
    entry.queuedAt = at;
  }
}

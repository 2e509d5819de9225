// Looked-up credentials, remembered for a moment so that an order costs no database round trip.
//
// Bounded, and never older than its time to live: a credential revoked elsewhere dies here within that. Unknown
// credentials are remembered too; callers asking at the same time share one lookup. Invariant: insertion order is
// expiry order, so the first entry is always the next to go.

interface Remembered<T> {
  readonly value: Promise<T | undefined>;
  readonly expiresAtMs: number;
}

export class CredentialCache<T> {
  readonly #entries = new Map<string, Remembered<T>>();
  readonly #lookUp: (id: string) => Promise<T | undefined>;
  readonly #ttlMs: number;
  readonly #entriesMax: number;
  readonly #nowMs: () => number;

  constructor(options: {
    readonly lookUp: (id: string) => Promise<T | undefined>;
    readonly ttlMs: number;
    readonly entriesMax: number;
    readonly nowMs?: () => number;
  }) {
    this.#lookUp = options.lookUp;
    this.#ttlMs = options.ttlMs;
    this.#entriesMax = options.entriesMax;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** @throws what the lookup throws; a failed lookup is not remembered. */
  get(id: string): Promise<T | undefined> {
    const nowMs = this.#nowMs();
    const known = this.#entries.get(id);
    if (known !== undefined && known.expiresAtMs > nowMs) return known.value;
    const value = this.#lookUp(id);
    const entry = { value, expiresAtMs: nowMs + this.#ttlMs };
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    value.catch(() => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
    });
    for (const [oldest, { expiresAtMs }] of this.#entries) {
      if (this.#entries.size <= this.#entriesMax && expiresAtMs > nowMs) break;
      this.#entries.delete(oldest);
    }
    return value;
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }
}

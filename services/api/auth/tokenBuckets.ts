// How often one subject (an address, an e-mail) may try something: a bucket of tokens each, refilled at a steady rate.
//
// Bounded: the subjects least recently seen are forgotten first, which only ever gives a forgotten one its burst back.

interface Bucket {
  tokens: number;
  atMs: number;
}

export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #subjectsMax: number;
  readonly #nowMs: () => number;

  constructor(options: { readonly burst: number; readonly perSecond: number; readonly subjectsMax: number; readonly nowMs?: () => number }) {
    this.#burst = options.burst;
    this.#perSecond = options.perSecond;
    this.#subjectsMax = options.subjectsMax;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Takes a token; 0, or the seconds until there is one. */
  take(subject: string): number {
    const nowMs = this.#nowMs();
    const bucket = this.#buckets.get(subject) ?? { tokens: this.#burst, atMs: nowMs };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * this.#perSecond);
    bucket.atMs = nowMs;
    this.#buckets.delete(subject);
    this.#buckets.set(subject, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#subjectsMax && oldest !== undefined) this.#buckets.delete(oldest);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.ceil((1 - bucket.tokens) / this.#perSecond);
  }
}

// The client order ids that may not be used again yet, written from the rule in the plainest way: a list of what was
// accepted, looked through from the start each time.
import type { ModelEngine } from "./modelEngine.ts";

const SECONDS = 61n;
const IDS_MAX = 250_000;

const secondOf = (timeUs: bigint): bigint => timeUs / 1_000_000n;

export class ModelDedupe {
  readonly #engine: ModelEngine;
  #taken: { readonly accountId: bigint; readonly id: string; readonly isList: boolean; readonly second: bigint; readonly record: Buffer }[] = [];

  constructor(engine: ModelEngine) {
    this.#engine = engine;
  }

  remember(accountId: bigint, id: string, isList = false): void {
    const second = secondOf(this.#engine.timeUs);
    const record = Buffer.alloc(48);
    record.writeUInt32LE(Number(accountId - 1n), 0);
    record.writeUInt32LE(Number(BigInt.asUintN(32, second)), 4);
    record.writeUInt32LE(id.length + (isList ? 256 : 0), 8);
    record.write(id, 12, "latin1");
    this.#taken.push({ accountId, id, isList, second, record });
    this.#forget();
  }

  remembers(accountId: bigint, id: string, isList = false): boolean {
    this.#forget();
    return this.#taken.some((taken) => taken.accountId === accountId && taken.id === id && taken.isList === isList);
  }

  /** As the snapshot's message says it. */
  records(): Uint8Array {
    this.#forget();
    return Buffer.concat(this.#taken.map(({ record }) => record));
  }

  #forget(): void {
    const now = secondOf(this.#engine.timeUs);
    this.#taken = this.#taken.filter(({ second }) => now - second <= SECONDS).slice(-IDS_MAX);
  }
}

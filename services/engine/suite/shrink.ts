// From a failing list of entries to a minimal one: fast-check walks the tree of smaller lists, we say what smaller is.
import * as fc from "fast-check";
import type { CommandInit, Entry } from "./commandList.ts";

/** Tries of smaller lists: some seconds; what stands then is small enough to read. */
const ATTEMPTS_MAX = 2_000;

/** Lists with fewer entries first (halves, quarters, … single ones), then with simpler commands. */
function* smallerLists(list: readonly Entry[]): Generator<readonly Entry[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    if (size === list.length) continue;
    for (let from = list.length - size; from > -size; from -= size) yield [...list.slice(0, Math.max(0, from)), ...list.slice(from + size)];
  }
  for (const [i, entry] of list.entries()) for (const simpler of simplerEntries(entry)) yield list.with(i, simpler);
}

function* simplerEntries(entry: Entry): Generator<Entry> {
  const { commands } = entry;
  if (commands.length > 1) for (let i = 0; i < commands.length; i++) yield { ...entry, commands: commands.toSpliced(i, 1) };
  for (const [i, command] of commands.entries()) {
    if (command.deadlineUs !== undefined && command.deadlineUs !== 0n) yield { ...entry, commands: commands.with(i, { ...command, deadlineUs: 0n }) };
    const { body } = command;
    if (body?.case === undefined) continue;
    for (const value of simplerValues(body.value as Record<string, unknown>)) {
      yield { ...entry, commands: commands.with(i, { ...command, body: { case: body.case, value } } as CommandInit) };
    }
  }
}

function* simplerValues(value: Readonly<Record<string, unknown>>): Generator<Record<string, unknown>> {
  for (const [field, current] of Object.entries(value)) {
    if (typeof current === "bigint") for (const next of [0n, 1n, current / 2n]) if (next >= 0n && next < current) yield { ...value, [field]: next };
    if (typeof current === "object" && current !== null && !Array.isArray(current)) {
      for (const simpler of simplerValues(current as Record<string, unknown>)) yield { ...value, [field]: simpler };
    }
  }
}

class FailingList extends fc.Arbitrary<readonly Entry[]> {
  readonly #list: readonly Entry[];

  constructor(list: readonly Entry[]) {
    super();
    this.#list = list;
  }

  generate(): fc.Value<readonly Entry[]> {
    return new fc.Value(this.#list, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is readonly Entry[] {
    return Array.isArray(value);
  }

  shrink(list: readonly Entry[]): fc.Stream<fc.Value<readonly Entry[]>> {
    return fc.stream(smallerLists(list)).map((smaller) => new fc.Value(smaller, undefined));
  }
}

/** The smallest list found that still fails; `fails` must be true of `list`. */
export function shrink(list: readonly Entry[], fails: (entries: readonly Entry[]) => boolean, attempts = ATTEMPTS_MAX): readonly Entry[] {
  let left = attempts;
  const details = fc.check(fc.property(new FailingList(list), (entries) => left-- <= 0 || !fails(entries)), { numRuns: 1 });
  return details.counterexample?.[0] ?? list;
}

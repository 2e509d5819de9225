// From a failing list of entries to a minimal one: fast-check walks the tree of smaller lists, we say what smaller is.
import * as fc from "fast-check";
import type { CommandInit, Entry } from "./commandList.ts";

/** Tries of smaller lists: some seconds; what stands then is small enough to read. */
const ATTEMPTS_MAX = 2_000;

/**
 * Where shrinking stands: the next piece that is left out, of `size` entries from `from`; at size 0 the next entry that is
 * made simpler. A smaller list goes on from there: from the start again, a long list would use up all tries.
 */
interface Place {
  readonly size: number;
  readonly from: number;
  /** Something got smaller since single entries were left out last: what could not go then may go now. */
  readonly changed: boolean;
}

const startOf = (list: readonly Entry[]): Place => {
  const size = Math.ceil(list.length / 2);
  return { size, from: list.length - size, changed: false };
};

/** Lists with fewer entries first (halves, quarters, … single ones), then with simpler commands. */
function* smallerLists(list: readonly Entry[], place: Place): Generator<readonly [smaller: readonly Entry[], place: Place]> {
  let { size, from } = place;
  while (size >= 1) {
    for (; size < list.length && from > -size; from -= size) yield [[...list.slice(0, Math.max(0, from)), ...list.slice(from + size)], { size, from: from - size, changed: true }];
    size = size === 1 ? 0 : Math.ceil(size / 2);
    from = size === 0 ? 0 : list.length - size;
  }
  for (; from < list.length; from++) for (const simpler of simplerEntries(list[from] as Entry)) yield [list.with(from, simpler), { size: 0, from, changed: true }];
  if (place.changed) yield* smallerLists(list, { size: 1, from: list.length - 1, changed: false });
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

  shrink(list: readonly Entry[], place?: unknown): fc.Stream<fc.Value<readonly Entry[]>> {
    return fc.stream(smallerLists(list, (place as Place | undefined) ?? startOf(list))).map(([smaller, next]) => new fc.Value(smaller, next));
  }
}

/** The smallest list found that still fails; `fails` must be true of `list`. */
export function shrink(list: readonly Entry[], fails: (entries: readonly Entry[]) => boolean, attempts = ATTEMPTS_MAX): readonly Entry[] {
  let left = attempts;
  const details = fc.check(fc.property(new FailingList(list), (entries) => left-- <= 0 || !fails(entries)), { numRuns: 1 });
  return details.counterexample?.[0] ?? list;
}

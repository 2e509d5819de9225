// A list of log entries as data: what random runs produce, what shrinks to a minimal failure, and what is pinned.
import { create, fromJson, toBinary, toJson, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandSchema } from "../../../gen/tickwire/v1/command_pb.ts";
import { Comparison, EVERYTHING, type ComparisonOptions, type FastEngine } from "./comparison.ts";

export type CommandInit = MessageInitShape<typeof CommandSchema>;

export interface Entry {
  readonly timeUs: bigint;
  readonly commands: readonly CommandInit[];
}

export function entryBytes({ timeUs, commands }: Entry): Uint8Array {
  const numbered = commands.map((command, i) => ({ requestNo: BigInt(i + 1), ...command }));
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "proof", timeUs, commands: numbered }));
}

/** One line of JSON per entry. */
export function printEntries(entries: readonly Entry[]): string {
  return entries.map(({ timeUs, commands }) => JSON.stringify(toJson(CommandBatchSchema, create(CommandBatchSchema, { timeUs, commands: [...commands] })))).join("\n");
}

export function parseEntries(text: string): Entry[] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map((line) => {
    const { timeUs, commands } = fromJson(CommandBatchSchema, JSON.parse(line) as never);
    return { timeUs, commands };
  });
}

/** What goes wrong when both engines take these entries after `opening`; undefined when nothing does. */
export function firstFailure(
  opening: readonly Entry[],
  entries: readonly Entry[],
  options: ComparisonOptions = EVERYTHING,
  openFast?: () => FastEngine,
): string | undefined {
  const comparison = new Comparison(options, openFast?.());
  let at = 0;
  try {
    for (const entry of [...opening, ...entries]) {
      comparison.apply(entryBytes(entry));
      at++;
    }
    return undefined;
  } catch (error) {
    return `after entry ${at + 1 - opening.length}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

// How far the recorder has written: everything up to and including this entry of the log can be read from history.
import { sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";

export interface RecordedPosition {
  readonly epoch: number;
  readonly entry: bigint;
  readonly seq: bigint;
  /** Engine time of that entry. */
  readonly timeUs: bigint;
}

/** The recorder's position; undefined before its first entry. */
export async function recordedPosition(reader: HistoryReader): Promise<RecordedPosition | undefined> {
  const [row] = await reader.query<Omit<RecordedPosition, "epoch"> & { readonly epoch: bigint }>(sql`
    SELECT epoch, entry, seq, time_us AS "timeUs" FROM history.recorder_position`);
  return row === undefined ? undefined : { ...row, epoch: Number(row.epoch) };
}

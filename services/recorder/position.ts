// Where in the event log the recorder stands: the last entry whose events are in the database.

/** `logChain` is the chain of entry 1, which names the log; `chain` that of `entry`. */
export interface Position {
  readonly epoch: number;
  readonly entry: bigint;
  readonly seq: bigint;
  /** Engine time. */
  readonly timeUs: bigint;
  readonly chain: Uint8Array;
  readonly logChain: Uint8Array;
}

/**
 * The event log cannot continue what the database holds: it is another log, or a part is missing. Starting again does
 * not help; the message says what the operator can do.
 */
export class LogMismatchError extends Error {
  override readonly name = "LogMismatchError";
}

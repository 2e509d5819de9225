/** A measurement cannot be taken; `message` is one sentence for whoever asked for it. Exit code 2 when the call was wrong. */
export class BenchError extends Error {
  override readonly name = "UsageError";
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Why there is no result; `message` is one sentence. */
export class CrashError extends Error {
  override readonly name = "CrashError";
  readonly exitCode = 1;
}

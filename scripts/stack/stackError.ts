/** Something around the exchange (a program, a port, a folder) is not as it must be; `message` is one sentence with the remedy. */
export class StackError extends Error {
  override readonly name = "StackError";
}

/** The port that a server must have again is another's: a matter of time. */
export class PortTaken extends StackError {}

// What a command leaves when it is interrupted: nothing. Ctrl-C, a closed terminal or SIGTERM ends it at once, with the
// servers that it started, and takes back what it registered here.
//
// Never: waits; everything here runs while the process exits. What must not be broken off in its middle is written so that
// doing the command again mends it.
import { endChildServers } from "../stack/childServer.ts";

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** What a shell adds to the number of the signal that ended a command. */
const EXIT_BY_SIGNAL = 128;

const undone = new Set<() => void>();

/** `undo` is called if the process ends before the returned function was called: to be idempotent and quick. */
export function undoOnExit(undo: () => void): () => void {
  undone.add(undo);
  return () => undone.delete(undo);
}

/** From now on signals end this process so. To be called once. */
export function watchInterruption(): void {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      process.stderr.write("Interrupted; nothing that was started for this is left.\n");
      process.exit(EXIT_BY_SIGNAL + number);
    });
  }
  process.once("exit", () => {
    endChildServers("SIGTERM");
    for (const undo of [...undone].reverse()) {
      try {
        undo();
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  });
}

// The thread that writes one snapshot, and ends: encodes a frozen state, writes it, reads it back and restores it, while
// the engine goes on in its own thread.
//
// It makes the memory that the state is frozen into, and touches it, so that the engine only copies.
import { parentPort, workerData } from "node:worker_threads";
import { FreezeArea } from "./freezeArea.ts";
import type { FrozenState } from "./frozenState.ts";
import { writeSnapshot, type WrittenSnapshot } from "./snapshotFile.ts";

/** What the thread is started with. */
export interface SnapshotThreadData {
  readonly dir: string;
  readonly areaBytes: number;
}

/** The engine's only message. */
export interface SnapshotTask {
  readonly frozen: FrozenState;
  readonly known: readonly string[];
}

/** The thread's messages: first the area, then one of the others. */
export type SnapshotThreadMessage = { readonly area: ArrayBuffer } | { readonly written: WrittenSnapshot } | { readonly failed: string };

if (parentPort !== null) {
  const port = parentPort;
  const { dir, areaBytes } = workerData as SnapshotThreadData;
  const post = (message: SnapshotThreadMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  port.once("message", ({ frozen, known }: SnapshotTask) => {
    writeSnapshot(dir, frozen, known).then(
      (written) => post({ written }),
      (error: unknown) => post({ failed: error instanceof Error ? error.message : String(error) }),
    );
  });
  const area = FreezeArea.prepare(areaBytes);
  post({ area }, [area]);
}

// All open connections: admits up to a limit, flushes at the end of each turn of the event loop those that have
// something to send, and ends them all when the gateway stops. Knows nothing of what they carry.
import type { ClientConnection } from "./clientConnection.ts";
import type { CloseReason } from "./close.ts";
import { CONNECTIONS_MAX } from "./limits.ts";

export class ConnectionPool {
  readonly #connections = new Set<ClientConnection>();
  #dirty: ClientConnection[] = [];

  get size(): number {
    return this.#connections.size;
  }
  get isFull(): boolean {
    return this.#connections.size >= CONNECTIONS_MAX;
  }

  add(connection: ClientConnection): void {
    this.#connections.add(connection);
  }

  remove(connection: ClientConnection): void {
    this.#connections.delete(connection);
    connection.closed();
  }

  /** The connection has something to send: it is flushed once, when this turn's work is done. */
  flushSoon(connection: ClientConnection): void {
    if (this.#dirty.length === 0) setImmediate(() => this.#flush());
    this.#dirty.push(connection);
  }

  closeAll(reason: CloseReason): void {
    for (const connection of [...this.#connections]) connection.close(reason);
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) connection.flush();
  }
}

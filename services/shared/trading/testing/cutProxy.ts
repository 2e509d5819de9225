// A real connection that can be cut at the worst moment: a TCP proxy that passes everything on, until it is told to
// swallow the answers to what it still passes on, and to cut.
import { connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export class CutProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #pairs: ReadonlySet<Pair>;
  #swallows = false;

  private constructor(server: Server, pairs: ReadonlySet<Pair>, url: string) {
    this.#server = server;
    this.#pairs = pairs;
    this.url = url;
  }

  static async open(target: string): Promise<CutProxy> {
    const { hostname, port } = new URL(target);
    const pairs = new Set<Pair>();
    let proxy: CutProxy | undefined;
    const listener = createServer((client) => {
      const server = connect(Number(port), hostname);
      const pair: Pair = { client, server };
      pairs.add(pair);
      const end = (): void => {
        pairs.delete(pair);
        client.destroy();
        server.destroy();
      };
      for (const socket of [client, server]) socket.on("error", end).on("close", end);
      client.on("data", (bytes) => server.write(bytes));
      server.on("data", (bytes) => {
        if (proxy?.swallows !== true) client.write(bytes);
      });
    });
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    // The target's own credentials.
    const url = new URL(target);
    url.host = `127.0.0.1:${address.port}`;
    proxy = new CutProxy(listener, pairs, url.href);
    return proxy;
  }

  get swallows(): boolean {
    return this.#swallows;
  }

  /** From now on what clients send arrives, and what they are answered does not. */
  swallowAnswers(): void {
    this.#swallows = true;
  }

  /** Cuts every connection; new ones are whole again. */
  cut(): void {
    this.#swallows = false;
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

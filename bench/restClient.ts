// A lean signed REST caller on keep-alive connections: what it costs must not be what is measured.
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

export interface RestAnswer {
  readonly status: number;
  readonly body: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

export class RestClient {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: "fifo", noDelay: true });
  }

  /** Sends one request; requests beyond the number of connections wait for one, as those of a real client do. */
  send(method: string, path: string, headers: Record<string, string> = {}): Promise<RestAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: "127.0.0.1", port: this.#port, method, path, headers, agent: this.#agent, timeout: REQUEST_TIMEOUT_MS }, (response) => {
        let body = "";
        response.setEncoding("latin1");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("timed out")));
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  /** Sends a request of a signed route, signed now. */
  sendSigned(method: string, path: string, params: string, { apiKey, apiSecret }: { apiKey: string; apiSecret: string }): Promise<RestAnswer> {
    const query = `${params}&timestamp=${Date.now()}`;
    const signature = createHmac("sha256", apiSecret).update(query).digest("hex");
    return this.send(method, `${path}?${query}&signature=${signature}`, { "X-MBX-APIKEY": apiKey });
  }

  close(): void {
    this.#agent.destroy();
  }
}

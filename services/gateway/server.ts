// The gateway's one port: which path leads where. Sockets of the binary feed become ClientConnections; everything that
// uWebSockets.js demands (copying, not touching a closed socket, answering or registering abortion) is kept in here.
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket, us_socket_context_t, WebSocket } from "uWebSockets.js";
import { ConfigError, PortInUse } from "../shared/config.ts";
import type { ClientConnection, ClientSocket } from "./clientConnection.ts";
import type { CloseReason } from "./close.ts";
import { admit } from "./handshake.ts";
import { CLIENT_MESSAGE_BYTES_MAX, IDLE_TIMEOUT_S, MESSAGE_BYTES_MAX, OUTBOX_BYTES_MAX } from "./limits.ts";

type WebSocketLibrary = typeof import("uWebSockets.js");

const FEED_PATH = "/feed/v1";

// Refuse a port that another process listens on, instead of sharing it. The library's types do not know the four-argument form.
const LISTEN_EXCLUSIVE_PORT = 1;
type ExclusiveListen = (host: string, port: number, options: number, done: (socket: us_listen_socket | false) => void) => unknown;

interface SocketData {
  connection: ClientConnection | undefined;
}

export interface GatewayServerOptions {
  readonly host: string;
  readonly port: number;
  readonly webOrigins: readonly string[];
  readonly isFull: () => boolean;
  /** Undefined while sockets cannot be served yet. */
  readonly accept: () => ((socket: ClientSocket) => ClientConnection) | undefined;
  readonly closed: (connection: ClientConnection) => void;
  /** What GET /healthz says. */
  readonly health: () => { readonly ready: boolean } & Record<string, unknown>;
}

export interface GatewayServer {
  close(): void;
}

/** @throws ConfigError when the native library has no binary for this system. */
async function loadLibrary(): Promise<WebSocketLibrary> {
  try {
    const loaded = (await import("uWebSockets.js")) as WebSocketLibrary & { readonly default?: WebSocketLibrary };
    return loaded.default ?? loaded;
  } catch (error) {
    const cause = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new ConfigError(
      `uWebSockets.js has no binary that runs here (Node ${process.version}, ${process.platform} ${process.arch}): use Node 20, 22 or 24 ` +
        `(22 and 24 need glibc 2.38 or newer on Linux) and run npm install again. It says: ${cause}`,
    );
  }
}

function answerJson(response: HttpResponse, status: string, body: unknown): void {
  response.cork(() => {
    response.writeStatus(status).writeHeader("Content-Type", "application/json").writeHeader("Cache-Control", "no-store").end(JSON.stringify(body));
  });
}

/** A socket that goes quiet once it is closed. */
function clientSocket(ws: WebSocket<SocketData>, data: SocketData): ClientSocket {
  return {
    send: (message) => {
      if (data.connection !== undefined) ws.send(message, true, false);
    },
    bufferedBytes: () => (data.connection === undefined ? 0 : ws.getBufferedAmount()),
    close: (reason: CloseReason) => {
      if (data.connection !== undefined) ws.end(reason.code, reason.name);
    },
  };
}

/**
 * Listens.
 * @throws ConfigError when the port is taken or the library cannot be loaded.
 */
export async function startServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const library = await loadLibrary();
  const app: TemplatedApp = library.App();

  app.ws<SocketData>(FEED_PATH, {
    compression: library.DISABLED,
    maxPayloadLength: CLIENT_MESSAGE_BYTES_MAX,
    idleTimeout: IDLE_TIMEOUT_S,
    sendPingsAutomatically: true,
    // The outbox is the bound; the library must never drop a message by itself. One message is written at a time, and
    // only a single frame can exceed MESSAGE_BYTES_MAX.
    maxBackpressure: 16 * (MESSAGE_BYTES_MAX + OUTBOX_BYTES_MAX),
    upgrade: (response: HttpResponse, request: HttpRequest, context: us_socket_context_t) => {
      const admission = admit(
        { origin: request.getHeader("origin"), poolIsFull: options.isFull(), venueKnown: options.accept() !== undefined },
        options.webOrigins,
      );
      if (!admission.admitted) {
        answerJson(response, admission.status, { error: admission.error, message: admission.message });
        return;
      }
      const data: SocketData = { connection: undefined };
      response.upgrade(data, request.getHeader("sec-websocket-key"), "", request.getHeader("sec-websocket-extensions"), context);
    },
    open: (ws) => {
      const data = ws.getUserData();
      const connect = options.accept();
      if (connect === undefined) ws.close();
      else data.connection = connect(clientSocket(ws, data));
    },
    message: (ws, message, isBinary) => ws.getUserData().connection?.receive(new Uint8Array(message), isBinary),
    drain: (ws) => ws.getUserData().connection?.drained(),
    close: (ws) => {
      const data = ws.getUserData();
      const { connection } = data;
      data.connection = undefined;
      if (connection !== undefined) options.closed(connection);
    },
  });
  app.get(FEED_PATH, (response) => answerJson(response, "426 Upgrade Required", { error: "UPGRADE_REQUIRED", message: "this is a WebSocket" }));
  app.get("/healthz", (response) => {
    const health = options.health();
    answerJson(response, health.ready ? "200 OK" : "503 Service Unavailable", health);
  });
  app.any("/*", (response) => answerJson(response, "404 Not Found", { error: "NOT_FOUND", message: `the feed is at ${FEED_PATH}` }));

  const { host, port } = options;
  const listening = await new Promise<us_listen_socket | false>((resolve) => {
    (app.listen as unknown as ExclusiveListen).call(app, host, port, LISTEN_EXCLUSIVE_PORT, resolve);
  });
  if (listening === false) throw new PortInUse(`The gateway cannot listen on ${host} port ${port}: it is in use; set GATEWAY_PORT to a free port.`);
  return { close: () => void app.close() };
}

// The HTTP listener: bounded in time, patient with idle keep-alive connections, and gone in order when told.
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { ConfigError, PortInUse } from "../shared/config.ts";
import type { ApiEnv } from "./apiEnv.ts";
import { KEEP_ALIVE_TIMEOUT_MS, REQUEST_ARRIVAL_TIMEOUT_MS } from "./limits.ts";

export interface Listener {
  /** The port listened on; of use when it was asked for as 0. */
  readonly port: number;
  /** Answers what is under way, takes nothing new. */
  close(): Promise<void>;
}

/** Serves the app. @throws ConfigError when the port cannot be had */
export async function listen(app: Hono<ApiEnv>, { host, port }: { readonly host: string; readonly port: number }): Promise<Listener> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, requestTimeout: REQUEST_ARRIVAL_TIMEOUT_MS, headersTimeout: REQUEST_ARRIVAL_TIMEOUT_MS, noDelay: true },
    getRequestListener(app.fetch, { hostname: host }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new PortInUse(`API_PORT ${port} is in use by another program; end it or choose another port.`)
          : new ConfigError(`API_PORT ${port} on ${host} cannot be listened on: ${error.message}.`),
      );
    });
    server.listen(port, host, resolve);
  });
  return { port: boundPort(server), close: () => closed(server) };
}

function boundPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

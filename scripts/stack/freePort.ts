// Loopback ports: which are free, and one that the system picks.
import { createServer } from "node:net";

/** A TCP port on `host` that was free a moment ago, picked by the system. */
export async function findFreePort(host = "127.0.0.1"): Promise<number> {
  return await new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Whether something could listen on `port` of `host` now. Throws for errors other than "in use", such as a bad host. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return await new Promise<boolean>((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    // exclusive: the answer must be about this very socket, whatever a cluster parent holds.
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

// Links to a server of this machine that can be cut: a TCP proxy for each, and where the system allows it a network
// namespace in front of the proxy, so that packets vanish as they do on a broken cable.
import { execFileSync } from "node:child_process";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** "silent": nothing arrives any more, and nobody is told. "closed": every connection is closed, new ones are refused. */
export type CutKind = "silent" | "closed";

export interface Link {
  readonly host: string;
  readonly port: number;
  /** Starts a command at the far end of the link; empty: here. */
  readonly command: readonly string[];
  cut(kind: CutKind): void;
  mend(): void;
  remove(): void;
}

export interface LinksOptions {
  readonly names: readonly string[];
  /** Of the server, on loopback. */
  readonly port: number;
  readonly namespaces: boolean;
}

/** A link per name. Of "clients", which are of this process, only the proxy. */
export async function openLinks({ names, port, namespaces }: LinksOptions): Promise<Map<string, Link>> {
  const links = new Map<string, Link>();
  for (const [i, name] of names.entries()) links.set(name, namespaces && name !== "clients" ? await NamespaceLink.open(i, port) : await ProxyLink.open("127.0.0.1", port));
  return links;
}

class ProxyLink implements Link {
  readonly command: readonly string[] = [];
  readonly host: string;
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: CutKind | undefined;

  private constructor(host: string, target: number) {
    this.host = host;
    this.#target = target;
    this.#server = createServer((near) => this.#carry(near));
  }

  static async open(host: string, target: number): Promise<ProxyLink> {
    const link = new ProxyLink(host, target);
    await new Promise<void>((listening, failed) => link.#server.once("error", failed).listen(0, host, listening));
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return address.port;
  }

  #carry(near: Socket): void {
    if (this.#cut === "closed") {
      near.destroy();
      return;
    }
    const far = createConnection({ host: "127.0.0.1", port: this.#target });
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => undefined);
      from.on("data", (bytes: Buffer) => to.write(bytes));
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#cut === "silent") from.pause();
    }
  }

  cut(kind: CutKind): void {
    this.#cut = kind;
    for (const socket of this.#sockets) {
      if (kind === "closed") socket.destroy();
      else socket.pause();
    }
  }

  mend(): void {
    this.#cut = undefined;
    for (const socket of this.#sockets) socket.resume();
  }

  remove(): void {
    this.cut("closed");
    this.#server.close();
  }
}

/** A pair of virtual network cards, one of them in a namespace of its own. */
class NamespaceLink implements Link {
  readonly host: string;
  readonly command: readonly string[];
  readonly #device: string;
  readonly #namespace: string;
  readonly #proxy: ProxyLink;

  private constructor(host: string, device: string, namespace: string, proxy: ProxyLink) {
    this.host = host;
    this.#device = device;
    this.#namespace = namespace;
    this.command = ["ip", "netns", "exec", namespace];
    this.#proxy = proxy;
  }

  static async open(index: number, target: number): Promise<NamespaceLink> {
    const namespace = `tickwire-${process.pid}-${index}`;
    const device = `tw${process.pid % 100_000}n${index}`;
    const net = `10.${200 + (process.pid % 50)}.${index}`;
    ip("netns", "add", namespace);
    try {
      ip("link", "add", device, "type", "veth", "peer", "name", "uplink", "netns", namespace);
      ip("addr", "add", `${net}.1/30`, "dev", device);
      ip("link", "set", device, "up");
      ip("-n", namespace, "addr", "add", `${net}.2/30`, "dev", "uplink");
      ip("-n", namespace, "link", "set", "uplink", "up");
      ip("-n", namespace, "link", "set", "lo", "up");
      return new NamespaceLink(`${net}.1`, device, namespace, await ProxyLink.open(`${net}.1`, target));
    } catch (error) {
      ip("netns", "del", namespace);
      throw error;
    }
  }

  get port(): number {
    return this.#proxy.port;
  }

  cut(kind: CutKind): void {
    if (kind === "silent") ip("-n", this.#namespace, "link", "set", "uplink", "down");
    else this.#proxy.cut(kind);
  }

  mend(): void {
    ip("-n", this.#namespace, "link", "set", "uplink", "up");
    this.#proxy.mend();
  }

  remove(): void {
    this.#proxy.remove();
    ip("netns", "del", this.#namespace);
  }
}

const ip = (...args: string[]): void => {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
};

// Sockets between the processes and Redis: bytes arrive in order, after a while, or never because the connection is gone.
//
// Only the surface of net.Socket that the Redis driver uses is there. Invariant: what arrived, arrived in the order sent;
// a cut loses an end of what was under way, in either direction, and both sides learn of it in their own time.
import { EventEmitter } from "node:events";
import type { Roll } from "../../services/engine/suite/random.ts";
import { TICKS_PER_MS, type SimulatedProcess, type World, type WorldEvent } from "./world.ts";

/** The server's side of a socket. */
export interface Server {
  /** Undefined: refused. `send` carries bytes to the client, `close` ends the connection. */
  accept(owner: string, send: (bytes: Buffer) => void, close: () => void): ServerSide | undefined;
}

export interface ServerSide {
  receive(bytes: Buffer): void;
  closed(): void;
}

export interface Latency {
  /** One way, in milliseconds. */
  next(): number;
}

export class Network {
  readonly #world: World;
  readonly #server: Server;
  readonly #latency: Latency;
  readonly #roll: Roll;
  readonly #sockets = new Set<SimulatedSocket>();

  constructor(world: World, server: Server, latency: Latency) {
    this.#world = world;
    this.#server = server;
    this.#latency = latency;
    this.#roll = world.chance("network");
  }

  connect(process: SimulatedProcess): SimulatedSocket {
    const socket = new SimulatedSocket({ world: this.#world, process, server: this.#server, latency: this.#latency });
    this.#sockets.add(socket);
    socket.onEnd(() => this.#sockets.delete(socket));
    process.onKill(() => socket.dropByClient());
    return socket;
  }

  /** The living connections of a process. */
  of(process: SimulatedProcess): SimulatedSocket[] {
    return [...this.#sockets].filter((socket) => socket.process === process);
  }

  /** Cuts some connections of a process, or all. */
  cut(process: SimulatedProcess, all: boolean): void {
    for (const socket of this.of(process)) if (all || this.#roll(2) === 0) socket.cut(this.#roll);
  }
}

export class SimulatedSocket extends EventEmitter {
  readonly process: SimulatedProcess;
  connecting = true;
  destroyed = false;
  writable = true;
  readonly remoteAddress = "127.0.0.1";
  readonly remotePort = 6379;
  readonly #world: World;
  readonly #latency: Latency;
  #serverSide: ServerSide | undefined;
  #timeout: WorldEvent | undefined;
  #lastUpMs = 0;
  #lastDownMs = 0;
  #up: WorldEvent[] = [];
  #down: WorldEvent[] = [];
  #ended: () => void = () => undefined;
  /** Nothing passes any more, though neither side knows yet. */
  #severed = false;

  constructor({ world, process, server, latency }: { world: World; process: SimulatedProcess; server: Server; latency: Latency }) {
    super();
    this.#world = world;
    this.process = process;
    this.#latency = latency;
    world.after(latency.next(), undefined, () => this.#arriveAt(server));
  }

  onEnd(run: () => void): void {
    this.#ended = run;
  }

  #arriveAt(server: Server): void {
    if (this.destroyed || !this.process.alive) return;
    const side = server.accept(
      this.process.name,
      (bytes) => this.#sendDown(bytes),
      () => this.#closedByServer(),
    );
    if (side === undefined) {
      this.#downEvent(() => this.#fail("ECONNREFUSED"));
      return;
    }
    this.#serverSide = side;
    this.#downEvent(() => {
      if (this.destroyed) return;
      this.connecting = false;
      this.emit("connect");
    });
  }

  // Downward events come in order; each waits for the one before.
  #downEvent(run: () => void): void {
    const at = Math.max(this.#lastDownMs, this.#world.nowMs + this.#latency.next());
    this.#lastDownMs = at;
    this.#down.push(this.#world.after(at - this.#world.nowMs, this.process, run));
    if (this.#down.length > 64) this.#down = this.#down.filter(({ atTicks }) => atTicks >= this.#world.nowMs * TICKS_PER_MS);
  }

  #sendDown(bytes: Buffer): void {
    if (this.#severed) return;
    this.#downEvent(() => {
      if (!this.destroyed) this.emit("data", bytes);
    });
  }

  #closedByServer(): void {
    if (this.#severed) return;
    this.#serverSide = undefined;
    this.#downEvent(() => this.#fail("ECONNRESET"));
  }

  write(data: Buffer | string): boolean {
    if (this.destroyed || !this.writable) return false;
    if (this.#severed) return true;
    // A copy: the writer may use its buffer again.
    const bytes = Buffer.from(data as Buffer);
    this.#upEvent(() => this.#serverSide?.receive(bytes));
    return true;
  }

  #upEvent(run: () => void): void {
    const at = Math.max(this.#lastUpMs, this.#world.nowMs + this.#latency.next());
    this.#lastUpMs = at;
    this.#up.push(this.#world.after(at - this.#world.nowMs, undefined, run));
    if (this.#up.length > 64) this.#up = this.#up.filter(({ atTicks }) => atTicks >= this.#world.nowMs * TICKS_PER_MS);
  }

  /** The connection breaks: an end of what is under way, up and down, is lost. */
  cut(roll: Roll): void {
    if (this.destroyed || this.#severed) return;
    this.#loseAnEnd(this.#up, roll);
    this.#loseAnEnd(this.#down, roll);
    this.#upEvent(() => this.#closeServerSide());
    this.#downEvent(() => this.#fail("ECONNRESET"));
    this.#severed = true;
  }

  /** The process is gone. What it had sent may still arrive. */
  dropByClient(): void {
    this.destroyed = true;
    this.writable = false;
    this.#upEvent(() => this.#closeServerSide());
    this.#ended();
  }

  #closeServerSide(): void {
    const side = this.#serverSide;
    this.#serverSide = undefined;
    side?.closed();
  }

  #fail(code: string): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.writable = false;
    this.#closeServerSide();
    this.#ended();
    this.emit("error", Object.assign(new Error(`${code}: the simulated connection is gone`), { code }));
    this.emit("close", true);
  }

  end(): void {
    if (this.destroyed) return;
    this.writable = false;
    this.#upEvent(() => this.#closeServerSide());
    this.#world.after(0, this.process, () => this.destroy());
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.writable = false;
    this.#upEvent(() => this.#closeServerSide());
    this.#ended();
    this.#world.after(0, this.process, () => {
      if (error !== undefined) this.emit("error", error);
      this.emit("close", error !== undefined);
    });
    return this;
  }

  setTimeout(ms: number, run?: () => void): this {
    if (this.#timeout !== undefined) this.#timeout.cancelled = true;
    this.#timeout = ms > 0 && run !== undefined ? this.#world.after(ms, this.process, run) : undefined;
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  resume(): this {
    return this;
  }

  // Events are in the order of their time: from one of them on, none comes.
  #loseAnEnd(events: WorldEvent[], roll: Roll): void {
    const underWay = events.filter(({ atTicks }) => atTicks > this.#world.nowMs * TICKS_PER_MS);
    for (const event of underWay.slice(roll(underWay.length + 1))) event.cancelled = true;
  }
}

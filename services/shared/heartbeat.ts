// Each service says over Pub/Sub, about twice a second, that it lives and how far it is; whoever wants to know listens.
// Nothing is stored, so a heartbeat costs no disk write and a dead service is one that has gone quiet.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { HeartbeatSchema, type Heartbeat } from "../../gen/tickwire/v1/operations_pb.ts";
import { nowUs } from "./clock.ts";
import { HEARTBEAT_CHANNEL } from "./keys.ts";
import type { Redis } from "./redis.ts";

export const HEARTBEAT_INTERVAL_MS = 500;
/** A service unheard of for this long counts as down: four missed beats. */
export const HEARTBEAT_STALE_MS = 2_000;

/** "engine" leads, "standby" is an engine that follows it. */
export type ServiceName = "engine" | "standby" | "api" | "gateway" | "recorder" | "simulator";

/** What a service says of itself; the rest of the Heartbeat is filled in here. */
export interface ServiceState {
  readonly ready: boolean;
  readonly detail?: string;
  readonly epoch?: number;
  readonly entry?: bigint;
  readonly seq?: bigint;
  readonly venueVersion?: bigint;
  readonly snapshotEntry?: bigint;
  readonly snapshotAgeSeconds?: number;
}

/** A connection, or what decides whether and how something is said on one. */
export interface HeartbeatPublisher {
  readonly status: string;
  publish(channel: string, bytes: Buffer): Promise<unknown>;
}

/** Beats until stopped. `publisher` must not be in subscriber mode. Call `beat()` to announce a change at once. */
export class HeartbeatSender {
  readonly #timer: NodeJS.Timeout;
  readonly #send: () => void;

  /** `service` may change while it runs: an engine's does. */
  constructor(publisher: HeartbeatPublisher, service: ServiceName | (() => ServiceName), instanceId: string, state: () => ServiceState) {
    this.#send = () => {
      if (publisher.status !== "ready") return; // no queueing: an old heartbeat is worth nothing
      const bytes = toBinary(HeartbeatSchema, create(HeartbeatSchema, { service: typeof service === "string" ? service : service(), instanceId, timeUs: BigInt(nowUs()), ...state() }));
      publisher.publish(HEARTBEAT_CHANNEL, Buffer.from(bytes)).catch(() => undefined);
    };
    this.#timer = setInterval(this.#send, HEARTBEAT_INTERVAL_MS);
    this.#send();
  }

  beat(): void {
    this.#send();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

interface Heard {
  readonly beat: Heartbeat;
  readonly heardAtMs: number;
}

/** The newest heartbeat of each service instance, as heard on one subscriber connection. */
export class HeartbeatBoard {
  readonly #heard = new Map<string, Heard>();
  readonly #listeners = new Set<(beat: Heartbeat) => void>();

  /** `subscriber` is a connection from connectSubscriber; it may serve other channels too. */
  static async listen(subscriber: Redis): Promise<HeartbeatBoard> {
    const board = new HeartbeatBoard();
    subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      if (channel.toString() === HEARTBEAT_CHANNEL) board.#hear(fromBinary(HeartbeatSchema, payload));
    });
    await subscriber.subscribe(HEARTBEAT_CHANNEL);
    return board;
  }

  #hear(beat: Heartbeat): void {
    // By instance alone: an engine that changes its role is heard of once.
    this.#heard.set(beat.instanceId, { beat, heardAtMs: performance.now() });
    for (const listener of this.#listeners) listener(beat);
  }

  /** Calls `listener` for every heartbeat from now on; returns how to stop. */
  onBeat(listener: (beat: Heartbeat) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The heartbeats of a service's instances heard within HEARTBEAT_STALE_MS; forgets the others. */
  alive(service: ServiceName): Heartbeat[] {
    const now = performance.now();
    const beats: Heartbeat[] = [];
    for (const [key, { beat, heardAtMs }] of this.#heard) {
      if (now - heardAtMs > HEARTBEAT_STALE_MS) this.#heard.delete(key);
      else if (beat.service === service) beats.push(beat);
    }
    return beats;
  }
}

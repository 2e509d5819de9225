// Who leads the log: takes the leader key, tells the others that its holder lives, and notices when nobody does.
//
// Never: leads on memory alone; every act in the leader's name goes through a script that looks at the key. Silence
// counts only while Redis is proven to pass messages: between two beats of a living leader at most one of our own
// probes comes back, so several that came back without any beat mean that the leader, not Redis or this process, is silent.
import { randomBytes } from "node:crypto";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { EngineBeatSchema, type StateDigestSchema, type EngineBeat, type StateDigest } from "../../gen/tickwire/v1/operations_pb.ts";
import { ConfigError } from "../shared/config.ts";
import { ENGINES_CHANNEL, EVENT_LOG, LEADER_KEY } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { BEAT_INTERVAL_MS, PROBE_LOST_MS, RECONNECT_GRACE_PROBES, SILENT_PROBES } from "./limits.ts";
import type { BusListener, LogWriter } from "./log/logConnection.ts";

/** Stands under the leader key instead of a token when no engine may ever lead this log again. */
export const SEALED = "sealed";

/** This log was given up for a copy of it: no engine may lead it. */
export class LogSealed extends ConfigError {}

/** The leader key names another engine: what was about to be done was not done. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}

export class Leadership {
  /** Of this process start; names the engine for people who look at the key. */
  readonly token: string;
  readonly #voice: LogWriter;
  readonly #logger: Logger;
  readonly #onDigest: ((digest: StateDigest) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** What stands under the key while this engine leads. */
  #value: string | undefined;
  /** Who led as far as was heard or read last: whom silence is about. */
  #heard: string | undefined;
  /** Probes that have come back since that leader was heard last. */
  #silentProbes = 0;
  #saying = false;
  /** When the probe under way was sent; undefined: there is none. */
  #probeSentMs: number | undefined;

  /** `voice` must not be the connection that carries the outputs: a beat must not wait behind them. */
  constructor(name: string, voice: LogWriter, logger: Logger) {
    this.token = `${name}-${randomBytes(8).toString("hex")}`;
    this.#voice = voice;
    this.#logger = logger;
  }

  /** Starts to listen for the others. */
  async listen(bus: BusListener): Promise<void> {
    bus.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      if (channel.toString("latin1") === ENGINES_CHANNEL) this.#hear(fromBinary(EngineBeatSchema, payload));
    });
    // What was said while nobody listened is not silence; and the leader may take longer to come back than this engine.
    bus.on("close", () => {
      this.#silentProbes = -RECONNECT_GRACE_PROBES;
      this.#probeSentMs = undefined;
    });
    await bus.subscribe(ENGINES_CHANNEL);
    await this.#readKey();
    this.#timer = setInterval(() => this.#tick(), BEAT_INTERVAL_MS);
  }

  /** What every act in the leader's name must show; undefined while this engine follows. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Whether the leader has been silent for so long, or has said that it gives up, that it may be replaced. */
  get vacant(): boolean {
    return this.#silentProbes >= SILENT_PROBES || this.#heard === undefined || isVacant(this.#heard);
  }

  /** Calls `listener` with each state digest that the leading engine tells. */
  onDigest(listener: (digest: StateDigest) => void): void {
    this.#onDigest.push(listener);
  }

  /**
   * Takes the lead from the engine that was silent, if no other was faster: from nobody else. To be called when `vacant`.
   * @throws LogSealed
   */
  async claim(): Promise<boolean> {
    if (this.#heard === undefined) await this.#readKey();
    if (!this.vacant || this.#heard === undefined) return false;
    const now = await this.#voice.tickwireClaim(LEADER_KEY, this.#heard, this.token);
    if (tokenOf(now) !== this.token) {
      this.#follow(now);
      return false;
    }
    this.#value = now;
    this.#logger.info({ leader: now }, "this engine leads");
    this.#tick();
    return true;
  }

  async #readKey(): Promise<void> {
    this.#follow((await this.#voice.get(LEADER_KEY)) ?? "");
  }

  #follow(leader: string): void {
    if (tokenOf(leader) === SEALED) throw new LogSealed("This command log was given up when a replica of it was promoted; set REDIS_URL to the Redis that carries on.");
    this.#heard = leader;
    this.#silentProbes = 0;
  }

  /** Whether the key, as this connection sees it, still names this engine. */
  async confirmed(connection: LogWriter): Promise<boolean> {
    return this.#value !== undefined && (await connection.get(LEADER_KEY)) === this.#value;
  }

  /** From now on this engine follows. */
  stepDown(): void {
    if (this.#value === undefined) return;
    this.#logger.warn({ leader: this.#value }, "another engine leads now; this one follows");
    this.#value = undefined;
    this.#heard = undefined;
    this.#silentProbes = 0;
  }

  /** Gives the lead up, so that another need not wait for silence. Never fails: silence will do as well. */
  async release(): Promise<void> {
    const mine = this.#value;
    this.#value = undefined;
    if (mine === undefined) return;
    try {
      const now = await this.#voice.tickwireClaim(LEADER_KEY, mine, "");
      if (tokenOf(now) === "") await this.#voice.publish(ENGINES_CHANNEL, this.#beat(now));
    } catch (error) {
      this.#logger.debug({ err: String(error) }, "the lead could not be given up in order");
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A message for the other engines, to be sent in the leader's name. */
  announcement(digests: readonly MessageInitShape<typeof StateDigestSchema>[]): Buffer {
    return this.#beat(this.#value ?? "", digests);
  }

  #beat(leader: string, digests: readonly MessageInitShape<typeof StateDigestSchema>[] = []): Buffer {
    return Buffer.from(toBinary(EngineBeatSchema, create(EngineBeatSchema, { token: this.token, leader, digests: [...digests] })));
  }

  #hear({ token, leader, digests }: EngineBeat): void {
    if (token === this.token) {
      // A probe of our own is back.
      if (leader === "" && this.#probeSentMs !== undefined) {
        this.#probeSentMs = undefined;
        this.#silentProbes++;
      }
      return;
    }
    // Of another that follows; or a word of the past, that was under way for long.
    if (leader === "" || (this.#heard !== undefined && fenceOf(leader) < fenceOf(this.#heard))) return;
    this.#heard = leader;
    this.#silentProbes = 0;
    for (const digest of digests) for (const listener of this.#onDigest) listener(digest);
  }

  #tick(): void {
    // One message at a time: what waits for a Redis that stands still must not come out of it as a row of them.
    if (this.#saying || this.#voice.status !== "ready") return;
    this.#saying = true;
    const said = this.#value === undefined ? this.#probe() : this.#sayAlive(this.#value);
    said
      .catch(() => undefined) // not said, or nobody knows: the next one is due soon
      .finally(() => {
        this.#saying = false;
      });
  }

  async #sayAlive(value: string): Promise<void> {
    const answer = await this.#voice.tickwireSend(LEADER_KEY, EVENT_LOG, value, 0, ENGINES_CHANNEL, this.#beat(value));
    if (answer === 0 && this.#value === value) this.stepDown();
  }

  async #probe(): Promise<void> {
    const nowMs = performance.now();
    if (this.#probeSentMs !== undefined) {
      if (nowMs - this.#probeSentMs < PROBE_LOST_MS) return;
      // A bus that loses probes loses beats as well.
      this.#silentProbes = 0;
    }
    this.#probeSentMs = nowMs;
    await this.#voice.publish(ENGINES_CHANNEL, this.#beat(""));
  }
}

const fenceOf = (value: string): number => Number(value.slice(0, value.indexOf(":")));
const tokenOf = (value: string): string => value.slice(value.indexOf(":") + 1);
const isVacant = (value: string): boolean => tokenOf(value) === "";

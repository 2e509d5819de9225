// For tests: a gateway on a real Redis that is emptied before each test, with the engine's part played, and clients.
import { pino } from "pino";
import { expect } from "vitest";
import { readConfig, type Config } from "../../shared/config.ts";
import { startGateway, type Gateway, type GatewayTuning } from "../gateway.ts";
import { EngineStandIn } from "./engineStandIn.ts";
import { FeedProbe } from "./feedProbe.ts";

/** Expects of what `value` gives now or soon; patient, since tests share the machine with others. */
export const eventually = <T>(value: () => T | Promise<T>) => expect.poll(value, { timeout: 10_000, interval: 10 });

export const silent = pino({ level: "silent" });

export class Stage {
  readonly engine: EngineStandIn;
  readonly gateway: Gateway;
  readonly config: Config;
  readonly #probes: FeedProbe[] = [];

  private constructor(engine: EngineStandIn, gateway: Gateway, config: Config) {
    this.engine = engine;
    this.gateway = gateway;
    this.config = config;
  }

  static async raise(options: { redisUrl: string; port: number; tuning?: GatewayTuning }): Promise<Stage> {
    const engine = new EngineStandIn(options.redisUrl);
    await engine.redis.flushall();
    await engine.start();
    const config = readConfig({ GATEWAY_PORT: String(options.port), REDIS_URL: options.redisUrl });
    return new Stage(engine, await startGateway(config, silent, options.tuning), config);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.config.gatewayPort}/feed/v1`;
  }

  async connect(options: { origin?: string } = {}): Promise<FeedProbe> {
    const probe = await FeedProbe.connect(this.url, options);
    this.#probes.push(probe);
    return probe;
  }

  async strike(): Promise<void> {
    for (const probe of this.#probes) probe.close();
    await this.gateway.stop();
    this.engine.stop();
  }

  /** The engine's book as a probe shows it. */
  truth(marketId = 1): { seq: number; bids: [number, number][]; asks: [number, number][] } {
    const { bids, asks, seq } = this.engine.book(marketId);
    const list = ({ ticks, lots }: typeof bids) => ticks.map((price, i): [number, number] => [price, lots[i] ?? 0]).reverse();
    return { seq, bids: list(bids), asks: list(asks) };
  }

  /** Small changes around 64000, about one in four removing a level; the same for the same seed. */
  storm(changes: number, seed = 1): void {
    let state = seed;
    const random = (n: number) => {
      state = (state * 48271) % 2147483647;
      return state % n;
    };
    for (let i = 0; i < changes; i++) {
      this.engine.change({ bids: [[63_999 - random(50), random(4) * 10]], asks: [[64_001 + random(50), random(4) * 10]] });
    }
  }

  /** Redis subscribers of a channel. */
  async subscribers(channel: string): Promise<number> {
    return Number((await this.engine.redis.pubsub("NUMSUB", channel))[1]);
  }
}

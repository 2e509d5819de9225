// What the command line and the environment may say to the simulator, beyond what every service reads.
import { parseArgs } from "node:util";
import { ConfigError, type Config } from "../shared/config.ts";
import { RATE_DEFAULT, RATE_MAX } from "./limits.ts";

export interface FlowSettings {
  /** Orders per second over all markets. */
  readonly rate: number;
  readonly seed: string;
  /** undefined: every market. */
  readonly markets: readonly string[] | undefined;
  readonly apiUrl: string;
  readonly feedUrl: string;
}

/** Flags win over the environment. @throws ConfigError naming what is wrong. */
export function readFlowSettings({ config, args, env }: { config: Config; args: readonly string[]; env: NodeJS.ProcessEnv }): FlowSettings {
  let flags: { rate?: string | undefined; seed?: string | undefined; markets?: string | undefined };
  try {
    const options = { rate: { type: "string" }, seed: { type: "string" }, markets: { type: "string" } } as const;
    flags = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)} Usage: simulator [--rate ORDERS_PER_SECOND] [--seed TEXT] [--markets BTCUSDT,ETHUSDT]`);
  }
  const rateText = flags.rate ?? nonEmpty(env["TICKWIRE_FLOW_RATE"]) ?? String(RATE_DEFAULT);
  const rate = Number(rateText);
  if (!/^\d+(\.\d+)?$/.test(rateText) || rate <= 0 || rate > RATE_MAX) {
    throw new ConfigError(`${flags.rate === undefined ? "TICKWIRE_FLOW_RATE" : "--rate"} must be a number of orders per second above 0 and at most ${RATE_MAX}.`);
  }
  const markets = flags.markets?.split(",").map((symbol) => symbol.trim().toUpperCase());
  if (markets?.some((symbol) => !/^[A-Z0-9]{2,24}$/.test(symbol)) === true) {
    throw new ConfigError("--markets must be symbols separated by commas, such as BTCUSDT,ETHUSDT.");
  }
  // The exchange may listen on every address; it is near in any case.
  const near = ["0.0.0.0", "::", "localhost"].includes(config.host) ? "127.0.0.1" : config.host;
  const host = near.includes(":") ? `[${near}]` : near;
  return {
    rate,
    seed: flags.seed ?? nonEmpty(env["TICKWIRE_FLOW_SEED"]) ?? "tickwire",
    markets,
    apiUrl: address(env, "TICKWIRE_API_URL", /^https?:\/\//) ?? `http://${host}:${config.apiPort}`,
    feedUrl: address(env, "TICKWIRE_FEED_URL", /^wss?:\/\//) ?? `ws://${host}:${config.gatewayPort}/feed/v1`,
  };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

// Where the exchange is when it is not on this machine, as in containers.
function address(env: NodeJS.ProcessEnv, name: string, scheme: RegExp): string | undefined {
  const text = nonEmpty(env[name]);
  if (text !== undefined && (!scheme.test(text) || !URL.canParse(text))) throw new ConfigError(`${name} is not an address of the right kind.`);
  return text?.replace(/\/+$/, "");
}

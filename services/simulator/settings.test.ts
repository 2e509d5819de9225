import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../shared/config.ts";
import { readFlowSettings } from "./settings.ts";

const settings = (args: string[], env: NodeJS.ProcessEnv = {}, exchange: NodeJS.ProcessEnv = {}) => readFlowSettings({ config: readConfig(exchange), args, env });

describe("the simulator's settings", () => {
  it("are a lively market on this machine when nobody says otherwise", () => {
    expect(settings([])).toEqual({ rate: 40, seed: "tickwire", markets: undefined, apiUrl: "http://127.0.0.1:3001", feedUrl: "ws://127.0.0.1:3002/feed/v1" });
  });

  it("come from flags before the environment", () => {
    const env = { TICKWIRE_FLOW_RATE: "5", TICKWIRE_FLOW_SEED: "env" };
    expect(settings([], env)).toMatchObject({ rate: 5, seed: "env" });
    expect(settings(["--rate", "200", "--seed", "flag", "--markets", "btcusdt, ETHUSDT"], env)).toMatchObject({ rate: 200, seed: "flag", markets: ["BTCUSDT", "ETHUSDT"] });
  });

  it("follow the exchange's ports, and its addresses when it is on other machines", () => {
    expect(settings([], {}, { API_PORT: "4001", GATEWAY_PORT: "4002", TICKWIRE_HOST: "0.0.0.0" })).toMatchObject({
      apiUrl: "http://127.0.0.1:4001",
      feedUrl: "ws://127.0.0.1:4002/feed/v1",
    });
    expect(settings([], { TICKWIRE_API_URL: "http://api:3001/", TICKWIRE_FEED_URL: "ws://gateway:3002/feed/v1" })).toMatchObject({ apiUrl: "http://api:3001", feedUrl: "ws://gateway:3002/feed/v1" });
  });

  it.each([
    [["--rate", "0"], {}, "--rate"],
    [["--rate", "many"], {}, "--rate"],
    [["--rate", "-1"], {}, "--rate"],
    [["--rate", "999999"], {}, "--rate"],
    [[], { TICKWIRE_FLOW_RATE: "x" }, "TICKWIRE_FLOW_RATE"],
    [["--markets", "BTC/USDT"], {}, "--markets"],
    [["--speed", "9"], {}, "--speed"],
    [[], { TICKWIRE_API_URL: "api:3001" }, "TICKWIRE_API_URL"],
    [[], { TICKWIRE_FEED_URL: "http://gateway" }, "TICKWIRE_FEED_URL"],
  ])("refuse %j %j, naming %s", (args, env, name) => {
    expect(() => settings(args, env)).toThrow(ConfigError);
    expect(() => settings(args, env)).toThrow(name);
  });
});

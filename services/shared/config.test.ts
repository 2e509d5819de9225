import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

describe("the environment of a service", () => {
  it("needs to say nothing, and an empty variable says nothing", () => {
    expect(readConfig({})).toMatchObject({ webPort: 3000, apiPort: 3001, gatewayPort: 3002, host: "127.0.0.1", webOrigins: ["http://localhost:3000", "http://127.0.0.1:3000"] });
    expect(readConfig({ TICKWIRE_LOG_LEVEL: "", TICKWIRE_WEB_ORIGINS: "", PUBLIC_API_URL: "", WEB_PORT: "" })).toEqual(readConfig({}));
  });

  it("names the origins that may use cookies, and where a proxy stands", () => {
    expect(readConfig({ TICKWIRE_WEB_ORIGINS: "https://a.example, http://b.example:8080" }).webOrigins).toEqual(["https://a.example", "http://b.example:8080"]);
    expect(() => readConfig({ PUBLIC_API_URL: "https://a.example/api", PUBLIC_GATEWAY_URL: "wss://a.example/feed/v1", TICKWIRE_INTERNAL_API_URL: "http://api:3001", TICKWIRE_LOG_LEVEL: "debug" })).not.toThrow();
  });

  it.each([
    ["API_PORT", "eighty", "API_PORT must be a port number."],
    ["API_PORT", "70000", "API_PORT must be a port from 1 to 65535."],
    ["API_PORT", "3000", "WEB_PORT, API_PORT and GATEWAY_PORT must be three different ports."],
    ["REDIS_URL", "127.0.0.1:6379", "REDIS_URL must start with redis:// or rediss://."],
    ["REDIS_REPLICAS_MIN", "-1", "REDIS_REPLICAS_MIN must be a number from 0 to 9."],
    ["DATABASE_URL", "mysql://x", "DATABASE_URL must start with postgres:// or postgresql://."],
    ["TICKWIRE_LOG_LEVEL", "loud", "TICKWIRE_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent."],
    ["TICKWIRE_WEB_ORIGINS", "a.example", "TICKWIRE_WEB_ORIGINS must be origins separated by commas, such as https://exchange.example.com: scheme, host and port, without a path."],
    ["TICKWIRE_WEB_ORIGINS", "https://a.example/", "TICKWIRE_WEB_ORIGINS must be origins separated by commas, such as https://exchange.example.com: scheme, host and port, without a path."],
    ["PUBLIC_API_URL", "a.example", "PUBLIC_API_URL must be an address that starts with http:// or https://."],
    ["PUBLIC_GATEWAY_URL", "https://a.example", "PUBLIC_GATEWAY_URL must be an address that starts with ws:// or wss://."],
    ["TICKWIRE_INTERNAL_API_URL", "api", "TICKWIRE_INTERNAL_API_URL must be an address that starts with http:// or https://."],
    ["TICKWIRE_ACCEPT_UNSAFE_LOG", "yes", "TICKWIRE_ACCEPT_UNSAFE_LOG must be 0 or 1."],
    ["TICKWIRE_MASTER_KEY", "zz", "TICKWIRE_MASTER_KEY must be 64 hex digits."],
    ["TICKWIRE_REQUEST_WEIGHT_1M", "many", "TICKWIRE_REQUEST_WEIGHT_1M must be a whole number; 0 means no limit."],
  ])("%s=%s is refused in one sentence", (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(new ConfigError(sentence));
  });
});

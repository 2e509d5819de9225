// An engine that is to stop while Redis is away: whatever it waits for there ends.
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "../shared/logger.ts";
import { connectWriter } from "../shared/redis.ts";
import { Leadership } from "./leadership.ts";
import { withFencedCommands, type LogWriter } from "./log/logConnection.ts";
import { Outbound } from "./outbound.ts";

const logger = createLogger("test");
logger.level = "silent";
let writer: LogWriter & { disconnect(): void };
let outbound: Outbound;
beforeEach(() => {
  // Nobody listens there.
  writer = withFencedCommands(connectWriter("redis://127.0.0.1:1", "writer", logger));
  outbound = new Outbound(writer, new Leadership("engine", writer, logger), logger, { replicasMin: 0 });
});
afterEach(() => writer.disconnect());

test.each([
  ["outputs that could not be sent", () => outbound.send([])],
  ["a look at the history after a lost connection", () => outbound.verify([])],
])("does not wait for Redis with %s", async (_what, begin) => {
  const waiting = begin();
  await new Promise((resolve) => setTimeout(resolve, 100));
  outbound.stop();
  await expect(waiting).rejects.toThrow("stopped while Redis was away");
  await expect(begin()).rejects.toThrow("stopped while Redis was away");
});

// Whether Redis takes writes: one that answers, but is full or cannot write its log, refuses every order.
//
// Never: writes to find out; each write to the log's Redis is a flush of its disk.
import type { Redis } from "../shared/redis.ts";
import type { PartHealth } from "./health.ts";

/** @throws when Redis does not answer. */
export async function redisHealth(redis: Redis): Promise<PartHealth> {
  const info = await fields(redis);
  const [used, most] = [Number(info.get("used_memory") ?? 0), Number(info.get("maxmemory") ?? 0)];
  if (most > 0 && used >= most) {
    return { up: false, detail: `full: it uses ${used} bytes of the ${most} that its maxmemory allows, and refuses every write; raise maxmemory` };
  }
  if (info.get("aof_last_write_status") === "err") return { up: false, detail: "cannot write its log to the disk, and refuses every write: look whether the disk is full" };
  return { up: true };
}

async function fields(redis: Redis): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let text: string;
  try {
    text = await redis.info();
  } catch (error) {
    // A server that forbids INFO has answered, and that is all it can be asked.
    if (error instanceof Error && error.name === "ReplyError") return found;
    throw error;
  }
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) found.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return found;
}

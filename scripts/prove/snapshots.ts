// `npm run prove -- --snapshot-mutations N`: R8 at any length, on a redis-server of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { mutateSnapshots } from "../../services/engine/suite/snapshotMutations.ts";
import { startRedisServer } from "../stack/redisServer.ts";

/** @returns the exit code: 1 when an altered snapshot became a state, or the wrong thing was done about one. */
export async function proveSnapshots(count: number, seed: number): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "tickwire-mutations-"));
  const server = await startRedisServer({ dataDir });
  const redis = new Redis(server.url);
  const trimmedRedis = new Redis(server.url, { db: 1 });
  try {
    const { mutations, accepted, wrong, kinds } = await mutateSnapshots({ dir: join(dataDir, "snapshots"), redis, trimmedRedis, count, seed });
    for (const words of accepted) process.stdout.write(`accepted: ${words}\n`);
    for (const words of wrong) process.stdout.write(`wrong: ${words}\n`);
    for (const [kind, times] of Object.entries(kinds).sort(([, a], [, b]) => b - a)) process.stderr.write(`${String(times).padStart(6)}  ${kind}\n`);
    process.stdout.write(`${mutations.toLocaleString("en")} mutated snapshots from seed ${seed} on: ${accepted.length} accepted, ${wrong.length} answered wrongly.\n`);
    return accepted.length + wrong.length === 0 ? 0 : 1;
  } finally {
    redis.disconnect();
    trimmedRedis.disconnect();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

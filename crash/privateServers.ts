// Where the servers of a running private exchange answer, for one that looks at them from outside.
import { join } from "node:path";
import { readRunFile, type RunFile } from "../scripts/stack/runFile.ts";
import { postgresUrl } from "../scripts/stack/postgresServer.ts";
import { readOrMakeSecret } from "../services/shared/credentials/secretFile.ts";
import { CrashError } from "./crashError.ts";

export interface PrivateServers {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** Ports stay the same over every restart. @throws CrashError when the exchange does not run on servers of its own. */
export function privateServers(dataDir: string): PrivateServers {
  const { redis, postgres } = runFile(dataDir).ports;
  if (redis === undefined || postgres === undefined) throw new CrashError("The exchange does not run on servers of its own.");
  const secret = (name: string): string => readOrMakeSecret(join(dataDir, "secrets"), name);
  return { redisUrl: `redis://:${secret("redis-password")}@127.0.0.1:${redis}`, databaseUrl: postgresUrl(secret("postgres-password"), postgres) };
}

/** What the supervisor says of itself. */
export function runFile(dataDir: string): RunFile {
  const run = readRunFile(dataDir);
  if (run === undefined) throw new CrashError("The exchange has ended.");
  return run;
}

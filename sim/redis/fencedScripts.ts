// The engine's scripts in TypeScript, by the text they have in Lua: memoryRedis.test.ts holds both together.
import { CLAIM_SCRIPT, COMMAND_SCRIPT, SEND_SCRIPT } from "../../services/engine/log/logConnection.ts";
import { ENTRY_FIELD } from "../../services/shared/keys.ts";
import type { NativeScript, ScriptAccess } from "./memoryRedis.ts";
import { bulk, integer } from "./reply.ts";

const value = (redis: ScriptAccess, key: string): Buffer | undefined => {
  const reply = redis.call("GET", key);
  return reply.kind === "bulk" ? reply.bytes : undefined;
};

const leads = (redis: ScriptAccess, key: string, leader: Buffer | undefined): boolean => leader !== undefined && value(redis, key)?.equals(leader) === true;

const send: NativeScript = (redis, [leaderKey = "", log = ""], args) => {
  if (!leads(redis, leaderKey, args[0])) return integer(0);
  append(redis, log, args);
  return integer(1);
};

function append(redis: ScriptAccess, log: string, args: readonly Buffer[]): void {
  const last = 2 + 2 * Number(args[1]);
  for (let i = 2; i < last; i += 2) redis.call("XADD", log, args[i] as Buffer, ENTRY_FIELD, args[i + 1] as Buffer);
  for (let i = last; i + 1 < args.length; i += 2) redis.call("PUBLISH", args[i] as Buffer, args[i + 1] as Buffer);
}

const command: NativeScript = (redis, [leaderKey = "", log = ""], args) => {
  if (!leads(redis, leaderKey, args[0])) return integer(0);
  redis.call("XADD", log, "NOMKSTREAM", "0-*", ENTRY_FIELD, args[1] as Buffer);
  return integer(1);
};

const claim: NativeScript = (redis, [leaderKey = ""], args) => {
  const found = value(redis, leaderKey)?.toString("latin1") ?? "";
  if (found !== args[0]?.toString("latin1")) return bulk(found);
  const fence = Number(/^\d+/.exec(found)?.[0] ?? 0) + 1;
  const mine = `${fence}:${args[1]?.toString("latin1")}`;
  redis.call("SET", leaderKey, mine);
  return bulk(mine);
};

export const FENCED_SCRIPTS: ReadonlyMap<string, NativeScript> = new Map([
  [SEND_SCRIPT, send],
  [COMMAND_SCRIPT, command],
  [CLAIM_SCRIPT, claim],
]);

/**
 * The scripts watched: `acted` is told of every act in a leader's name by an engine that does not lead. `unfenced` plants
 * scripts that do not look at the key.
 */
export function watchedScripts(acted: (who: string) => void, unfenced: boolean): ReadonlyMap<string, NativeScript> {
  const watched =
    (script: NativeScript): NativeScript =>
    (redis, keys, args, caller) => {
      const leader = leads(redis, keys[0] ?? "", args[0]);
      const shown = value(redis, keys[0] ?? "");
      const reply = script(redis, keys, unfenced && !leader && shown !== undefined ? [shown, ...args.slice(1)] : args, caller);
      if (!leader && reply.kind === "integer" && reply.value === 1) acted(caller.owner);
      return reply;
    };
  return new Map([...FENCED_SCRIPTS].map(([text, script]) => [text, script === claim ? script : watched(script)]));
}

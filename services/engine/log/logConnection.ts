// What the engine asks of Redis, all of it: a few commands, and the scripts that look at the leader key and act in one
// step. Whoever offers these, a server or a simulation of one, can carry the whole engine.
//
// Invariant: nothing is appended and nothing is said in the leader's name but by a script that found the leader's own
// value under the leader key at that very moment. An engine that was stopped and wakes up as a leader of the past does
// nothing at all.
import { ENTRY_FIELD } from "../../shared/keys.ts";
import type { Redis } from "../../shared/redis.ts";

/** KEYS: leader key, event log. ARGV: leader value, number of entries, then id and bytes of each, then channel and bytes of each message. */
export const SEND_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local last = 2 + 2 * tonumber(ARGV[2])
for i = 3, last, 2 do redis.call('XADD', KEYS[2], ARGV[i], '${ENTRY_FIELD}', ARGV[i + 1]) end
for i = last + 1, #ARGV, 2 do redis.call('PUBLISH', ARGV[i], ARGV[i + 1]) end
return 1`;

/** KEYS: leader key, command log. ARGV: leader value, bytes. */
export const COMMAND_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[2], 'NOMKSTREAM', '0-*', '${ENTRY_FIELD}', ARGV[2])
return 1`;

/** KEYS: leader key. ARGV: the value it must have, the token to put there behind the next fence. */
export const CLAIM_SCRIPT = `
local found = redis.call('GET', KEYS[1]) or ''
if found ~= ARGV[1] then return found end
local mine = string.format('%d:%s', tonumber(string.match(found, '^%d+') or '0') + 1, ARGV[2])
redis.call('SET', KEYS[1], mine)
return mine`;

/** The scripts, as methods of a connection. */
export interface FencedCommands {
  /**
   * Appends `entries` (stream id, bytes) to the event log and publishes `messages` (channel, bytes), if `leader` leads.
   * Answers 1; or 0, and then nothing was done. An error may leave a beginning of the entries appended.
   */
  tickwireSend(leaderKey: string, eventLog: string, leader: string, entries: number, ...entriesThenMessages: (string | Buffer)[]): Promise<number>;
  /** Appends one command to the command log if `leader` leads, and the log exists; answers as tickwireSend does. */
  tickwireCommand(leaderKey: string, commandLog: string, leader: string, bytes: Buffer): Promise<number>;
  /** Puts `token` under the leader key, behind the next fence, if what stands there is `seen`; answers what stands there now. */
  tickwireClaim(leaderKey: string, seen: string, token: string): Promise<string>;
}

/** For blocking reads of the logs. */
export type LogReader = Pick<Redis, "status" | "once" | "xreadBuffer" | "xrangeBuffer" | "xrevrangeBuffer">;

/** For everything that must not wait behind a blocking read. Made by `withFencedCommands`. */
export type LogWriter = LogReader & Pick<Redis, "get" | "xadd" | "xtrim" | "publish" | "wait"> & FencedCommands;

/** For what is heard. */
export type BusListener = Pick<Redis, "on" | "subscribe">;

/** The connection with the scripts as methods. */
export function withFencedCommands(redis: Redis): Redis & FencedCommands {
  redis.defineCommand("tickwireSend", { numberOfKeys: 2, lua: SEND_SCRIPT });
  redis.defineCommand("tickwireCommand", { numberOfKeys: 2, lua: COMMAND_SCRIPT });
  redis.defineCommand("tickwireClaim", { numberOfKeys: 1, lua: CLAIM_SCRIPT });
  // The methods exist from here on; the driver's types cannot say so.
  return redis as Redis & FencedCommands;
}

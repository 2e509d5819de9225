// The server in memory against redis-server: the same requests on the same connections, and every byte of the answers.
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { seededRoll, type Roll } from "../../services/engine/suite/random.ts";
import { CLAIM_SCRIPT, COMMAND_SCRIPT, SEND_SCRIPT } from "../../services/engine/log/logConnection.ts";
import { FENCED_SCRIPTS } from "./fencedScripts.ts";
import { MemoryRedis, type ServerConnection } from "./memoryRedis.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-memory-redis-"));
let server: RunningServer;
let password: string;

beforeAll(async () => {
  server = await startRedisServer({ dataDir });
  password = new URL(server.url).password;
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Words = readonly (string | Buffer)[];

const request = (words: Words): Buffer => {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = Buffer.from(word);
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return Buffer.concat(parts);
};

/** One connection to each of the two servers. */
class Pair {
  readonly real: Socket;
  readonly memory: ServerConnection;
  #realBytes = Buffer.alloc(0);
  #memoryBytes = Buffer.alloc(0);
  #changed: () => void = () => undefined;

  constructor(port: number, memory: MemoryRedis) {
    this.real = createConnection(port, "127.0.0.1");
    this.real.on("data", (bytes: Buffer) => {
      this.#realBytes = Buffer.concat([this.#realBytes, bytes]);
      this.#changed();
    });
    this.memory = memory.connect("test", (bytes) => (this.#memoryBytes = Buffer.concat([this.#memoryBytes, bytes])));
  }

  send(words: Words): void {
    this.real.write(request(words));
    this.memory.receive(request(words));
  }

  /** Waits until redis-server has answered up to the end of `marker`. */
  async answered(marker: string): Promise<void> {
    const end = Buffer.from(`${marker}\r\n`);
    while (!this.#realBytes.subarray(-end.length).equals(end)) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  take(): { real: string; memory: string } {
    const taken = { real: this.#realBytes.toString("latin1"), memory: this.#memoryBytes.toString("latin1") };
    this.#realBytes = Buffer.alloc(0);
    this.#memoryBytes = Buffer.alloc(0);
    return taken;
  }
}

const opened: BothServers[] = [];
afterEach(() => {
  for (const both of opened.splice(0)) both.close();
});

class BothServers {
  readonly memory = new MemoryRedis({ scripts: FENCED_SCRIPTS });
  readonly pairs: Pair[] = [];
  #marks = 0;

  /** `protocols`: one connection each. */
  async open(protocols: readonly (2 | 3)[]): Promise<void> {
    opened.push(this);
    for (const protocol of protocols) {
      const pair = new Pair(server.port, this.memory);
      this.pairs.push(pair);
      pair.real.write(request(["AUTH", password]));
      await pair.answered("+OK");
      if (protocol === 3) {
        pair.send(["HELLO", "3"]);
        this.#turn();
        await this.#mark(pair);
        pair.take(); // holds the server's version and an id
      }
    }
    this.pairs[0]?.real.write(request(["FLUSHALL"]));
    await this.pairs[0]?.answered("+OK");
    for (const pair of this.pairs) pair.take();
  }

  #turn(): void {
    this.memory.turn(0);
    this.memory.answer();
  }

  // A PING that names itself comes back after everything before it. A blocked connection would not answer it.
  async #mark(pair: Pair): Promise<void> {
    const marker = `mark-${++this.#marks}`;
    pair.send(["PING", marker]);
    this.#turn();
    await pair.answered(marker);
  }

  /** Sends one command on one connection, and compares what every connection has been told since. */
  async step(at: number, words: Words): Promise<void> {
    const pair = this.pairs[at] as Pair;
    pair.send(words);
    this.#turn();
    for (const each of this.pairs) if (each.memory.blocked === undefined) await this.#mark(each);
    for (const [i, each] of this.pairs.entries()) {
      const { real, memory } = each.take();
      expect(memory, `connection ${i} after ${words.map(String).join(" ")} on connection ${at}`).toBe(real);
    }
  }

  close(): void {
    for (const { real } of this.pairs) real.destroy();
  }
}

const pick = <T>(roll: Roll, items: readonly T[]): T => items[roll(items.length)] as T;

function randomCommand(roll: Roll): Words {
  const key = pick(roll, ["a", "b"]);
  const other = pick(roll, ["text", "a", "count"]);
  const id = (): string => pick(roll, ["0-0", "0-1", "0-3", "0-7", "0-20", "0", "nonsense"]);
  const edge = (): string => pick(roll, ["-", "+", id(), "0-5"]);
  const channel = pick(roll, ["news", "prices"]);
  switch (roll(20)) {
    case 0:
    case 1:
    case 2:
      return ["XADD", key, ...pick(roll, [["NOMKSTREAM"], [], []]), "0-*", "b", Buffer.from([roll(256), 13, 10, roll(256)])];
    case 3:
    case 4:
      return ["XADD", key, id(), "b", `value ${roll(100)}`];
    case 5:
      return ["XADD", key, "0-*", "field alone"];
    case 6:
    case 7:
      return ["XREAD", "COUNT", String(1 + roll(3)), "STREAMS", key, id()];
    case 8:
      return ["XREAD", "COUNT", "2", "BLOCK", "0", "STREAMS", key, pick(roll, ["$", "0-3", "0-0"])];
    case 9:
      return ["XRANGE", key, edge(), edge(), ...pick(roll, [[], ["COUNT", String(1 + roll(4))]])];
    case 10:
      return ["XREVRANGE", key, edge(), edge(), ...pick(roll, [[], ["COUNT", "1"]])];
    case 11:
      return ["XTRIM", key, "MINID", "=", pick(roll, ["0-1", "0-4", "0-9"])];
    case 12:
      return ["XLEN", pick(roll, [key, other])];
    case 13:
      return ["PUBLISH", channel, `said ${roll(100)}`];
    case 14:
      return [pick(roll, ["SUBSCRIBE", "UNSUBSCRIBE"]), channel];
    case 15:
      return ["SET", other, pick(roll, ["1", "text"]), ...pick(roll, [[], ["NX"], ["XX"]])];
    case 16:
      return ["GET", pick(roll, [other, key])];
    case 17:
      return ["INCR", pick(roll, ["count", other])];
    case 18:
      return ["EXISTS", key, other];
    default:
      return pick<Words>(roll, [["DEL", other], ["DEL", key, key], ["PING"], ["WAIT", "0", "10"], ["XREAD", "COUNT", "1", "STREAMS", "text", "0-0"]]);
  }
}

describe("the simulator's Redis", () => {
  it.each([1, 2, 3, 4, 5, 6])("answers byte for byte as redis-server does, in both protocols, blocked or subscribed (seed %i)", async (seed) => {
    const both = new BothServers();
    await both.open([3, 2, 3]);
    const roll = seededRoll(seed);
    for (let step = 0; step < 150; step++) {
      const free = both.pairs.map((_, i) => i).filter((i) => both.pairs[i]?.memory.blocked === undefined);
      const at = pick(roll, free);
      const command = randomCommand(roll);
      // Somebody must be left to wake the others up.
      if (command.includes("BLOCK") && (free.length === 1 || both.pairs[at]?.memory.channels.size !== 0)) continue;
      await both.step(at, command);
    }
  });

  it.each([1, 2, 3])("runs the engine's scripts as redis-server runs their Lua: whoever leads acts, whoever does not, does nothing (seed %i)", async (seed) => {
    const both = new BothServers();
    await both.open([3, 3, 2]);
    await both.step(1, ["SUBSCRIBE", "news"]);
    await both.step(0, ["XADD", "cmd", "0-1", "b", "first"]);
    const roll = seededRoll(seed);
    const seen = ["", "1:a", "2:b", "3:a", "4:b", "5:a", "6:b", "7:"];
    let entry = 0;
    for (let step = 0; step < 80; step++) {
      const at = pick(roll, [0, 2]);
      const leader = both.memory.dataset.get("leader");
      const shown = leader?.kind === "string" && roll(3) > 0 ? leader.value.toString() : pick(roll, seen);
      const what = roll(10);
      if (what < 3) await both.step(at, ["EVAL", CLAIM_SCRIPT, "1", "leader", shown, pick(roll, ["a", "b", ""])]);
      else if (what < 5) await both.step(at, ["EVAL", COMMAND_SCRIPT, "2", "leader", pick(roll, ["cmd", "none"]), shown, `command ${step}`]);
      else {
        const entries = Array.from({ length: roll(3) }, () => [`0-${++entry}`, `events ${step}`]).flat();
        const messages = roll(2) === 0 ? [] : ["news", `said ${step}`];
        await both.step(at, ["EVAL", SEND_SCRIPT, "2", "leader", "out", shown, String(entries.length / 2), ...entries, ...messages]);
      }
      if (step % 10 === 9) for (const key of ["cmd", "out"]) await both.step(0, ["XRANGE", key, "-", "+"]);
    }
    await both.step(0, ["GET", "leader"]);
  });

  it("ends a wait without news as redis-server does", async () => {
    const both = new BothServers();
    await both.open([3, 2]);
    for (const pair of both.pairs) {
      pair.send(["XREAD", "BLOCK", "5", "STREAMS", "quiet", "0-0"]);
      pair.send(["WAIT", "1", "5"]);
      both.memory.turn(0);
      both.memory.turn(5);
      both.memory.turn(10);
      both.memory.answer();
      await pair.answered(":0");
      const { real, memory } = pair.take();
      expect(memory).toBe(real);
    }
  });

  it("trims, where the exchange asks for about, at least what redis-server trims, and never more than was named", async () => {
    const both = new BothServers();
    await both.open([3]);
    const [pair] = both.pairs as [Pair];
    for (let i = 0; i < 300; i++) await both.step(0, ["XADD", "log", "0-*", "b", "x".repeat(200)]);
    pair.send(["XTRIM", "log", "MINID", "~", "0-250"]);
    pair.send(["XRANGE", "log", "-", "+", "COUNT", "1"]);
    both.memory.turn(0);
    both.memory.answer();
    await expect.poll(() => pair.answered("x".repeat(200)).then(() => true)).toBe(true);
    const { real, memory } = pair.take();
    const first = (text: string): number => Number(/\r\n0-(\d+)\r\n/.exec(text)?.[1]);
    expect(first(memory)).toBe(250);
    expect(first(real)).toBeGreaterThan(1);
    expect(first(real)).toBeLessThanOrEqual(250);
  });
});

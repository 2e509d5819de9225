// A Redis server in memory: the commands that the exchange uses, answered as redis-server answers them, and nothing
// else. The real driver talks to it through a network that the simulator owns.
//
// Never: answers before its owner says that the writes of the turn are on disk (`turn` and `answer` are two steps, as
// in a server with appendfsync always). A command it does not know throws: what is not simulated must not seem to be.
import { createHash } from "node:crypto";
import { Dataset, type Stream, type StreamEntry, type Write } from "./dataset.ts";
import { bulk, encodeReply, failure, integer, list, NIL, NIL_LIST, OK, RequestParser, type Protocol, type Reply } from "./reply.ts";

/** Who is connected, as the server sees it. */
export class ServerConnection {
  readonly send: (bytes: Buffer) => void;
  /** Whatever the owner knows of the other end. */
  readonly owner: string;
  protocol: Protocol = 2;
  readonly channels = new Set<string>();
  readonly #parser = new RequestParser();
  /** Requests not looked at yet; while a command of this connection blocks, later ones wait here. */
  readonly inbox: Buffer[][] = [];
  blocked: Blocked | undefined;
  open = true;

  constructor(owner: string, send: (bytes: Buffer) => void) {
    this.owner = owner;
    this.send = send;
  }

  receive(bytes: Buffer): void {
    this.inbox.push(...this.#parser.take(bytes));
  }
}

interface Blocked {
  /** When it ends without news; Infinity: never. */
  readonly untilMs: number;
  /** The reply, when there is one by now. */
  readonly poll: () => Reply | undefined;
  readonly onTimeout: Reply;
}

/** A Lua script of ours, written again in TypeScript. */
export type NativeScript = (redis: ScriptAccess, keys: readonly string[], args: readonly Buffer[], caller: ServerConnection) => Reply;

/** What a script may do: redis.call. An error reply throws, as it does in Lua. */
export interface ScriptAccess {
  call(...words: readonly (string | Buffer)[]): Reply;
}

/** "later": answered by other means, now or in a later turn. */
type Answer = Reply | "later";

class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The simulator's server lacks a command, or an argument of it. */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";
}

export interface MemoryRedisOptions {
  readonly scripts?: ReadonlyMap<string, NativeScript>;
  /** CONFIG GET. */
  readonly settings?: ReadonlyMap<string, string>;
  /** A message on its way to one subscriber: how often, and each time how much later, it is delivered. */
  readonly deliver?: (channel: string, to: ServerConnection) => readonly number[];
  /** Sends bytes to a connection after `delayMs`. Only asked for delays above 0. */
  readonly sendLater?: (to: ServerConnection, bytes: Buffer, delayMs: number) => void;
  /** Told of every command executed. */
  readonly onCommand?: (from: ServerConnection, words: readonly Buffer[]) => void;
}

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
const EQUAL_OR_SMALLER = "ERR The ID specified in XADD is equal or smaller than the target stream top item";
const NOT_POSITIVE = "ERR The ID specified in XADD must be greater than 0-0";
const BAD_ID = "ERR Invalid stream ID specified as stream command argument";
const XADD_WORDS_MIN = 5;
const XADD_ARGUMENTS = "ERR wrong number of arguments for 'xadd' command";
const LOADING_ANSWERED = new Set(["hello", "client", "info", "ping"]);
/** What a connection in version 2 may still say once it has subscribed. */
const SUBSCRIBER_COMMANDS = new Set(["subscribe", "unsubscribe", "ping", "quit", "reset"]);

export class MemoryRedis {
  dataset = new Dataset();
  /** Until then it says LOADING. */
  loadingUntilMs = 0;
  readonly #connections = new Set<ServerConnection>();
  readonly #options: MemoryRedisOptions;
  readonly #scriptsByHash = new Map<string, NativeScript>();
  readonly #loaded = new Set<string>();
  #nowMs = 0;
  /** Answers of this turn, in the order in which they leave. */
  #staged: { readonly to: ServerConnection; readonly bytes: Buffer; readonly delayMs: number }[] = [];
  #nextConnection = 1;

  constructor(options: MemoryRedisOptions = {}) {
    this.#options = options;
    for (const [text, script] of options.scripts ?? []) this.#scriptsByHash.set(sha1(text), script);
  }

  connect(owner: string, send: (bytes: Buffer) => void): ServerConnection {
    const connection = new ServerConnection(owner, send);
    this.#connections.add(connection);
    return connection;
  }

  disconnect(connection: ServerConnection): void {
    connection.open = false;
    this.#connections.delete(connection);
  }

  /** Restarts from what the disk has: connections and scripts are gone. */
  restart(writes: readonly Write[], loadingUntilMs: number): void {
    for (const connection of this.#connections) connection.open = false;
    this.#connections.clear();
    this.#staged = [];
    this.#loaded.clear();
    this.dataset = Dataset.of(writes);
    this.loadingUntilMs = loadingUntilMs;
  }

  /** Whether there is anything to do for a turn at `nowMs`. */
  wanted(nowMs: number): boolean {
    for (const { inbox, blocked } of this.#connections) {
      if (blocked === undefined ? inbox.length > 0 : blocked.untilMs <= nowMs) return true;
    }
    return false;
  }

  /** The next moment at which a blocked command ends by itself; Infinity when none does. */
  nextTimeoutMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { blocked } of this.#connections) if (blocked !== undefined) next = Math.min(next, blocked.untilMs);
    return next;
  }

  /** One turn of the server's event loop: executes what has come. True when something was written. `answer` comes next. */
  turn(nowMs: number): boolean {
    this.#nowMs = nowMs;
    const before = this.dataset.writes.length;
    for (const connection of this.#connections) {
      if (connection.blocked !== undefined && connection.blocked.untilMs <= nowMs) {
        this.#reply(connection, connection.blocked.onTimeout);
        connection.blocked = undefined;
      }
      while (connection.blocked === undefined) {
        const words = connection.inbox.shift();
        if (words === undefined) break;
        this.#execute(connection, words);
        this.dataset.commandEnded();
        // Whoever waits for news gets it right after the command that brings it.
        this.#wake();
      }
    }
    return this.dataset.writes.length > before;
  }

  /** Sends what the turn has to say: only when its writes are on disk. */
  answer(): void {
    const staged = this.#staged;
    this.#staged = [];
    for (const { to, bytes, delayMs } of staged) {
      if (!to.open) continue;
      if (delayMs > 0) this.#options.sendLater?.(to, bytes, delayMs);
      else to.send(bytes);
    }
  }

  #reply(to: ServerConnection, reply: Reply, delayMs = 0): void {
    this.#staged.push({ to, bytes: encodeReply(reply, to.protocol), delayMs });
  }

  #wake(): void {
    for (const connection of this.#connections) {
      const reply = connection.blocked?.poll();
      if (reply === undefined) continue;
      connection.blocked = undefined;
      this.#reply(connection, reply);
    }
  }

  #execute(from: ServerConnection, words: readonly Buffer[]): void {
    this.#options.onCommand?.(from, words);
    const name = (words[0] as Buffer).toString("latin1").toLowerCase();
    const args = words.slice(1);
    if (this.#nowMs < this.loadingUntilMs && !LOADING_ANSWERED.has(name)) {
      this.#reply(from, failure("LOADING Redis is loading the dataset in memory"));
      return;
    }
    if (name === "xadd" && words.length < XADD_WORDS_MIN) {
      this.#reply(from, failure(XADD_ARGUMENTS));
      return;
    }
    if (from.protocol === 2 && from.channels.size > 0 && !SUBSCRIBER_COMMANDS.has(name)) {
      this.#reply(from, failure(`ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`));
      return;
    }
    try {
      const reply = this.#connectionCommand(from, name, args) ?? this.#dataCommand(from, name, args);
      if (reply !== "later") this.#reply(from, reply);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#reply(from, failure(error.message));
    }
  }

  // Commands about the connection, messages and scripts. Undefined: not one of these.
  #connectionCommand(from: ServerConnection, name: string, args: readonly Buffer[]): Answer | undefined {
    switch (name) {
      case "hello": {
        const version = Number(text(args[0]));
        if (version !== 2 && version !== 3) throw new CommandError("NOPROTO unsupported protocol version");
        from.protocol = version;
        const facts: Reply[] = [bulk("server"), bulk("redis"), bulk("version"), bulk("7.0.15"), bulk("proto"), integer(version), bulk("id"), integer(this.#nextConnection++), bulk("mode"), bulk("standalone"), bulk("role"), bulk("master"), bulk("modules"), list([])];
        return { kind: "map", items: facts };
      }
      case "client":
        if (text(args[0]).toLowerCase() === "setname") return OK;
        throw new CommandError(`ERR unknown subcommand '${text(args[0]).slice(0, 128)}'. Try CLIENT HELP.`);
      case "ping":
        if (from.protocol === 2 && from.channels.size > 0) return list([bulk("pong"), bulk(args[0] ?? "")]);
        return args[0] === undefined ? { kind: "status", text: "PONG" } : bulk(args[0]);
      case "info":
        return bulk(`# Server\r\nredis_version:7.0.15\r\n# Persistence\r\nloading:${this.#nowMs < this.loadingUntilMs ? 1 : 0}\r\nloading_eta_seconds:1\r\naof_enabled:1\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n`);
      case "config":
        return this.#config(args);
      case "wait":
        return this.#wait(from, Number(text(args[0])), Number(text(args[1])));
      case "subscribe":
      case "unsubscribe":
        this.#subscribe(from, name, args.map(text));
        return "later";
      case "publish":
        return integer(this.#publish(text(args[0]), args[1] as Buffer));
      case "script": {
        if (text(args[0]).toLowerCase() !== "load") throw new NotSimulated(`SCRIPT ${text(args[0])}`);
        const hash = sha1(text(args[1]));
        if (!this.#scriptsByHash.has(hash)) throw new NotSimulated(`this script:\n${text(args[1])}`);
        this.#loaded.add(hash);
        return bulk(hash);
      }
      case "eval":
      case "evalsha": {
        const hash = name === "eval" ? sha1(text(args[0])) : text(args[0]).toLowerCase();
        if (name === "evalsha" && !this.#loaded.has(hash)) throw new CommandError("NOSCRIPT No matching script. Please use EVAL.");
        const script = this.#scriptsByHash.get(hash);
        if (script === undefined) throw new NotSimulated(`this script:\n${text(args[0])}`);
        this.#loaded.add(hash);
        const keys = Number(text(args[1]));
        return script(this.#scriptAccess(from), args.slice(2, 2 + keys).map(text), args.slice(2 + keys), from);
      }
      default:
        return undefined;
    }
  }

  #scriptAccess(from: ServerConnection): ScriptAccess {
    return {
      call: (...words) => {
        const [name, ...args] = words.map((word) => (typeof word === "string" ? Buffer.from(word) : word));
        const command = (name as Buffer).toString("latin1").toLowerCase();
        const reply = command === "publish" ? integer(this.#publish(text(args[0]), args[1] as Buffer)) : this.#dataCommand(from, command, args);
        if (reply === "later") throw new NotSimulated(`a script that waits: ${command}`);
        return reply;
      },
    };
  }

  #dataCommand(from: ServerConnection, name: string, args: readonly Buffer[]): Answer {
    const key = text(args[0]);
    switch (name) {
      case "xadd":
        return this.#xadd(args);
      case "xread":
        return this.#xread(from, args);
      case "xrange":
      case "xrevrange":
        return this.#xrange(name, args);
      case "xlen": {
        const stream = this.#stream(key);
        return integer(stream === undefined ? 0 : stream.entries.length - stream.first);
      }
      case "xtrim":
        return this.#xtrim(args);
      case "get": {
        const value = this.dataset.get(key);
        if (value?.kind === "stream") throw new CommandError(WRONG_TYPE);
        return value === undefined ? NIL : bulk(value.value);
      }
      case "set":
        return this.#set(args);
      case "incr": {
        const value = this.dataset.get(key);
        if (value?.kind === "stream") throw new CommandError(WRONG_TYPE);
        const before = value === undefined ? "0" : value.value.toString("latin1");
        if (!/^-?(0|[1-9]\d{0,14})$/.test(before) || before === "-0") throw new CommandError("ERR value is not an integer or out of range");
        this.#write({ kind: "set", key, value: Buffer.from(String(Number(before) + 1)) });
        return integer(Number(before) + 1);
      }
      case "del": {
        const there = [...new Set(args.map(text))].filter((k) => this.dataset.get(k) !== undefined);
        for (const k of there) this.#write({ kind: "delete", key: k });
        return integer(there.length);
      }
      case "exists":
        return integer(args.filter((k) => this.dataset.get(text(k)) !== undefined).length);
      default:
        throw new NotSimulated(`${name} ${args.map(text).join(" ").slice(0, 200)}`);
    }
  }

  #write(write: Write): void {
    this.dataset.apply(write);
  }

  #stream(key: string): Stream | undefined {
    const value = this.dataset.get(key);
    if (value?.kind === "string") throw new CommandError(WRONG_TYPE);
    return value;
  }

  #xadd(args: readonly Buffer[]): Reply {
    const key = text(args[0]);
    const create = text(args[1]).toUpperCase() !== "NOMKSTREAM";
    const rest = args.slice(create ? 1 : 2);
    const id = text(rest[0]);
    const fields = rest.slice(1);
    if (fields.length === 0 || fields.length % 2 !== 0) throw new CommandError(XADD_ARGUMENTS);
    const generated = id === "0-*";
    const explicit = generated ? 0 : streamId(id);
    if (!generated && explicit === 0) throw new CommandError(NOT_POSITIVE);
    const stream = this.#stream(key);
    if (stream === undefined && !create) return NIL;
    const last = stream?.lastId ?? 0;
    const next = generated ? last + 1 : explicit;
    if (next <= last) throw new CommandError(EQUAL_OR_SMALLER);
    // Copied: the words are views into what the socket brought.
    this.#write({ kind: "add", key, id: next, fields: fields.map((field) => Buffer.from(field)) });
    return bulk(`0-${next}`);
  }

  #xread(from: ServerConnection, args: readonly Buffer[]): Answer {
    let count = Number.POSITIVE_INFINITY;
    let blockMs: number | undefined;
    let at = 0;
    for (; text(args[at]).toUpperCase() !== "STREAMS"; at += 2) {
      const option = text(args[at]).toUpperCase();
      if (option === "COUNT") count = Number(text(args[at + 1]));
      else if (option === "BLOCK") blockMs = Number(text(args[at + 1]));
      else throw new NotSimulated(`XREAD ${option}`);
    }
    const named = args.slice(at + 1);
    const keys = named.slice(0, named.length / 2).map(text);
    const after = named.slice(named.length / 2).map((id, i) => {
      const stream = this.#stream(keys[i] as string);
      return text(id) === "$" ? (stream?.lastId ?? 0) : streamId(text(id));
    });
    const read = (): Reply | undefined => {
      const items: Reply[] = [];
      for (const [i, key] of keys.entries()) {
        this.#stream(key);
        const found = this.dataset.range(key, (after[i] as number) + 1, Number.POSITIVE_INFINITY, count);
        if (found.length > 0) items.push(bulk(key), list(found.map(entryReply)));
      }
      return items.length === 0 ? undefined : readReply(items, from.protocol);
    };
    const now = read();
    if (now !== undefined) return now;
    if (blockMs === undefined) return NIL_LIST;
    from.blocked = { untilMs: blockMs === 0 ? Number.POSITIVE_INFINITY : this.#nowMs + blockMs, poll: read, onTimeout: NIL_LIST };
    return "later";
  }

  #xrange(name: string, args: readonly Buffer[]): Reply {
    const key = text(args[0]);
    const edges = [text(args[1]), text(args[2])].map((edge) => (edge === "-" ? 0 : edge === "+" ? Number.POSITIVE_INFINITY : streamId(edge)));
    const [from, to] = (name === "xrange" ? edges : edges.reverse()) as [number, number];
    const count = args.length > 3 ? Number(text(args[4])) : Number.POSITIVE_INFINITY;
    this.#stream(key);
    if (name === "xrange") return list(this.dataset.range(key, from, to, count).map(entryReply));
    const newest = this.dataset.range(key, from, to).reverse();
    return list((count === Number.POSITIVE_INFINITY ? newest : newest.slice(0, count)).map(entryReply));
  }

  // "~" lets a server keep more than asked for, up to a node of its tree; this one never does: the hardest it may be.
  #xtrim(args: readonly Buffer[]): Reply {
    const words = args.slice(1).map(text);
    if (words.shift()?.toUpperCase() !== "MINID") throw new NotSimulated("XTRIM by another rule than MINID");
    if (words[0] === "~" || words[0] === "=") words.shift();
    const minId = streamId(words[0] ?? "");
    const key = text(args[0]);
    const stream = this.#stream(key);
    if (stream === undefined) return integer(0);
    const first = stream.first;
    this.#write({ kind: "trim", key, minId });
    return integer(stream.first - first);
  }

  #set(args: readonly Buffer[]): Reply {
    const key = text(args[0]);
    const options = args.slice(2).map((option) => text(option).toUpperCase());
    if (options.some((option) => option !== "NX" && option !== "XX")) throw new NotSimulated(`SET ${options.join(" ")}`);
    const there = this.dataset.get(key) !== undefined;
    if ((options.includes("NX") && there) || (options.includes("XX") && !there)) return NIL;
    this.#write({ kind: "set", key, value: Buffer.from(args[1] as Buffer) });
    return OK;
  }

  #config(args: readonly Buffer[]): Reply {
    if (text(args[0]).toLowerCase() !== "get") throw new NotSimulated(`CONFIG ${text(args[0])}`);
    const items = args.slice(1).flatMap((name) => {
      const value = this.#options.settings?.get(text(name).toLowerCase());
      return value === undefined ? [] : [bulk(name), bulk(value)];
    });
    return { kind: "map", items };
  }

  // There are no replicas here: whoever asks for some is answered 0, after waiting.
  #wait(from: ServerConnection, replicas: number, timeoutMs: number): Answer {
    if (replicas === 0) return integer(0);
    from.blocked = { untilMs: timeoutMs === 0 ? Number.POSITIVE_INFINITY : this.#nowMs + timeoutMs, poll: () => undefined, onTimeout: integer(0) };
    return "later";
  }

  #subscribe(from: ServerConnection, name: "subscribe" | "unsubscribe", channels: readonly string[]): void {
    const named = channels.length > 0 ? channels : [...from.channels];
    for (const channel of named) {
      if (name === "subscribe") from.channels.add(channel);
      else from.channels.delete(channel);
      this.#reply(from, { kind: "push", items: [bulk(name), bulk(channel), integer(from.channels.size)] });
    }
    if (named.length === 0) this.#reply(from, { kind: "push", items: [bulk(name), NIL, integer(0)] });
  }

  #publish(channel: string, payload: Buffer): number {
    let receivers = 0;
    const message: Reply = { kind: "push", items: [bulk("message"), bulk(channel), bulk(payload)] };
    for (const connection of this.#connections) {
      if (!connection.channels.has(channel)) continue;
      receivers++;
      for (const delayMs of this.#options.deliver?.(channel, connection) ?? ONCE_NOW) this.#reply(connection, message, delayMs);
    }
    return receivers;
  }
}

const ONCE_NOW: readonly number[] = [0];

const text = (word: Buffer | undefined): string => (word ?? Buffer.alloc(0)).toString("utf8");
const sha1 = (script: string): string => createHash("sha1").update(script).digest("hex");

function streamId(id: string): number {
  const match = /^(?:0-(\d{1,15})|(0))$/.exec(id);
  if (match !== null) return Number(match[1] ?? 0);
  if (/^\d+(-\d+)?$/.test(id)) throw new NotSimulated(`the stream id ${id}`);
  throw new CommandError(BAD_ID);
}

const entryReply = ({ id, fields }: StreamEntry): Reply => list([bulk(`0-${id}`), list(fields.map((field) => bulk(field)))]);

// A map of streams in version 3, a list of pairs in version 2.
function readReply(items: readonly Reply[], protocol: Protocol): Reply {
  if (protocol === 3) return { kind: "map", items };
  const pairs: Reply[] = [];
  for (let i = 0; i < items.length; i += 2) pairs.push(list(items.slice(i, i + 2)));
  return list(pairs);
}

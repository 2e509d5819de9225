// `npm run bench -- replay`: how fast an engine that starts carries out a log again: from a real redis-server, comparing
// every stored answer, by the very code of its start and by the operator's tool.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { CrashRecord } from "../../services/engine/crashRecord.ts";
import { Engine } from "../../services/engine/engine.ts";
import { replayLog } from "../../services/engine/log/logReplay.ts";
import { ProtobufWriter } from "../../services/engine/protobufWriter.ts";
import { replay } from "../../services/engine/replay.ts";
import { stateHash } from "../../services/engine/snapshot.ts";
import { SnapshotFiles } from "../../services/engine/snapshotFiles.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, entryId } from "../../services/shared/keys.ts";
import { connectReader, whenReady } from "../../services/shared/redis.ts";
import { readFlags, wholeNumber } from "../../scripts/commandFlags.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { openingEntry, TapeCommands } from "../core/tapeCommands.ts";
import { generateTape, PRESETS } from "../core/tapeGenerator.ts";
import { describeMachine, type Machine } from "../machine.ts";

const silent = pino({ level: "silent" });
/** Entries appended to Redis at once while the log is written. */
const ENTRIES_PER_WRITE = 2_000;
const BYTES_PER_ENTRY = 1 << 16;

export interface ReplayOptions {
  readonly commands: number;
  readonly perEntry: number;
  readonly json: boolean;
}

interface Timed {
  readonly perSecond: number;
  readonly ms: number;
  /** Processor time of this process: what is left when others keep the machine busy. */
  readonly cpuMs: number;
  readonly perCpuSecond: number;
}

export interface ReplayResult {
  readonly machine: Machine;
  readonly commands: number;
  readonly entries: number;
  readonly openOrders: number;
  /** The start of an engine, without a snapshot: commands per second, and how long it took. */
  readonly start: Timed;
  /** `tickwire replay`. */
  readonly tool: Timed;
  readonly sameState: boolean;
}

/** @throws UsageError naming the flag that is wrong. */
export function readReplayOptions(args: readonly string[]): ReplayOptions {
  const values = readFlags("bench replay", args, { commands: { type: "string", default: "1000000" }, "per-entry": { type: "string", default: "8" }, json: { type: "boolean", default: false } });
  return {
    commands: wholeNumber("--commands", values.commands, { least: 1_000 }),
    perEntry: wholeNumber("--per-entry", values["per-entry"], { least: 1, most: 256 }),
    json: values.json,
  };
}

export async function measureReplay({ commands, perEntry }: ReplayOptions): Promise<ReplayResult> {
  const dataDir = mkdtempSync(join(tmpdir(), "tickwire-bench-replay-"));
  try {
    const server = await startRedisServer({ dataDir });
    try {
      process.stderr.write("writing the log …\n");
      const written = await writeLog(server.url, commands, perEntry);
      const reader = connectReader(server.url, "bench-replay", silent);
      await whenReady(reader);
      try {
        process.stderr.write("starting an engine on it …\n");
        const timed = async <T>(work: () => Promise<T>): Promise<{ result: T; ms: number; cpuMs: number }> => {
          const cpu = process.cpuUsage();
          const startedMs = performance.now();
          const result = await work();
          const { user, system } = process.cpuUsage(cpu);
          return { result, ms: performance.now() - startedMs, cpuMs: (user + system) / 1_000 };
        };
        const started = await timed(() => replay({ redis: reader, snapshots: new SnapshotFiles(join(dataDir, "none"), silent), crashes: new CrashRecord(join(dataDir, "crash.json"), silent), logger: silent, opensLog: false }));
        const { engine } = started.result;
        process.stderr.write("replaying it with the operator's tool …\n");
        const tool = await timed(() => replayLog({ redis: reader, snapshotDir: join(dataDir, "none") }));
        const speed = ({ ms, cpuMs }: { ms: number; cpuMs: number }): Timed => ({ perSecond: Math.round(engine.seq / (ms / 1_000)), ms: Math.round(ms), cpuMs: Math.round(cpuMs), perCpuSecond: Math.round(engine.seq / (cpuMs / 1_000)) });
        const sameState = tool.result.stateHash === written.stateHash && Buffer.from(stateHash(engine)).toString("hex") === written.stateHash;
        return {
          machine: describeMachine(),
          commands: engine.seq,
          entries: engine.entry,
          openOrders: engine.orders.size,
          start: speed(started),
          tool: speed(tool),
          sameState,
        };
      } finally {
        reader.disconnect();
      }
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// Commands as an ingress would have written them, and the answers an engine gave.
async function writeLog(url: string, commands: number, perEntry: number): Promise<{ stateHash: string }> {
  const redis = new Redis(url);
  try {
    const engine = new Engine();
    const tape = generateTape({ ...PRESETS.s10k, commands });
    const out = new ProtobufWriter(BYTES_PER_ENTRY);
    const encoder = new TapeCommands(tape, out);
    let pipeline = redis.pipeline();
    let waiting = 0;
    const append = async (bytes: Uint8Array): Promise<void> => {
      const command = Buffer.from(bytes);
      const { entry, events } = engine.applyEntry(command, engine.entry + 1);
      pipeline.xadd(COMMAND_LOG, entryId(entry), ENTRY_FIELD, command).xadd(EVENT_LOG, entryId(entry), ENTRY_FIELD, Buffer.from(events));
      if (++waiting < ENTRIES_PER_WRITE) return;
      await pipeline.exec();
      pipeline = redis.pipeline();
      waiting = 0;
    };
    await append(openingEntry(tape.users));
    for (let record = 0; record < tape.records; record += perEntry) {
      out.at = 0;
      const start = encoder.entry(record, Math.min(tape.records, record + perEntry));
      await append(out.bytes.subarray(start, out.at));
    }
    await pipeline.exec();
    return { stateHash: Buffer.from(stateHash(engine)).toString("hex") };
  } finally {
    redis.disconnect();
  }
}

export function replayInWords({ machine, commands, entries, openOrders, start, tool, sameState }: ReplayResult): string {
  const row = (name: string, { perSecond, ms, cpuMs, perCpuSecond }: Timed): string =>
    `${name.padEnd(14)}${perSecond.toLocaleString("en").padStart(9)} commands/s in ${(ms / 1_000).toFixed(1)} s; ${perCpuSecond.toLocaleString("en")} per second of processor time, ${(cpuMs / 1_000).toFixed(1)} s of it\n`;
  return [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}\n`,
    `${commands.toLocaleString("en")} commands in ${entries.toLocaleString("en")} entries, ${openOrders.toLocaleString("en")} open orders at the end\n\n`,
    row("engine start", start),
    row("replay tool", tool),
    sameState ? "The state is the one the log was written from.\n" : "The state DIFFERS from the one the log was written from.\n",
  ].join("");
}

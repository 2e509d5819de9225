// `log promote --to URL`: makes the replica of a lost Redis the one that carries on. Shows what it would do; does it
// with --yes.
//
// Never: leaves two Redis that both accept the log. The old side is sealed and refuses writes before the new one accepts
// any, or the operator has said that it is off. Invariant: the log goes on in a new epoch, so that nothing which only the
// old side has can be mistaken for what comes after.
import { mkdirSync, existsSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Redis } from "ioredis";
import { CommandBatchSchema } from "../../../gen/tickwire/v1/command_pb.ts";
import { EngineSnapshotSchema } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { rollBackAccounts } from "../../../services/api/accounts/rollback.ts";
import { SEALED } from "../../../services/engine/leadership.ts";
import { withFencedCommands } from "../../../services/engine/log/logConnection.ts";
import { unsafeSettings } from "../../../services/engine/log/logSettings.ts";
import { logEnds, storedRange } from "../../../services/engine/log/commandLog.ts";
import type { Engine } from "../../../services/engine/engine.ts";
import { verifyToTheEnd } from "../../../services/engine/log/logVerify.ts";
import { seenMarkPath } from "../../../services/engine/log/seenMark.ts";
import { takeSnapshot } from "../../../services/engine/snapshot.ts";
import { rollBackHistory } from "../../../services/recorder/rollback.ts";
import { nowUs } from "../../../services/shared/clock.ts";
import { readConfig, type Config } from "../../../services/shared/config.ts";
import { recordedPosition } from "../../../services/shared/history/position.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, LEADER_KEY, entryId } from "../../../services/shared/keys.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { UsageError } from "../../commandFlags.ts";
import { CommandError } from "../usage.ts";
import { hasHistory, openHistory, type OpenHistory } from "./history.ts";
import { connect, lockStopped, seenBy } from "./logSource.ts";
import { readableSnapshots, type KnownSnapshot } from "./repairPlan.ts";

const CATCH_UP_TIMEOUT_MS = 10_000;
/** Longer than everything that is done while the old side is held. */
const PAUSE_MS = 60_000;
/** More replicas than anybody has: a Redis that asks for so many accepts no write. */
const REFUSES_WRITES = "1000";

export interface PromoteOptions {
  readonly to: string;
  /** Of the Redis that carried the log; undefined: the operator says that it is off. */
  readonly from: string | undefined;
  readonly act: boolean;
  /** Even if somebody has seen what the replica lacks. */
  readonly acceptLoss: boolean;
}

export interface Promotion {
  readonly lastCommand: number;
  readonly lastEvent: number;
  readonly oldSide: string;
  /** The newest entry that anybody knows of. */
  readonly seen: number;
  /** Entries that were seen, and that the replica lacks. */
  readonly lost: { readonly from: number; readonly to: number } | undefined;
  readonly refusal: string | undefined;
  readonly done: { readonly epoch: number; readonly putAside: string | undefined; readonly historyEntriesTakenBack: number } | undefined;
}

/** @returns the exit code: 0 when it was done, or can be. */
export async function promote(args: readonly string[]): Promise<number> {
  const boolean = { type: "boolean", default: false } as const;
  const { values } = parseOrExplain("log promote", () =>
    parseArgs({ args: [...args], options: { to: { type: "string" }, "old-is-off": boolean, "accept-loss": boolean, yes: boolean, json: boolean } }),
  );
  if (values.to === undefined || !/^rediss?:\/\//.test(values.to)) throw new UsageError("log promote needs --to with the replica's address, as in --to redis://:password@host:6379.");
  const config = readConfig();
  const from = process.env["REDIS_URL"];
  if (!from && !values["old-is-off"]) throw new UsageError("log promote needs REDIS_URL with the address of the Redis that carried the log, or --old-is-off when that is off for good.");
  const promotion = await promoteReplica(config, { to: values.to, from: values["old-is-off"] ? undefined : from, act: values.yes, acceptLoss: values["accept-loss"] });
  process.stdout.write(values.json ? `${JSON.stringify(promotion)}\n` : inWords(promotion, values.to));
  return promotion.refusal === undefined ? 0 : 1;
}

/** @throws CommandError when one of the sides, or the exchange, is not in a state in which this can be looked at. */
export async function promoteReplica(config: Config, { to, from, act, acceptLoss }: PromoteOptions): Promise<Promotion> {
  const release = lockStopped(config.dataDir);
  if (release === undefined) throw new CommandError(`An exchange runs on ${config.dataDir}; stop it first: it must not write to the old Redis any more.`);
  const closing: (() => Promise<unknown> | void)[] = [release];
  try {
    const replica = await connect(to, "The replica that --to names");
    closing.push(() => replica.disconnect());
    if ((await replication(replica))["role"] !== "slave") throw new CommandError("The Redis that --to names is not a replica; nothing was changed.");
    const unsafe = await unsafeSettings(replica);
    if (unsafe.length > 0) throw new CommandError(`The replica would not keep the log: ${unsafe.join("; ")}. Give it the settings in docker-compose.yml first.`);
    const old = from === undefined ? undefined : await connect(from, "The old Redis, which REDIS_URL names (--old-is-off says that it is off for good),");
    if (old !== undefined) {
      closing.push(() => old.disconnect());
      if ((await replication(old))["role"] !== "master") throw new CommandError("The Redis that REDIS_URL names is a replica itself; nothing was changed.");
    }
    const history = await openHistory(config);
    if (history !== undefined) closing.push(() => history.close());
    return await new Promoting(config, replica, old, history).run(act, acceptLoss);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Found {
  readonly told: Omit<Promotion, "done">;
  readonly lastEvent: number;
  /** The greatest epoch anybody has seen. */
  readonly epoch: number;
  /** The state at the end of the replica's log. */
  readonly state: Engine | undefined;
  readonly snapshots: readonly KnownSnapshot[];
}

class Promoting {
  readonly #config: Config;
  readonly #replica: Redis;
  readonly #old: Redis | undefined;
  readonly #history: OpenHistory | undefined;

  constructor(config: Config, replica: Redis, old: Redis | undefined, history: OpenHistory | undefined) {
    this.#config = config;
    this.#replica = replica;
    this.#old = old;
    this.#history = history;
  }

  async run(act: boolean, acceptLoss: boolean): Promise<Promotion> {
    const old = this.#old;
    if (act && old !== undefined) await this.#stopOld(old);
    try {
      const found = await this.#look(acceptLoss);
      if (!act || found.told.refusal !== undefined) {
        if (act && old !== undefined) await unstop(old);
        return { ...found.told, done: undefined };
      }
      if (old !== undefined) {
        await old.config("SET", "min-replicas-to-write", REFUSES_WRITES);
        // Refused is better than held: whoever still writes there, or starts on it, is told at once.
        await old.call("CLIENT", "UNPAUSE");
      }
      return { ...found.told, done: await this.#carryOn(found) };
    } catch (error) {
      if (act && old !== undefined) await unstop(old).catch(() => undefined);
      throw error;
    }
  }

  // No engine leads it any more, nobody appends to it, and what it has is on its way to the replica.
  async #stopOld(old: Redis): Promise<void> {
    const fenced = withFencedCommands(old);
    for (let seen = (await old.get(LEADER_KEY)) ?? ""; !seen.endsWith(`:${SEALED}`); ) seen = await fenced.tickwireClaim(LEADER_KEY, seen, SEALED);
    await old.call("CLIENT", "PAUSE", String(PAUSE_MS), "WRITE");
    const deadlineMs = performance.now() + CATCH_UP_TIMEOUT_MS;
    while (performance.now() < deadlineMs) {
      const [ahead, replica] = [(await replication(old))["master_repl_offset"], await replication(this.#replica)];
      // Without a link nothing more will come.
      if (ahead === replica["slave_repl_offset"] || replica["master_link_status"] !== "up") return;
      await sleep(20);
    }
  }

  async #look(acceptLoss: boolean): Promise<Found> {
    const { snapshotDir, standbySnapshotDir } = this.#config;
    const lastCommand = (await logEnds(this.#replica, COMMAND_LOG))?.last ?? 0;
    const lastEvent = (await logEnds(this.#replica, EVENT_LOG))?.last ?? 0;
    const position = this.#history !== undefined && (await hasHistory(this.#history.database)) ? await recordedPosition(this.#history.database) : undefined;
    const seenMark = seenBy(this.#config);
    const snapshots = [...(await readableSnapshots(snapshotDir)), ...(await readableSnapshots(standbySnapshotDir))];
    const usable = snapshots.filter(({ dir, entry }) => dir === snapshotDir && entry <= lastEvent).map(({ file }) => file);
    const { report, engine: state } = await verifyToTheEnd({ redis: this.#replica, snapshotDir, seen: seenMark !== undefined && seenMark.entry <= lastCommand ? seenMark : undefined, snapshotFiles: usable });
    const oldEnd = this.#old === undefined ? undefined : ((await logEnds(this.#old, COMMAND_LOG))?.last ?? 0);
    const oldAnswered = this.#old === undefined ? 0 : ((await logEnds(this.#old, EVENT_LOG))?.last ?? 0);
    // What was applied but never answered was acknowledged to nobody; the mark alone may tell of it, and cannot tell the two apart.
    const seen = Math.max(lastEvent, oldAnswered, seenMark?.entry ?? 0, Number(position?.entry ?? 0n), ...snapshots.map(({ entry }) => entry));
    const lost = seen > lastCommand ? { from: lastCommand + 1, to: seen } : undefined;
    const told = { lastCommand, lastEvent, seen, lost, oldSide: this.#old === undefined ? "off, as you say" : `answers; its log ends at entry ${oldEnd}` };
    const refusal = await this.#refusal(lastCommand, report.problems, lost, acceptLoss);
    const epoch = Math.max(0, seenMark?.epoch ?? 0, position?.epoch ?? 0, ...snapshots.map((snapshot) => snapshot.epoch), ...report.epochs.map((known) => known.epoch));
    return { told: { ...told, refusal }, lastEvent, epoch, state, snapshots };
  }

  async #refusal(lastCommand: number, problems: readonly string[], lost: Promotion["lost"], acceptLoss: boolean): Promise<string | undefined> {
    if (lastCommand === 0) return "the replica has no command log";
    if (problems.length > 0) return `the replica's log is not whole: ${problems.join(" ")}`;
    for (const [log, what] of this.#old === undefined ? [] : ([[COMMAND_LOG, "command log"], [EVENT_LOG, "event log"]] as const)) {
      const differs = await this.#firstDifference(log);
      if (differs !== undefined) return `the two sides hold different histories: entry ${differs} of the ${what} is not the same`;
    }
    if (lost === undefined || acceptLoss) return undefined;
    return `${lost.from === lost.to ? `entry ${lost.from} was` : `entries ${lost.from} to ${lost.to} were`} seen and the replica does not have ${lost.from === lost.to ? "it" : "them"}; --accept-loss goes on without, in a new epoch`;
  }

  // Both logs are chained: of what both hold, the newest entries tell for all before them; each side has proven its own chain.
  async #firstDifference(log: string): Promise<number | undefined> {
    if (this.#old === undefined) return undefined;
    const [here, there] = [await logEnds(this.#replica, log), await logEnds(this.#old, log)];
    if (here === undefined || there === undefined) return undefined;
    const last = Math.min(here.last, there.last);
    const [mine] = await storedRange(this.#replica, log, last, last);
    const [theirs] = await storedRange(this.#old, log, last, last);
    return mine === undefined || theirs === undefined || Buffer.compare(mine.bytes, theirs.bytes) !== 0 ? last : undefined;
  }

  async #carryOn({ lastEvent, epoch: before, state, snapshots, told }: Found): Promise<NonNullable<Promotion["done"]>> {
    const replica = this.#replica;
    const { lastCommand } = told;
    const timeUs = nowUs();
    const epoch = Math.max(before + 1, Math.floor(timeUs / 1_000_000));
    await replica.call("REPLICAOF", "NO", "ONE");
    const commands = [{ requestNo: 1n, body: { case: "startEpoch", value: { epoch, reason: "a replica was promoted" } } as const }];
    const bytes = toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "promotion", timeUs: BigInt(timeUs), commands }));
    // The number after the last that this side has: on the old side it may have meant something else, in the old epoch.
    await replica.xadd(COMMAND_LOG, entryId(lastCommand + 1), ENTRY_FIELD, Buffer.from(bytes));
    // The fence goes on counting from where the old side's was sealed, so that no word of an old leader counts here.
    const fenced = withFencedCommands(replica);
    for (let seen = (await replica.get(LEADER_KEY)) ?? ""; !/^\d+:$/.test(seen); ) seen = await fenced.tickwireClaim(LEADER_KEY, seen, "");
    const putAside = this.#putAside(snapshots.filter(({ entry }) => entry > lastEvent), told.seen > lastCommand);
    let historyEntriesTakenBack = 0;
    if (this.#history !== undefined && state !== undefined && told.lost !== undefined && (await hasHistory(this.#history.database))) {
      const { database } = this.#history;
      historyEntriesTakenBack = Number(await rollBackHistory(database, fromBinary(EngineSnapshotSchema, takeSnapshot(state))));
      await database.transaction((tx) => rollBackAccounts(tx, state.accounts.count));
    }
    return { epoch, putAside, historyEntriesTakenBack };
  }

  // What knows of entries that this log does not have, or has otherwise.
  #putAside(ahead: readonly KnownSnapshot[], marks: boolean): string | undefined {
    const { dataDir, snapshotDir, standbySnapshotDir } = this.#config;
    const paths = [...ahead.map(({ dir, file }) => join(dir, file)), ...(marks ? [snapshotDir, standbySnapshotDir].map(seenMarkPath) : [])].filter((path) => existsSync(path));
    if (paths.length === 0) return undefined;
    const folder = join(dataDir, `log-promotion-${new Date().toISOString().replace(/[:.]/g, "-")}`);
    for (const path of paths) {
      const into = join(folder, path.startsWith(join(dataDir, "standby")) ? "standby" : "engine");
      mkdirSync(into, { recursive: true, mode: 0o700 });
      renameSync(path, join(into, basename(path)));
    }
    return folder;
  }
}

// Nothing was promoted: the old side may go on.
async function unstop(old: Redis): Promise<void> {
  await old.call("CLIENT", "UNPAUSE");
  const seen = (await old.get(LEADER_KEY)) ?? "";
  if (seen.endsWith(`:${SEALED}`)) await withFencedCommands(old).tickwireClaim(LEADER_KEY, seen, "");
}

async function replication(redis: Redis): Promise<Record<string, string>> {
  const lines = (await redis.info("replication")).split("\r\n").flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
  });
  return Object.fromEntries(lines);
}

const line = (name: string, text: string): string => `  ${name.padEnd(16)}${text}\n`;

function inWords({ lastCommand, lastEvent, oldSide, seen, lost, refusal, done }: Promotion, to: string): string {
  const { password } = new URL(to);
  const shown = password === "" ? to : to.replace(password, "…");
  return [
    line("the replica", `commands up to entry ${lastCommand}, answers up to entry ${lastEvent}; its log is ${refusal === undefined ? "whole" : "not to be promoted"}`),
    line("the old side", oldSide),
    line("seen", `up to entry ${seen}${lost === undefined ? "" : `: entries ${lost.from} to ${lost.to} are not on the replica`}`),
    refusal !== undefined
      ? `It was not promoted: ${refusal}.\n`
      : done === undefined
        ? "It can be promoted. Nothing was changed; add --yes to do it.\n"
        : [
            `Promoted. The log goes on in epoch ${done.epoch}.\n`,
            oldSide.startsWith("off") ? "See to it that the old Redis does not come back under its address.\n" : "The old Redis is sealed: no engine leads its log, and until it is started again it refuses every write.\n",
            done.putAside === undefined ? "" : `What knew of more than the replica has is in ${done.putAside}\n`,
            done.historyEntriesTakenBack === 0 ? "" : `${done.historyEntriesTakenBack} entries were taken back from history.\n`,
            `Set REDIS_URL to ${shown} for every service, and start the exchange.\n`,
          ].join(""),
  ].join("");
}

// What an operator does when a machine is lost or a disk lies: a backup of an exchange that trades comes up elsewhere, and
// a log whose end is gone is mended so that engine, history and keys agree again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCopy } from "../../scripts/cli/log/logSource.ts";
import { cutFile, findAppendOnlyFiles } from "../../scripts/stack/appendOnlyFiles.ts";
import type { Engine } from "../../services/engine/engine.ts";
import { NO_SLOT, ORDER_ID, RECORD_F64 } from "../../services/engine/orderStore.ts";
import { replayLog } from "../../services/engine/log/logReplay.ts";
import { Exchange, eventually, newAddress, startExchange, type Credentials, type ExchangeAddress, type OwnExchange } from "../support/exchange.ts";
import { signed } from "../support/restOrders.ts";

const FLAGS = ["--no-flow", "--no-web"];
const ASSETS = ["BTC", "ETH", "SOL", "USDT"];
const scratch = mkdtempSync(join(tmpdir(), "tickwire-operator-"));
let exchange: OwnExchange;
let elsewhere: ExchangeAddress;
const bots: Credentials[] = [];

interface BackupTold {
  readonly seq: number;
  readonly entry: number;
  readonly epoch: number;
  readonly stateHash: string;
}

beforeAll(async () => {
  exchange = await startExchange(FLAGS);
  elsewhere = await newAddress();
  for (const name of ["maker", "taker"]) bots.push(await exchange.createAccount(name, { BTC: "10", USDT: "1000000" }));
});
afterAll(async () => {
  await exchange.dispose();
  for (const dir of [scratch, elsewhere.dataDir]) rmSync(dir, { recursive: true, force: true });
});

let placed = 0;
async function order(of: Exchange, bot: Credentials, side: "BUY" | "SELL", price: string): Promise<number> {
  const params = { symbol: "BTCUSDT", side, type: "LIMIT", timeInForce: "GTC", quantity: "0.01", price, newClientOrderId: `op-${++placed}` };
  return (await signed(of.apiUrl, bot, "POST", "/api/v3/order", params)).status;
}

/** Two bots that meet now and then, until told to stop. */
function trade(of: Exchange): { stop(): Promise<number> } {
  let stopped = false;
  let accepted = 0;
  const run = async (bot: Credentials, side: "BUY" | "SELL"): Promise<void> => {
    for (let n = 0; !stopped; n++) if ((await order(of, bot, side, String(side === "BUY" ? 49_990 + (n % 15) : 50_010 - (n % 15)))) === 200) accepted++;
  };
  const [maker, taker] = bots;
  if (maker === undefined || taker === undefined) throw new Error("no bots");
  const running = Promise.all([run(maker, "SELL"), run(taker, "BUY")]);
  return {
    stop: async () => {
      stopped = true;
      await running;
      return accepted;
    },
  };
}

/** Free and locked by asset, and the ids of open orders, as the api tells them. */
async function told(of: Exchange, bot: Credentials): Promise<{ balances: Record<string, string>; orders: number[] }> {
  const account = await signed(of.apiUrl, bot, "GET", "/api/v3/account", {});
  const balances = (account.body["balances"] as { asset: string; free: string; locked: string }[]).filter(({ free, locked }) => Number(free) + Number(locked) > 0);
  const open = await signed(of.apiUrl, bot, "GET", "/api/v3/openOrders", { symbol: "BTCUSDT" });
  return {
    balances: Object.fromEntries(balances.map(({ asset, free, locked }) => [asset, `${free}/${locked}`])),
    orders: (open.body as unknown as { orderId: number }[]).map(({ orderId }) => orderId).sort((a, b) => a - b),
  };
}

/** The same, of an engine. */
function held(engine: Engine, { accountId }: Credentials): { balances: Record<string, string>; orders: number[] } {
  const row = Number(accountId) - 1;
  const text = (units: bigint): string => `${units / 10n ** 8n}.${String(units % 10n ** 8n).padStart(8, "0")}`;
  const balances = ASSETS.flatMap((asset, i) => {
    const [free, locked] = [engine.ledger.availableUnits(row, i), engine.ledger.heldUnits(row, i)];
    return free + locked === 0n ? [] : [[asset, `${text(free)}/${text(locked)}`]];
  });
  const orders: number[] = [];
  for (let slot = engine.accounts.firstOrder(row); slot !== NO_SLOT; slot = engine.accounts.nextOrder(slot)) orders.push(engine.orders.f64[slot * RECORD_F64 + ORDER_ID] as number);
  return { balances: Object.fromEntries(balances) as Record<string, string>, orders: orders.sort((a, b) => a - b) };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Interrupts a command once the redis-server that it starts in one of these folders runs; nothing of either may be left. */
async function interrupted(of: Exchange, folders: () => string[], ...args: string[]): Promise<void> {
  const before = readdirSync(of.address.dataDir);
  const command = spawn(process.execPath, ["scripts/tickwire.mjs", ...args], { env: of.env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  command.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const exit = once(command, "exit") as Promise<[number | null]>;
  const server = await eventually("its redis-server runs", async () => {
    const [pidFile] = folders().map((folder) => join(folder, "redis.pid")).filter((path) => existsSync(path));
    return pidFile === undefined ? undefined : Number(readFileSync(pidFile, "utf8")) || undefined;
  });
  command.kill("SIGINT");
  expect([(await exit)[0], said]).toEqual([130, "Interrupted; nothing that was started for this is left.\n"]);
  await eventually("its redis-server has gone", async () => !isAlive(server));
  expect(readdirSync(of.address.dataDir)).toEqual(before);
}

const refused = async (of: Exchange, ...args: string[]): Promise<string> => {
  const { code, stderr } = await of.cli(...args);
  expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
  return stderr;
};

describe("an operator", () => {
  it("backs a trading exchange up and brings it up elsewhere, as of the moment the backup names", async () => {
    const busy = trade(exchange);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const folder = join(scratch, "backup");
    const made = await exchange.cli("backup", folder, "--json");
    expect(made.stderr).toBe("");
    const backup = JSON.parse(made.stdout) as BackupTold;
    expect(await busy.stop()).toBeGreaterThan(20);
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(statSync(join(file.parentPath, file.name)).mode & 0o077, file.name).toBe(0);
    }
    // The exchange itself was at that state then.
    const replayed = await exchange.cli("replay", "--to", String(backup.seq), "--json");
    expect(JSON.parse(replayed.stdout)).toMatchObject({ seq: backup.seq, entry: backup.entry, stateHash: backup.stateHash });
    expect(await refused(exchange, "backup", folder)).toContain("exists already");
    await exchange.interrupt();

    const there = new Exchange(elsewhere);
    const copies = (): string[] => readdirSync(exchange.address.dataDir).filter((name) => name.startsWith("log-copy-")).map((name) => join(exchange.address.dataDir, name, "redis"));
    await interrupted(exchange, copies, "log", "verify");
    await interrupted(there, () => [join(elsewhere.dataDir, "redis")], "restore", folder);
    // A backup that is not what was written is no backup; the folder stays as it was.
    const events = join(folder, "events.log");
    const whole = readFileSync(events);
    const altered = Buffer.from(whole);
    altered[100] = (altered[100] ?? 0) ^ 1;
    writeFileSync(events, altered);
    expect(await refused(there, "restore", folder)).toContain("events.log is not what was written");
    expect(await refused(there, "restore", scratch)).toContain("is not a backup");
    expect(readdirSync(elsewhere.dataDir)).toEqual([]);
    writeFileSync(events, whole);
    const restored = await there.cli("restore", folder, "--json");
    expect(restored.stderr).toBe("");
    expect(JSON.parse(restored.stdout)).toMatchObject({ seq: backup.seq, stateHash: backup.stateHash });
    expect(await refused(there, "restore", folder)).toContain("is not empty");

    const copy = await openCopy(exchange.address.dataDir);
    const { engine } = await replayLog({ redis: copy.redis, snapshotDir: join(exchange.address.dataDir, "snapshots"), toSeq: backup.seq });
    await copy.close();
    rmSync(exchange.address.dataDir, { recursive: true, force: true });
    exchange = await startExchange(FLAGS, elsewhere);
    for (const bot of bots) expect(await told(exchange, bot)).toEqual(held(engine, bot));
    // It is an exchange like any other: it trades, and history goes on from what it was.
    const [maker] = bots;
    if (maker === undefined) throw new Error("no bots");
    expect(await order(exchange, maker, "SELL", "60000")).toBe(200);
    const all = await signed(exchange.apiUrl, maker, "GET", "/api/v3/allOrders", { symbol: "BTCUSDT", limit: "1000" });
    expect(all.status).toBe(200);
    expect((all.body as unknown as { clientOrderId: string }[]).at(-1)?.clientOrderId).toBe(`op-${placed}`);
    expect((await exchange.cli("log", "verify")).code).toBe(0);
    expect(await refused(exchange, "log", "repair")).toContain("stop it first");
  });

  it("mends a log whose end is gone although it was seen: engine and history go back together, in a new epoch", async () => {
    const [maker] = bots;
    if (maker === undefined) throw new Error("no bots");
    const busy = trade(exchange);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await busy.stop();
    const before = await told(exchange, maker);
    await exchange.interrupt();
    const growing = findAppendOnlyFiles(join(elsewhere.dataDir, "redis"))?.growing ?? "";
    cutFile(growing, statSync(growing).size - 30_000);
    await expect(startExchange(FLAGS, elsewhere)).rejects.toThrow(/cut short or damaged; see what can be kept with npm run tickwire -- log repair/);
    const there = new Exchange(elsewhere);
    expect(await refused(there, "log", "verify")).toContain("The command log is torn");
    const looked = await there.cli("log", "repair");
    expect([looked.code, looked.stdout]).toEqual([1, expect.stringMatching(/were seen and would be given out again/)]);
    expect((await there.cli("log", "repair", "--yes")).code).toBe(1);
    const done = await there.cli("log", "repair", "--yes", "--new-epoch", "--json");
    expect([done.code, done.stderr]).toEqual([0, ""]);
    const { lastCommand, done: repaired } = JSON.parse(done.stdout) as { lastCommand: number; done: { epoch: number; historyEntriesTakenBack: number; keptIn: string } };
    expect(repaired.historyEntriesTakenBack).toBeGreaterThan(10);
    expect(readdirSync(repaired.keptIn)).toContain("report.json");

    exchange = await startExchange(FLAGS, elsewhere);
    const verified = await exchange.cli("log", "verify", "--json");
    expect(JSON.parse(verified.stdout)).toMatchObject({ whole: true, epochs: expect.arrayContaining([{ epoch: repaired.epoch, from: lastCommand + 1 }]) as unknown });
    const after = await told(exchange, maker);
    expect(after).not.toEqual(before);
    expect(await order(exchange, maker, "SELL", "70000")).toBe(200);
    // History knows the open orders that the engine knows, and the lost ones no more.
    const all = await signed(exchange.apiUrl, maker, "GET", "/api/v3/allOrders", { symbol: "BTCUSDT", limit: "1000" });
    const open = (all.body as unknown as { orderId: number; status: string }[]).filter(({ status }) => status === "NEW" || status === "PARTIALLY_FILLED").map(({ orderId }) => orderId);
    expect(open).toEqual((await told(exchange, maker)).orders);
    await eventually("the exchange is whole again", () => exchange.healthy());
  });
});

// With simulated traders on, the demo market moves, and Ctrl-C leaves nothing behind.
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, startExchange, type OwnExchange } from "../support/exchange.ts";

/** Process ids whose parent chain leads to `ancestor`. */
function descendants(ancestor: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      continue; // it ended meanwhile
    }
  }
  const found = [ancestor];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found.slice(1);
}

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

describe.runIf(process.platform === "linux")("the demo", () => {
  let exchange: OwnExchange;
  beforeAll(async () => {
    exchange = await startExchange([]);
  });
  afterAll(() => exchange?.dispose());

  it("prints where everything is", async () => {
    await eventually("the addresses", async () => exchange.output.join("").includes(`:${exchange.address.webPort}`));
    const output = exchange.output.join("");
    expect(output).toContain(`:${exchange.address.apiPort}`);
    expect(output).toContain(`:${exchange.address.gatewayPort}`);
    expect(output).toContain("demo@tickwire.local");
    expect(output).toContain(exchange.address.dataDir);
  });

  it.each(["BTCUSDT", "ETHUSDT", "SOLUSDT"])("%s has a two-sided book, trades and a moving price", async (symbol) => {
    const get = async <T>(path: string) => (await (await fetch(`${exchange.apiUrl}/api/v3/${path}`)).json()) as T;
    const book = await eventually(
      "a two-sided book",
      async () => {
        const depth = await get<{ bids: [string, string][]; asks: [string, string][] }>(`depth?symbol=${symbol}&limit=20`);
        return depth.bids.length >= 5 && depth.asks.length >= 5 ? depth : undefined;
      },
      60_000,
    );
    expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    await eventually(
      "prices that move",
      async () => new Set((await get<{ price: string }[]>(`trades?symbol=${symbol}&limit=1000`)).map((trade) => trade.price)).size >= 3,
      90_000,
    );
  });

  it("shows the first page with prices in it, before any script runs", async () => {
    const html = await (await fetch(`${exchange.webUrl}/trade/BTCUSDT`)).text();
    expect(html).toMatch(/\d{2},?\d{3}\.\d{2}/);
  });

  it("leaves no process behind after Ctrl-C", async () => {
    const family = descendants(exchange.supervisorPid);
    expect(family.length).toBeGreaterThan(6);
    expect(await exchange.interrupt()).toBe(0);
    await eventually("all of them are gone", async () => family.every((pid) => !exists(pid)), 10_000);
  });
});

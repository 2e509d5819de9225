import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AccountBook } from "./accountBook.ts";
import { OperatorApi } from "./operatorApi.ts";

// An api that opens accounts and takes the keys it gave out, until told otherwise.
let server: Server;
let dir: string;
let file: string;
let opened: { authorization: string | undefined; body: unknown }[];
let taken: Set<string>;
let away: boolean;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tickwire-simulator-"));
  file = join(dir, "secrets", "simulator.json");
  opened = [];
  taken = new Set();
  away = false;
  server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (away) {
      answer(503, { code: -1001, msg: "away" });
      return;
    }
    if (request.method === "GET") {
      const known = taken.has(String(request.headers["x-mbx-apikey"]));
      if (known) answer(200, { balances: [] });
      else answer(401, { code: -2015, msg: "Invalid API-key, IP, or permissions for action." });
      return;
    }
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      opened.push({ authorization: request.headers.authorization, body: JSON.parse(text) });
      const apiKey = `key-${opened.length}`;
      taken.add(apiKey);
      answer(201, { accountId: opened.length, apiKey, apiSecret: "secret" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

function book(): AccountBook {
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new AccountBook({ file, apiUrl, operator: new OperatorApi({ apiUrl, token: "operator" }), logger: pino({ level: "silent" }) });
}
const maker = { name: "simulator BTCUSDT maker", deposits: { BTC: "10" } };

describe("the simulator's accounts", () => {
  it("are opened by the operator, and their keys kept where only their user can read them", async () => {
    await book().open(maker);
    expect(opened).toEqual([{ authorization: "Bearer operator", body: maker }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ [maker.name]: { accountId: "1", apiKey: "key-1", apiSecret: "secret" } });
  });

  it("are used again after a restart", async () => {
    await book().open(maker);
    await book().open(maker);
    expect(opened).toHaveLength(1);
  });

  it("are opened anew when the exchange refuses the key, or its money is gone", async () => {
    const accounts = book();
    await accounts.open(maker);
    taken.clear();
    await accounts.open(maker);
    expect(opened).toHaveLength(2);
    accounts.forget(maker.name);
    await accounts.open(maker);
    expect(opened).toHaveLength(3);
  });

  it("are not opened anew because the exchange is away for a moment", async () => {
    await book().open(maker);
    away = true;
    await expect(book().open(maker)).rejects.toThrow("away");
    away = false;
    await book().open(maker);
    expect(opened).toHaveLength(1);
  });

  it("are opened anew when the file is torn", async () => {
    await book().open(maker);
    writeFileSync(file, '{"simulator BTCUSDT mak');
    await book().open(maker);
    expect(opened).toHaveLength(2);
    await book().open(maker);
    expect(opened).toHaveLength(2);
  });
});

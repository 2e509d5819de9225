// A market in its opening auction, as a person at the screen sees it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { Ingress } from "../../services/shared/trading/ingress.ts";
import { launchBrowser } from "../support/browser.ts";
import { Exchange, eventually, type Credentials } from "../support/exchange.ts";
import { signed } from "../support/restOrders.ts";

const exchange = new Exchange(inject("exchange"));
const SYMBOL = "ETHUSDT";
const MARKET_ID = 2;

let browser: Browser;
let operator: Ingress;
beforeAll(async () => {
  browser = await launchBrowser();
  const { dataDir } = exchange.address;
  const run = JSON.parse(readFileSync(join(dataDir, "run.json"), "utf8")) as { ports: { redis: number } };
  const password = readFileSync(join(dataDir, "secrets", "redis-password"), "utf8").trim();
  operator = await Ingress.open(`redis://:${password}@127.0.0.1:${run.ports.redis}`, "operator", pino({ level: "silent" }));
});
afterAll(async () => {
  operator.close();
  await browser.close();
});

async function setStatus(status: MarketStatus): Promise<void> {
  const { group } = await operator.submit({ body: { case: "setMarketStatus", value: { marketId: MARKET_ID, status } } });
  expect(group.events.map(({ body }) => body.case)).toContain("marketStatusChanged");
}

async function order(trader: Credentials, side: "BUY" | "SELL", price: string, quantity: string): Promise<void> {
  const answer = await signed(exchange.apiUrl, trader, "POST", "/api/v3/order", { symbol: SYMBOL, side, type: "LIMIT", timeInForce: "GTC", price, quantity });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function shows(page: Page, what: string, text: string): Promise<void> {
  await eventually(`${what} is ${text}`, async () => (await page.getByTestId(what).first().textContent())?.trim() === text);
}

it("an opening auction is shown with the price and the volume it would come to, until the market trades", async () => {
  const seller = await exchange.createAccount("auction-seller", { ETH: "10" });
  const buyer = await exchange.createAccount("auction-buyer", { USDT: "100000" });
  const openPage = async (): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.goto(`${exchange.webUrl}/trade/${SYMBOL}`);
    return page;
  };
  const early = await openPage();
  await shows(early, "feed-state", "Live");
  expect(await early.getByTestId("market-status").isVisible()).toBe(false);

  await setStatus(MarketStatus.HALT);
  await shows(early, "market-status", "Halted");
  expect(await early.getByTestId("order-submit").isDisabled()).toBe(true);
  await setStatus(MarketStatus.AUCTION);
  await shows(early, "market-status", "Opening auction");
  await shows(early, "auction-price", "—");
  await order(seller, "SELL", "3000.00", "1.5");
  await order(buyer, "BUY", "3000.00", "2");
  // All at one price: 1.5 match, and half a coin stays wanted.
  await shows(early, "auction-volume", "1.5000");
  await shows(early, "auction-price", "3,000.00");
  await shows(early, "auction-unmatched", "0.5000 to buy");
  await early.context().close();

  // Nobody has looked for a while, and nothing has changed since.
  const late = await openPage();
  await shows(late, "market-status", "Opening auction");
  await shows(late, "auction-price", "3,000.00");
  await shows(late, "auction-volume", "1.5000");
  if (process.env["TICKWIRE_SCREENSHOTS"] !== undefined) await late.screenshot({ path: join(process.env["TICKWIRE_SCREENSHOTS"], "auction.png") });

  await setStatus(MarketStatus.TRADING);
  await eventually("the badge goes", async () => !(await late.getByTestId("market-status").isVisible()));
  await shows(late, "last-price", "3,000.00");
  expect(await late.getByTestId("auction-price").count()).toBe(0);
});

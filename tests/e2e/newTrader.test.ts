// The first minutes of two people in a real browser, down to the last unit.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { Exchange, eventually } from "../support/exchange.ts";

const exchange = new Exchange(inject("exchange"));
const PRICE = "60000.00";
const QUANTITY = "0.01000";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const byTestId = (page: Page, id: string) => page.getByTestId(id).first();

async function trader(email: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${exchange.webUrl}/trade/BTCUSDT`);
  await byTestId(page, "open-sign-up").click();
  await byTestId(page, "sign-up-email").fill(email);
  await byTestId(page, "sign-up-password").fill("a long enough password");
  await byTestId(page, "sign-up-submit").click();
  await byTestId(page, "on-ramp-open").waitFor();
  await eventually(`${email} has a live feed`, async () => (await byTestId(page, "feed-state").getAttribute("data-state")) === "open");
  return page;
}

async function onRamp(page: Page, asset: string, amount: string): Promise<void> {
  await byTestId(page, "on-ramp-open").click();
  await byTestId(page, "on-ramp-asset").selectOption(asset);
  await byTestId(page, "on-ramp-amount").fill(amount);
  await byTestId(page, "on-ramp-submit").click();
  await eventually(`${amount} ${asset} arrive`, async () => Number((await balance(page, asset)).free) >= Number(amount));
  await page.keyboard.press("Escape");
}

async function balance(page: Page, asset: string): Promise<{ free: string; locked: string }> {
  const row = page.locator(`[data-testid="balances"] [data-asset="${asset}"]`).first();
  return { free: (await row.getAttribute("data-free", { timeout: 2_000 })) ?? "", locked: (await row.getAttribute("data-locked")) ?? "" };
}

async function placeLimit(page: Page, side: "buy" | "sell", price: string, quantity: string): Promise<void> {
  await byTestId(page, "order-type-limit").click();
  await byTestId(page, `order-side-${side}`).click();
  await byTestId(page, "order-price").fill(price);
  await byTestId(page, "order-quantity").fill(quantity);
  await byTestId(page, "order-submit").click();
}

const openOrders = (page: Page) => page.locator('[data-testid="open-orders"] [data-order-id]');
const bookRow = (page: Page, side: "bids" | "asks", price: string) => page.locator(`[data-testid="book-${side}"] [data-price="${price}"]`);

describe("two people meet on the screen", () => {
  let alice: Page;
  let bob: Page;

  it("sign up and bring demo funds", async () => {
    alice = await trader("alice@example.com");
    bob = await trader("bob@example.com");
    await onRamp(alice, "BTC", "1");
    await onRamp(bob, "USDT", "10000");
    expect(await balance(alice, "BTC")).toEqual({ free: "1.00000000", locked: "0.00000000" });
    expect(await balance(bob, "USDT")).toEqual({ free: "10000.00000000", locked: "0.00000000" });
  });

  it("an order appears in everybody's book and among its owner's open orders", async () => {
    await placeLimit(alice, "sell", PRICE, "0.03");
    await openOrders(alice).first().waitFor();
    await bookRow(alice, "asks", PRICE).waitFor();
    await bookRow(bob, "asks", PRICE).waitFor();
    expect(await bookRow(bob, "asks", PRICE).getAttribute("data-quantity")).toBe("0.03000");
    expect(await balance(alice, "BTC")).toEqual({ free: "0.97000000", locked: "0.03000000" });
  });

  it("a second person takes part of it and both balances are right to the last unit", async () => {
    await placeLimit(bob, "buy", PRICE, QUANTITY);
    const market = await eventually("the fee rates", async () => {
      const response = await fetch(`${exchange.apiUrl}/api/v3/exchangeInfo?symbol=BTCUSDT`);
      return response.ok ? ((await response.json()) as { symbols: unknown[] }).symbols[0] : undefined;
    });
    expect(market).toBeDefined();
    // 0.01 BTC at 60,000 is 600 USDT; 0.1 % of what each receives is the fee.
    await eventually("bob's coins", async () => (await balance(bob, "BTC")).free === "0.00999000");
    await eventually("alice's money", async () => (await balance(alice, "USDT")).free === "599.40000000");
    expect(await balance(bob, "USDT")).toEqual({ free: "9400.00000000", locked: "0.00000000" });
    expect(await balance(alice, "BTC")).toEqual({ free: "0.97000000", locked: "0.02000000" });
    await eventually("the rest in the book", async () => (await bookRow(bob, "asks", PRICE).getAttribute("data-quantity")) === "0.02000");
    await eventually("the last price", async () => ((await byTestId(bob, "last-price").textContent()) ?? "").replaceAll(",", "").includes(PRICE));
    expect(await bob.locator('[data-testid="trades"]').first().textContent()).toContain("60,000.00");
  });

  it("after a reload everything is as it was", async () => {
    await alice.reload();
    await openOrders(alice).first().waitFor();
    await bookRow(alice, "asks", PRICE).waitFor();
    await eventually("the same balances", async () => (await balance(alice, "BTC")).locked === "0.02000000");
    expect(await balance(alice, "USDT")).toEqual({ free: "599.40000000", locked: "0.00000000" });
  });

  it("a cancelled order leaves the book and frees its hold", async () => {
    await openOrders(alice).first().getByTestId("cancel-order").click();
    await eventually("no open order", async () => (await openOrders(alice).count()) === 0);
    await eventually("no level", async () => (await bookRow(bob, "asks", PRICE).count()) === 0);
    await eventually("a free balance", async () => (await balance(alice, "BTC")).free === "0.99000000");
    expect((await balance(alice, "BTC")).locked).toBe("0.00000000");
  });

  it("an order that cannot be paid is refused in words", async () => {
    await placeLimit(bob, "buy", "60000", "10");
    await eventually("a message", async () => /insufficient balance/i.test((await byTestId(bob, "order-message").textContent()) ?? ""));
    expect(await openOrders(bob).count()).toBe(0);
  });
});

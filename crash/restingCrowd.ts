// Many open orders that nobody touches: what an engine has to find again after a kill. They stand far from where the
// clients trade, belong to accounts of their own, and go to the log directly.
import { OrderType, Side, TimeInForce } from "../gen/tickwire/v1/types_pb.ts";
import { seededRandom } from "../bench/orderTape.ts";
import type { CommandInit, Ingress, Outcome } from "../services/shared/trading/ingress.ts";
import type { Call } from "./checker/calls.ts";
import { CrashError } from "./crashError.ts";
import { CROWD_IN_FLIGHT, CROWD_ORDERS_PER_MARKET } from "./limits.ts";
import { MARKETS, type CrashMarket } from "./orderTape.ts";

const ASSETS = [1, 2, 3, 4];
/** Ninety million of each: near the most that one transfer may move. */
const DEPOSIT_UNITS = 10n ** 8n * 90_000_000n;
/** Between these shares of the price away from the middle: behind every order of the clients. */
const NEAR = 0.02;
const FAR = 0.3;
const LOTS = 3;

/** Opens the accounts and places `orders` orders. @returns what was acknowledged, and the accounts. */
export async function placeRestingCrowd(ingress: Ingress, orders: number, seed: number): Promise<{ calls: Call[]; accounts: number[] }> {
  const random = seededRandom(seed);
  const perAccount = CROWD_ORDERS_PER_MARKET * MARKETS.length;
  const accounts = (await inTurns(ingress, Array.from({ length: Math.ceil(orders / perAccount) }, (_, i): CommandInit => ({ body: { case: "openAccount", value: { externalId: `crowd-${i}`, name: `Crowd ${i}` } } })))).map(({ group }) => {
    const opened = group.events[0]?.body;
    if (opened?.case !== "accountOpened") throw new CrashError(`An account of the crowd was not opened, but ${opened?.case}.`);
    return opened.value.accountId;
  });
  await inTurns(ingress, accounts.flatMap((accountId) => ASSETS.map((assetId): CommandInit => ({ accountId, body: { case: "deposit", value: { assetId, amountUnits: DEPOSIT_UNITS, transferId: `crowd-${assetId}` } } }))));

  const placed = Array.from({ length: orders }, (_, i) => {
    const market = MARKETS[Math.floor(i / accounts.length) % MARKETS.length] as CrashMarket;
    const side = random() < 0.5 ? Side.BUY : Side.SELL;
    const away = Math.round(market.middleTicks * (NEAR + random() * (FAR - NEAR)));
    return { id: `crowd-${i}`, accountId: accounts[i % accounts.length] as bigint, market, side, priceTicks: market.middleTicks + (side === Side.BUY ? -away : away) };
  });
  const outcomes = await inTurns(
    ingress,
    placed.map(({ id, accountId, market, side, priceTicks }) => ({
      accountId,
      body: {
        case: "placeOrder",
        value: { marketId: market.marketId, side, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: BigInt(priceTicks), quantityLots: BigInt(market.lots * LOTS), clientOrderId: id },
      },
    })),
  );
  const calls = outcomes.map(({ group }, i): Call => {
    const accepted = group.events[0]?.body;
    const order = placed[i];
    if (accepted?.case !== "orderAccepted" || order === undefined) throw new CrashError(`An order of the crowd was not accepted, but ${accepted?.case}${accepted?.case === "orderRejected" ? ` (reason ${accepted.value.reason})` : ""}.`);
    return { kind: "place", accountId: Number(order.accountId), id: order.id, marketId: order.market.marketId, result: "accepted", orderId: Number(accepted.value.order?.orderId) };
  });
  return { calls, accounts: accounts.map(Number) };
}

/** Submits them all, some log entries at a time. */
async function inTurns(ingress: Ingress, commands: readonly CommandInit[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < commands.length; at += CROWD_IN_FLIGHT) {
    outcomes.push(...(await Promise.all(commands.slice(at, at + CROWD_IN_FLIGHT).map((command) => ingress.submit(command)))));
  }
  return outcomes;
}

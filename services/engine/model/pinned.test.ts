// Lists of commands on which the fast engine and the naive one once differed, as they shrank, and some on which two
// plausible engines would. Each tells what was wrong, or what meets in it.
import { expect, it } from "vitest";
import { entryBytes, firstFailure, parseEntries, type Entry } from "../suite/commandList.ts";
import { RandomCommands } from "../suite/randomCommands.ts";
import { ModelEngine } from "./modelEngine.ts";

/** `opening` is the seed whose venue the commands were found on; entries are in the form that `npm run prove` prints. */
interface Pinned {
  readonly story: string;
  readonly opening: number;
  readonly entries: string;
  /** What the last entry brings about. */
  readonly told: string;
}

const PINNED: readonly Pinned[] = [
  {
    story: "a sale to a bid at the very end of the scale, by an account that owns exactly that much",
    opening: 3,
    entries: `
      {"timeUs":"1000100","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"2147483646","quantityLots":"3","clientOrderId":"a"}}]}
      {"timeUs":"1000200","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"2147483646","quantityLots":"5","clientOrderId":"b"}}]}
    `,
    told: "orderAccepted, tradeExecuted",
  },
  {
    story: "an order of a pair that self-trade prevention lessened left the other one, woken, without its money",
    opening: 6,
    entries: `
      {"timeUs":"1000200","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"5","clientOrderId":"a"}}]}
      {"timeUs":"1000300","commands":[{"accountId":"4","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"5","clientOrderId":"b"}}]}
      {"timeUs":"1000400","commands":[{"accountId":"2","placeOrderList":{"type":"ORDER_LIST_TYPE_OCO","clientOrderListId":"l","orders":[{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT_MAKER","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"105","quantityLots":"3000","clientOrderId":"gain"},{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_STOP_LOSS","stopPriceTicks":"95","quantityLots":"3000","clientOrderId":"stop"}]}}]}
      {"timeUs":"1000500","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"105","quantityLots":"2000","clientOrderId":"self","selfTradePreventionMode":"SELF_TRADE_PREVENTION_MODE_DECREMENT"}}]}
      {"timeUs":"1000600","commands":[{"accountId":"2","withdraw":{"assetId":1,"amountUnits":"2000","transferId":"all"}}]}
      {"timeUs":"1000700","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"95","quantityLots":"5","clientOrderId":"c"}}]}
      {"timeUs":"1000800","commands":[{"accountId":"4","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"95","quantityLots":"5","clientOrderId":"d"}}]}
    `,
    told: "orderAccepted, tradeExecuted",
  },
  {
    story: "an iceberg whose part is prevented whole shows the next one at the back, and a FOK that meets its owner's part in between ends",
    opening: 6,
    entries: `
      {"timeUs":"1000900","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"10","clientOrderId":"ice","icebergLots":"3"}}]}
      {"timeUs":"1001000","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"4","clientOrderId":"plain"}}]}
      {"timeUs":"1001100","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"3","clientOrderId":"dec","selfTradePreventionMode":"SELF_TRADE_PREVENTION_MODE_DECREMENT"}}]}
      {"timeUs":"1001200","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_FOK","priceTicks":"100","quantityLots":"6","clientOrderId":"fok","selfTradePreventionMode":"SELF_TRADE_PREVENTION_MODE_EXPIRE_BOTH"}}]}
      {"timeUs":"1001300","commands":[{"accountId":"4","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_FOK","priceTicks":"100","quantityLots":"6","clientOrderId":"fills"}}]}
      {"timeUs":"1001400","commands":[{"accountId":"4","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_IOC","priceTicks":"100","quantityLots":"9","clientOrderId":"rest"}}]}
    `,
    told: "orderAccepted, tradeExecuted, tradeExecuted, tradeExecuted, orderExpired",
  },
  {
    story: "one trade fills the working orders of two lists whose pending orders take each other and wake a third one's stop",
    opening: 6,
    entries: `
      {"timeUs":"1001500","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"5","clientOrderId":"a"}}]}
      {"timeUs":"1001600","commands":[{"accountId":"4","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"5","clientOrderId":"b"}}]}
      {"timeUs":"1001700","commands":[{"accountId":"2","placeOrderList":{"type":"ORDER_LIST_TYPE_OTO","clientOrderListId":"l","orders":[{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"99","quantityLots":"50","clientOrderId":"w1"},{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"97","quantityLots":"50","clientOrderId":"p1"}]}}]}
      {"timeUs":"1001800","commands":[{"accountId":"3","placeOrderList":{"type":"ORDER_LIST_TYPE_OTOCO","clientOrderListId":"m","orders":[{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"99","quantityLots":"50","clientOrderId":"w2"},{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT_MAKER","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"103","quantityLots":"50","clientOrderId":"p2"},{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_STOP_LOSS_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"96","stopPriceTicks":"98","quantityLots":"50","clientOrderId":"p3"}]}}]}
      {"timeUs":"1001900","commands":[{"accountId":"4","placeOrderList":{"type":"ORDER_LIST_TYPE_OCO","clientOrderListId":"n","orders":[{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_TAKE_PROFIT","stopPriceTicks":"104","quantityLots":"60","clientOrderId":"gain"},{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_STOP_LOSS","stopPriceTicks":"99","quantityLots":"60","clientOrderId":"stop"}]}}]}
      {"timeUs":"1002000","commands":[{"accountId":"5","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"97","quantityLots":"70","clientOrderId":"floor"}}]}
      {"timeUs":"1002100","commands":[{"accountId":"5","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"98","quantityLots":"100","clientOrderId":"sweep"}}]}
    `,
    told: "orderAccepted, tradeExecuted, tradeExecuted, orderTriggered, orderExpired, tradeExecuted, orderListChanged, orderAccepted, tradeExecuted, orderExpired, orderExpired, orderListChanged",
  },
  {
    story: "an order amended onto its own account's order, and one replaced by another that its money pays for, in one command each",
    opening: 6,
    entries: `
      {"timeUs":"1002200","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"98","quantityLots":"40","clientOrderId":"a","selfTradePreventionMode":"SELF_TRADE_PREVENTION_MODE_DECREMENT"}}]}
      {"timeUs":"1002300","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"102","quantityLots":"30","clientOrderId":"b"}}]}
      {"timeUs":"1002400","commands":[{"accountId":"2","amendOrder":{"marketId":1,"clientOrderId":"a","newPriceTicks":"102","newQuantityLots":"35","newClientOrderId":"c"}}]}
      {"timeUs":"1002500","commands":[{"accountId":"2","cancelReplaceOrder":{"mode":"CANCEL_REPLACE_MODE_STOP_ON_FAILURE","cancel":{"marketId":1,"clientOrderId":"c"},"place":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"100","quantityLots":"3900","clientOrderId":"d"}}}]}
    `,
    told: "orderCanceled, orderAccepted",
  },
];

it.each(PINNED)("$story", ({ opening, entries, told }) => {
  const venue: readonly Entry[] = new RandomCommands(opening).opening();
  expect(firstFailure(venue, parseEntries(entries))).toBeUndefined();
  const model = new ModelEngine();
  const events = [...venue, ...parseEntries(entries)].map((entry) => model.applyEntry(entryBytes(entry)).flatMap((group) => group.events.map(({ body }) => body.case)));
  expect(events.at(-1)?.filter((event) => event !== "balanceChanged").join(", ")).toBe(told);
});

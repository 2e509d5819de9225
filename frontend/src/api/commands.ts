// What the page asks the api to do. Never retried by itself: an order sent twice is two orders.
import { call, type Transport } from "./http.ts";
import * as shapes from "./shapes.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export type OrderType = "LIMIT" | "LIMIT_MAKER" | "MARKET";

/** Decimal text, unrounded; undefined members are not sent. */
export interface OrderDraft {
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly type: OrderType;
  readonly timeInForce: "GTC" | "IOC" | "FOK" | undefined;
  readonly price: string | undefined;
  readonly quantity: string | undefined;
  readonly quoteOrderQty: string | undefined;
}

const own = "/api/tickwire/v1";

export const signUp = (transport: Transport, credentials: Credentials) =>
  call(transport, { method: "POST", path: `${own}/sign-up`, json: credentials, schema: shapes.done });

export const logIn = (transport: Transport, credentials: Credentials) =>
  call(transport, { method: "POST", path: `${own}/log-in`, json: credentials, schema: shapes.done });

export const logOut = (transport: Transport) => call(transport, { method: "POST", path: `${own}/log-out`, schema: shapes.done });

export const onRamp = (transport: Transport, deposit: { readonly asset: string; readonly amount: string }) =>
  call(transport, { method: "POST", path: `${own}/on-ramp`, json: deposit, schema: shapes.done });

export const placeOrder = (transport: Transport, draft: OrderDraft) =>
  call(transport, {
    method: "POST",
    path: "/api/v3/order",
    form: { ...draft, newOrderRespType: "FULL" },
    schema: shapes.placedOrder,
  });

export const cancelOrder = (transport: Transport, { symbol, orderId }: { symbol: string; orderId: number }) =>
  call(transport, { method: "DELETE", path: "/api/v3/order", query: { symbol, orderId }, schema: shapes.done });

/** Cancels every open order of one market. */
export const cancelAllOrders = (transport: Transport, symbol: string) =>
  call(transport, { method: "DELETE", path: "/api/v3/openOrders", query: { symbol }, schema: shapes.done });

export const createApiKey = (transport: Transport, label: string) =>
  call(transport, { method: "POST", path: `${own}/api-keys`, json: { label }, schema: shapes.newApiKey });

export const deleteApiKey = (transport: Transport, id: string) =>
  call(transport, { method: "DELETE", path: `${own}/api-keys/${encodeURIComponent(id)}`, schema: shapes.done });

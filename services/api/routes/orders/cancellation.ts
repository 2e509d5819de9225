// DELETE /api/v3/order and /openOrders.
import { Hono } from "hono";
import { z } from "zod";
import type { Order } from "../../../../gen/tickwire/v1/types_pb.ts";
import { makeClientOrderId } from "../../../shared/trading/clientOrderId.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { CANCEL_RESTRICTIONS } from "../../../shared/trading/words.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { milliseconds, orderFields } from "../../marketText.ts";
import { clientOrderIdParam, readParams, sentParams, symbolParam, wordParam } from "../../request/params.ts";
import { accepted } from "../../settled.ts";
import { marketOf } from "../markets.ts";
import { orderName, orderNameParams } from "./orderName.ts";

const cancelParams = z.strictObject({
  symbol: symbolParam,
  ...orderNameParams,
  newClientOrderId: clientOrderIdParam.optional(),
  cancelRestrictions: wordParam(CANCEL_RESTRICTIONS, "INVALID_CANCEL_RESTRICTIONS").optional(),
});
const cancelAllParams = z.strictObject({ symbol: symbolParam });

/** A cancelled order: its own client order id is origClientOrderId, the cancel's is clientOrderId. */
const cancelRow = (order: Order, listed: ListedMarket, cancelId: string) => ({
  ...orderFields(order, listed),
  origClientOrderId: order.clientOrderId,
  clientOrderId: cancelId,
  transactTime: milliseconds(order.updatedUs),
});

export const cancellationRoutes = ({ directory, trading, authenticator, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .delete("/order", meter.weigh(1), authenticator.account, async (c) => {
      const params = readParams(cancelParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      const { accountId, deadlineUs } = c.get("caller");
      const cancel = { accountId, deadlineUs, marketId: listed.market.marketId, ...orderName(params), restriction: params.cancelRestrictions };
      const order = accepted(await trading.cancelOrder(cancel), "cancel");
      return c.json(cancelRow(order, listed, params.newClientOrderId ?? makeClientOrderId()));
    })
    .delete("/openOrders", meter.weigh(1), authenticator.account, async (c) => {
      const listed = marketOf(directory, readParams(cancelAllParams, sentParams(c.get("sent"))).symbol);
      const orders = accepted(await trading.cancelAllOrders({ ...c.get("caller"), marketId: listed.market.marketId }), "cancel");
      if (orders.length === 0) throw new ApiError("UNKNOWN_ORDER");
      return c.json(orders.map((order) => cancelRow(order, listed, makeClientOrderId())));
    });

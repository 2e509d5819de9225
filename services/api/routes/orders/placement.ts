// POST /api/v3/order and /order/test. An answer to the first means that the order is durable in the log and matched.
import { Hono } from "hono";
import { OrderType } from "../../../../gen/tickwire/v1/types_pb.ts";
import type { PlacedOrder } from "../../../shared/trading/tradingService.ts";
import type { ListedMarket, VenueDirectory } from "../../../shared/trading/venueDirectory.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { fillRow, milliseconds, orderFields } from "../../marketText.ts";
import { readParams, sentParams } from "../../request/params.ts";
import { accepted } from "../../settled.ts";
import { failedFilter } from "./filters.ts";
import { orderParams, orderRequest, type OrderParams } from "./orderRequest.ts";

function placedAnswer({ order, fills }: PlacedOrder, listed: ListedMarket, directory: VenueDirectory, detail: OrderParams["newOrderRespType"]) {
  const fields = orderFields(order, listed);
  const { symbol, orderId, orderListId, clientOrderId } = fields;
  const transactTime = milliseconds(order.updatedUs);
  // Orders that may fill at once tell their fills unless asked not to.
  switch (detail ?? (order.type === OrderType.LIMIT_MAKER ? "ACK" : "FULL")) {
    case "ACK":
      return { symbol, orderId, orderListId, clientOrderId, transactTime };
    case "RESULT":
      return { ...fields, transactTime };
    case "FULL": {
      const rows = fills.map((fill) => {
        const feeAsset = directory.assetById(fill.feeAssetId);
        if (feeAsset === undefined) throw new Error(`trade ${fill.tradeId} was charged in asset ${fill.feeAssetId}, which the directory does not know`);
        return fillRow(fill, listed, feeAsset);
      });
      return { ...fields, transactTime, fills: rows };
    }
  }
}

export const placementRoutes = ({ directory, trading, authenticator, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .post("/order", meter.weigh(1), authenticator.account, async (c) => {
      const params = readParams(orderParams, sentParams(c.get("sent")));
      const { listed, request } = orderRequest(params, directory, c.get("caller"));
      const placed = accepted(await trading.placeOrder(request), "place");
      return c.json(placedAnswer(placed, listed, directory, params.newOrderRespType));
    })
    .post("/order/test", meter.weigh(1), authenticator.account, (c) => {
      const { listed, request } = orderRequest(readParams(orderParams, sentParams(c.get("sent"))), directory, c.get("caller"));
      const filter = failedFilter(request, listed);
      if (filter !== undefined) throw new ApiError(filter);
      return c.json({});
    });

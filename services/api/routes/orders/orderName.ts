// How a request names one order: orderId, origClientOrderId, or both, which must then be the same order.
import type { OrderName } from "../../../shared/trading/tradingService.ts";
import { ApiError } from "../../errors.ts";
import { clientOrderIdParam, idParam } from "../../request/params.ts";

export const orderNameParams = { orderId: idParam.optional(), origClientOrderId: clientOrderIdParam.optional() };

/** @throws ApiError when neither was sent */
export function orderName({ orderId, origClientOrderId }: { readonly orderId?: bigint | undefined; readonly origClientOrderId?: string | undefined }): OrderName {
  if (orderId === undefined && origClientOrderId === undefined) throw new ApiError("EITHER_PARAMETER", { a: "origClientOrderId", b: "orderId" });
  if (orderId === 0n) throw new ApiError("INVALID_PARAMETER", { param: "orderId" });
  return { orderId, clientOrderId: origClientOrderId };
}

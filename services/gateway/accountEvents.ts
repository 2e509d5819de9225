// What an event of the engine means to the accounts it touches: one Execution per order event and account, one
// BalanceUpdate per balance event. Pure.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Event, EventBatch, EventGroup, TradeExecuted, TradeSide } from "../../gen/tickwire/v1/event_pb.ts";
import { ExecutionType, type BalanceUpdateSchema, type ExecutionSchema } from "../../gen/tickwire/v1/private_data_pb.ts";
import type { Order } from "../../gen/tickwire/v1/types_pb.ts";

export type AccountEvent =
  | { readonly kind: "execution"; readonly accountId: bigint; readonly position: bigint; readonly value: MessageInitShape<typeof ExecutionSchema> }
  | { readonly kind: "balance"; readonly accountId: bigint; readonly position: bigint; readonly value: MessageInitShape<typeof BalanceUpdateSchema> };

interface Place {
  readonly epoch: number;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

function execution(place: Place, type: ExecutionType, executionSeq: bigint, order: Order | undefined): AccountEvent[] {
  if (order === undefined) return [];
  return [{ kind: "execution", accountId: order.accountId, position: executionSeq, value: { ...place, executionSeq, type, order } }];
}

function fill(place: Place, trade: TradeExecuted, side: TradeSide | undefined, maker: boolean): AccountEvent[] {
  const order = side?.order;
  if (side === undefined || order === undefined) return [];
  return [
    {
      kind: "execution",
      accountId: order.accountId,
      position: side.executionSeq,
      value: {
        ...place,
        executionSeq: side.executionSeq,
        type: ExecutionType.TRADE,
        order,
        tradeId: trade.tradeId,
        lastPriceTicks: trade.priceTicks,
        lastLots: trade.quantityLots,
        lastQuoteUnits: trade.quoteUnits,
        feeUnits: side.feeUnits,
        feeAssetId: side.feeAssetId,
        maker,
      },
    },
  ];
}

function ofEvent(place: Place, { body }: Event): AccountEvent[] {
  switch (body.case) {
    case "orderAccepted":
      return execution(place, ExecutionType.NEW, body.value.executionSeq, body.value.order);
    case "orderCanceled":
      return execution(place, ExecutionType.CANCELED, body.value.executionSeq, body.value.order);
    case "orderExpired":
      return execution(place, ExecutionType.EXPIRED, body.value.executionSeq, body.value.order);
    case "orderAmended":
      return execution(place, ExecutionType.REPLACED, body.value.executionSeq, body.value.order);
    case "orderTriggered":
      return execution(place, ExecutionType.TRIGGERED, body.value.executionSeq, body.value.order);
    case "tradePrevented":
      return inOrder([
        ...execution(place, ExecutionType.TRADE_PREVENTION, body.value.executionSeq, body.value.taker),
        ...execution(place, ExecutionType.TRADE_PREVENTION, body.value.makerExecutionSeq, body.value.maker),
      ]);
    case "tradeExecuted":
      return inOrder([...fill(place, body.value, body.value.maker, true), ...fill(place, body.value, body.value.taker, false)]);
    case "balanceChanged": {
      const { accountId, balanceSeq, assetId, availableUnits, heldUnits, availableChangeUnits, heldChangeUnits } = body.value;
      const value = { ...place, balanceSeq, balance: { assetId, availableUnits, heldUnits }, availableChangeUnits, heldChangeUnits };
      return [{ kind: "balance", accountId, position: balanceSeq, value }];
    }
    default:
      // Refusals go to the requester alone, and what concerns the venue is on other channels.
      return [];
  }
}

// One account on both sides of a trade: the lower number comes first.
const inOrder = (events: AccountEvent[]): AccountEvent[] => events.sort((a, b) => Number(a.position - b.position));

/** The account events of one command, in order. */
export function accountEvents(batch: EventBatch, group: EventGroup): AccountEvent[] {
  const place = { epoch: batch.epoch, seq: group.seq, timeUs: batch.timeUs };
  return group.events.flatMap((event) => ofEvent(place, event));
}

// What one commit writes, gathered from the event batches it covers.
//
// Pure. Invariant: the rows depend on the batches alone, so recording the same entries again gives the same rows.
import type { Event, EventBatch, EventGroup } from "../../gen/tickwire/v1/event_pb.ts";
import type { Asset, Market, MarketStatus, Order, Side } from "../../gen/tickwire/v1/types_pb.ts";
import type { Position } from "./position.ts";

export interface TradeRow {
  readonly marketId: number;
  readonly tradeId: bigint;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly quoteUnits: bigint;
  readonly takerSide: Side;
  readonly seq: bigint;
  readonly timeUs: bigint;
  readonly maker: TradeSideRow;
  readonly taker: TradeSideRow;
}

export interface TradeSideRow {
  readonly orderId: bigint;
  readonly accountId: bigint;
  readonly feeUnits: bigint;
  readonly feeAssetId: number;
}

export interface OrderRow {
  readonly order: Order;
  readonly seq: bigint;
}

export type BalanceCause = "order" | "trade" | "fee" | "cancel" | "expiry" | "amendment" | "deposit" | "withdrawal" | "other";

export interface BalanceChangeRow {
  readonly accountId: bigint;
  readonly balanceSeq: bigint;
  readonly assetId: number;
  readonly availableUnits: bigint;
  readonly heldUnits: bigint;
  readonly availableChangeUnits: bigint;
  readonly heldChangeUnits: bigint;
  readonly cause: BalanceCause;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

export interface TransferRow {
  readonly kind: "deposit" | "withdrawal";
  readonly accountId: bigint;
  readonly assetId: number;
  readonly amountUnits: bigint;
  readonly transferId: string;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

export interface AccountRow {
  readonly accountId: bigint;
  readonly externalId: string;
  readonly name: string;
  readonly openedUs: bigint;
  readonly seq: bigint;
}

export interface Recording {
  /** Where the log stands after these batches. */
  readonly position: Position;
  readonly assets: readonly { readonly asset: Asset; readonly seq: bigint }[];
  readonly markets: readonly { readonly market: Market; readonly seq: bigint }[];
  readonly marketStatuses: readonly { readonly marketId: number; readonly status: MarketStatus; readonly seq: bigint }[];
  readonly accounts: readonly AccountRow[];
  readonly frozen: readonly { readonly accountId: bigint; readonly frozen: boolean; readonly seq: bigint }[];
  readonly transfers: readonly TransferRow[];
  /** Each order once, as it stands after its last event here. */
  readonly orders: readonly OrderRow[];
  /** Ascending by trade id within each market. */
  readonly trades: readonly TradeRow[];
  readonly balanceChanges: readonly BalanceChangeRow[];
}

/** How many events a batch holds: what a commit is measured by. */
export const eventCount = (batch: EventBatch): number => batch.groups.reduce((sum, group) => sum + group.events.length, 0);

/**
 * Gathers the rows of consecutive batches that follow `previous`.
 * @throws Error when an event lacks what the schema promises: the log is not ours.
 */
export function recordBatches(previous: Position | undefined, batches: readonly [EventBatch, ...EventBatch[]]): Recording {
  const assets: { asset: Asset; seq: bigint }[] = [];
  const markets: { market: Market; seq: bigint }[] = [];
  const marketStatuses: { marketId: number; status: MarketStatus; seq: bigint }[] = [];
  const accounts: AccountRow[] = [];
  const frozen: { accountId: bigint; frozen: boolean; seq: bigint }[] = [];
  const transfers: TransferRow[] = [];
  const orders = new Map<bigint, OrderRow>();
  const trades: TradeRow[] = [];
  const balanceChanges: BalanceChangeRow[] = [];

  const recordOrder = (order: Order | undefined, seq: bigint) => {
    const whole = present(order, seq);
    orders.set(whole.orderId, { order: whole, seq });
  };

  const recordEvent = ({ body }: Event, group: EventGroup, timeUs: bigint) => {
    const { seq } = group;
    switch (body.case) {
      case "orderAccepted":
      case "orderCanceled":
      case "orderExpired":
      case "orderAmended":
      case "orderTriggered":
        recordOrder(body.value.order, seq);
        return;
      case "tradePrevented":
        recordOrder(body.value.maker, seq);
        recordOrder(body.value.taker, seq);
        return;
      case "tradeExecuted": {
        const { marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide } = body.value;
        const side = (half: typeof body.value.maker): TradeSideRow => {
          const { order, feeUnits, feeAssetId } = present(half, seq);
          const { orderId, accountId } = present(order, seq);
          return { orderId, accountId, feeUnits, feeAssetId };
        };
        recordOrder(body.value.maker?.order, seq);
        recordOrder(body.value.taker?.order, seq);
        const maker = side(body.value.maker);
        const taker = side(body.value.taker);
        trades.push({ marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide, seq, timeUs, maker, taker });
        return;
      }
      case "balanceChanged": {
        const { accountId, balanceSeq, assetId, availableUnits, heldUnits, availableChangeUnits, heldChangeUnits } = body.value;
        const cause = causeOf(group, accountId);
        balanceChanges.push({ accountId, balanceSeq, assetId, availableUnits, heldUnits, availableChangeUnits, heldChangeUnits, cause, seq, timeUs });
        return;
      }
      case "accountOpened": {
        const { accountId, externalId, name, created } = body.value;
        if (created) accounts.push({ accountId, externalId, name, openedUs: timeUs, seq });
        return;
      }
      case "accountFrozenChanged":
        frozen.push({ accountId: body.value.accountId, frozen: body.value.frozen, seq });
        return;
      case "depositPosted":
      case "withdrawalPosted": {
        const { accountId, assetId, amountUnits, transferId } = body.value;
        transfers.push({ kind: body.case === "depositPosted" ? "deposit" : "withdrawal", accountId, assetId, amountUnits, transferId, seq, timeUs });
        return;
      }
      case "assetListed":
        assets.push({ asset: present(body.value.asset, seq), seq });
        return;
      case "marketListed":
      case "marketUpdated":
        markets.push({ market: present(body.value.market, seq), seq });
        return;
      case "marketStatusChanged":
        marketStatuses.push({ marketId: body.value.marketId, status: body.value.status, seq });
        return;
      // Nothing changed, or nothing that history tells.
      case "orderRejected":
      case "cancelRejected":
      case "amendRejected":
      case "commandRejected":
      case "ordersCanceled":
      case "logOpened":
      case "timeAdvanced":
      case "deadMansSwitchSet":
      case "orderListChanged":
      case "transferPending":
      case "transferVoided":
      case "feeTierChanged":
      case "tradeGroupChanged":
      case "auctionUncrossed":
      case "epochStarted":
        return;
      case undefined:
        throw new Error(`seq ${seq} has an event this build does not know; the recorder is older than the engine`);
      default:
        body satisfies never;
    }
  };

  for (const batch of batches) {
    for (const group of batch.groups) for (const event of group.events) recordEvent(event, group, batch.timeUs);
  }
  return {
    position: positionAfter(previous, batches),
    assets,
    markets,
    marketStatuses,
    accounts,
    frozen,
    transfers,
    orders: [...orders.values()],
    trades,
    balanceChanges,
  };
}

function positionAfter(previous: Position | undefined, batches: readonly [EventBatch, ...EventBatch[]]): Position {
  const last = batches.at(-1) ?? batches[0];
  const seq = batches.findLast((batch) => batch.groups.length > 0)?.groups.at(-1)?.seq ?? previous?.seq ?? 0n;
  return { epoch: last.epoch, entry: last.entry, seq, timeUs: last.timeUs, chain: last.chain, logChain: previous?.logChain ?? batches[0].chain };
}

function present<T>(value: T | undefined, seq: bigint): T {
  if (value === undefined) throw new Error(`an event of seq ${seq} is not whole: the event log was not written by this engine`);
  return value;
}

// A balance changes at most once per asset and command; of several events that moved it, the first of this list names
// the change. Whoever gains in a command with trades it took no part in receives fees.
function causeOf(group: EventGroup, accountId: bigint): BalanceCause {
  let cause: BalanceCause = "other";
  let traded = false;
  for (const { body } of group.events) {
    switch (body.case) {
      case "tradeExecuted":
        traded = true;
        if (body.value.maker?.order?.accountId === accountId || body.value.taker?.order?.accountId === accountId) return "trade";
        break;
      case "depositPosted":
        return "deposit";
      case "withdrawalPosted":
        return "withdrawal";
      case "orderCanceled":
        if (body.value.order?.accountId === accountId) cause = "cancel";
        break;
      case "orderExpired":
        if (body.value.order?.accountId === accountId && cause !== "cancel") cause = "expiry";
        break;
      case "orderAmended":
        if (body.value.order?.accountId === accountId && cause === "other") cause = "amendment";
        break;
      case "orderAccepted":
        if (body.value.order?.accountId === accountId && cause === "other") cause = "order";
        break;
      default:
    }
  }
  return traded && cause === "other" ? "fee" : cause;
}

// What an order would do if it were sent now, worked out without doing it.
//
// The order goes as the bytes of a command through the reader and the rules that every order goes through; the fills
// are walked from the plan those rules made, order by order as trading.ts does, which whatIf.test.ts proves by asking
// before thousands of random orders. Never: changes anything.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, PlaceOrderSchema, type PlaceOrder } from "../../gen/tickwire/v1/command_pb.ts";
import type { WhatIfResultSchema } from "../../gen/tickwire/v1/query_pb.ts";
import { ExpiryReason, MarketStatus, SelfTradePreventionMode, type RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { CommandReader } from "./commandReader.ts";
import type { Engine } from "./engine.ts";
import { feeUnits } from "./fees.ts";
import { takerRate, type Market } from "./markets.ts";
import { BUY, SELL } from "./orderBook.ts";
import { ACCOUNT, NO_SLOT, RECORD_F64, RECORD_I32, REMAINING_LOTS } from "./orderStore.ts";
import type { PlacePlan } from "./rules.ts";
import { expiresTaker, NO_PREVENTION } from "./selfTrade.ts";

type WhatIfResult = MessageInitShape<typeof WhatIfResultSchema>;

// An order needs a name; one that was not given is not a failure of the question.
const NAMELESS = "what-if";

/** The answer to a WhatIfQuery. */
export function whatIf(engine: Engine, accountId: bigint, order: PlaceOrder): WhatIfResult {
  const named = create(PlaceOrderSchema, order.clientOrderId === "" ? { ...order, clientOrderId: NAMELESS } : order);
  const reader = new CommandReader();
  reader.open(toBinary(CommandBatchSchema, create(CommandBatchSchema, { commands: [{ requestNo: 1n, accountId, body: { case: "placeOrder", value: named } }] })));
  reader.next();
  const { rules } = engine.trading;
  const failures: RejectReason[] = rules.allFailures(reader, engine.timeUs);
  if (failures.length > 0) return { failures };
  const { plan } = rules;
  const { market } = plan;
  if (market === undefined) return {};
  // Waiting, it holds what the rules found; what it will do is decided when it is woken.
  if (plan.waits) return { waits: true, ...held(plan, plan.holdUnits) };
  return market.status === MarketStatus.AUCTION ? collected(plan, market, reader.side) : walk(engine, plan, market, reader.side);
}

// In an auction an order meets nobody yet: it joins what rested before and what is collected.
function collected(plan: PlacePlan, market: Market, side: number): WhatIfResult {
  const { limitTicks, lots } = plan;
  const { auction, book } = market;
  const queue = auction?.queue(side);
  const lotsAhead = book.lotsAt(side, limitTicks) + (queue?.lotsAt(side, limitTicks) ?? 0);
  const ordersAhead = book.ordersAt(side, limitTicks) + (queue?.ordersAt(side, limitTicks) ?? 0);
  return { restingLots: BigInt(lots), lotsAhead: BigInt(lotsAhead), ordersAhead, ...restHeld(plan, market, side, lots) };
}

const held = ({ holdAsset }: PlacePlan, units: number): WhatIfResult => ({ heldUnits: BigInt(units), heldAssetId: holdAsset + 1 });

// What the resting part of an order holds.
const restHeld = (plan: PlacePlan, { lotSizeUnits, notionalUnits }: Market, side: number, lots: number): WhatIfResult =>
  held(plan, side === BUY ? plan.limitTicks * lots * notionalUnits : lots * lotSizeUnits);

// One resting order as the walk uses it up; an iceberg shows its next part at the end of the level.
interface Resting {
  readonly account: number;
  readonly part: number;
  shown: number;
  hidden: number;
}

function levelOf(engine: Engine, market: Market, ticks: number): Resting[] {
  const { orders } = engine;
  const level: Resting[] = [];
  for (let slot = market.book.front(ticks); slot !== NO_SLOT; slot = market.book.after(slot)) {
    const terms = orders.termsOf(slot);
    level.push({
      account: orders.i32[slot * RECORD_I32 + ACCOUNT] as number,
      part: terms?.icebergLots ?? 0,
      shown: orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number,
      hidden: terms?.hiddenLots ?? 0,
    });
  }
  return level;
}

function walk(engine: Engine, plan: PlacePlan, market: Market, side: number): WhatIfResult {
  if (!plan.fillable) return { expiryReason: ExpiryReason.UNFILLED_FOK };
  const { book } = market;
  const buys = side === BUY;
  const resting = buys ? SELL : BUY;
  const within = (ticks: number, limit: number): boolean => (buys ? ticks <= limit : ticks >= limit);
  const ratePpm = takerRate(market, engine.accounts.feeTier[plan.account] as number);
  const fills: { priceTicks: bigint; quantityLots: bigint }[] = [];
  let remaining = plan.lots;
  let prevented = false;
  let executed = 0;
  let quoteUnits = 0;
  let fees = 0;
  let ticks = buys ? book.bestAskTicks : book.bestBidTicks;
  for (; remaining > 0 && within(ticks, plan.matchTicks); ticks = book.nextBehind(resting, ticks)) {
    const level = levelOf(engine, market, ticks);
    let maker = level.shift();
    for (; maker !== undefined && remaining > 0; maker = level.shift()) {
      const lots = Math.min(remaining, maker.shown);
      if (plan.prevention !== NO_PREVENTION && engine.accounts.sameOwner(maker.account, plan.account)) {
        if (expiresTaker(plan.prevention)) remaining = 0;
        else if (plan.prevention === SelfTradePreventionMode.DECREMENT) remaining -= lots;
        else continue;
        prevented = remaining === 0;
      } else {
        const units = ticks * lots * market.notionalUnits;
        remaining -= lots;
        executed += lots;
        quoteUnits += units;
        fees += feeUnits(buys ? lots * market.lotSizeUnits : units, ratePpm);
        fills.push({ priceTicks: BigInt(ticks), quantityLots: BigInt(lots) });
      }
      if (lots < maker.shown) break;
      if (maker.hidden === 0) continue;
      maker.shown = Math.min(maker.part, maker.hidden);
      maker.hidden -= maker.shown;
      level.push(maker);
    }
    if (maker !== undefined) break;
  }
  const result: WhatIfResult = {
    fills,
    executedLots: BigInt(executed),
    executedQuoteUnits: BigInt(quoteUnits),
    feeUnits: BigInt(fees),
    feeAssetId: (buys ? market.base : market.quote) + 1,
  };
  if (prevented) return { ...result, expiryReason: ExpiryReason.SELF_TRADE_PREVENTION };
  if (remaining === 0 && !plan.runsOut) return result;
  if (!within(ticks, plan.matchTicks) && within(ticks, plan.limitTicks)) return { ...result, expiryReason: ExpiryReason.PRICE_BAND_EXCEEDED };
  if (plan.rests) {
    const { limitTicks } = plan;
    return { ...result, restingLots: BigInt(remaining), lotsAhead: BigInt(book.lotsAt(side, limitTicks)), ordersAhead: book.ordersAt(side, limitTicks), ...restHeld(plan, market, side, remaining) };
  }
  return { ...result, expiryReason: plan.isMarket ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.UNFILLED_IOC };
}

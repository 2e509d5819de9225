// The engine's invariants as named checks over the whole state: run by tests after every command, and by whoever wants
// proof from a running engine. They only read.
import { TransferDirection } from "../../gen/tickwire/v1/event_pb.ts";
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { ClientOrderId } from "./clientOrderId.ts";
import type { Engine } from "./engine.ts";
import { invariant } from "./invariants.ts";
import type { Market } from "./markets.ts";
import { DEDUPE_IDS_MAX, DEDUPE_SECONDS } from "./limits.ts";
import { BUY, NO_ASK, NO_BID } from "./orderBook.ts";
import { ACCOUNT, COLLECTED, CREATED_US, MARKET, NO_SLOT, ORDER_ID, RECORD_F64, RECORD_I32, recordAt, SIDE, TYPE, type OrderStore } from "./orderStore.ts";
import { isAlgo, UNTRIGGERED } from "./orderTerms.ts";
import { forEachCollected, forEachOrder, waitingOrders } from "./snapshot.ts";
import { heldBy } from "./trading.ts";

/**
 * Everything that must hold between two commands, checked from scratch: the books, the indexes, what orders hold
 * against what accounts have held, and that no unit was made or lost. For tests, and for a look in production.
 * @throws InvariantViolation naming the first that does not hold.
 */
export function checkInvariants(engine: Engine): void {
  checkBooks(engine);
  checkAuctions(engine);
  checkIndexes(engine);
  checkTakenIds(engine);
  checkHolds(engine);
  checkConservation(engine);
}

/** Links, sums, order and best prices of every book. */
export function checkBooks(engine: Engine): void {
  for (const { book } of engine.markets.markets) book.validate();
}

/** The same of what auctions collect: each side is a book of its own, and its orders are marked as collected, others not. */
export function checkAuctions({ markets, orders }: Engine): void {
  for (const market of markets.markets) {
    const { auction } = market;
    forEachOrder(market, (slot) => invariant(orders.u8[recordAt(slot) + COLLECTED] === 0, "an order in the book is marked as collected"));
    if (auction === undefined) {
      invariant(market.status !== MarketStatus.AUCTION, "a market is in auction without one");
      continue;
    }
    invariant(market.status !== MarketStatus.TRADING && market.status !== MarketStatus.POST_ONLY, "an auction goes on in a market that trades");
    auction.bids.validate();
    auction.asks.validate();
    invariant(auction.bids.bestAskTicks === NO_ASK && auction.asks.bestBidTicks === NO_BID, "an auction collects an order on the wrong side");
    invariant(auction.bids.bestBidTicks <= auction.priceCapTicks, "an auction may come to a price that is not exact");
    forEachCollected(market, (slot) => invariant(orders.u8[recordAt(slot) + COLLECTED] === 1, "a collected order is not marked"));
  }
}

/** Every resting order is found by its id and its client order id, and stands in its account's list; no others exist. */
export function checkIndexes(engine: Engine): void {
  const { markets, orders, accounts } = engine;
  let resting = 0;
  for (const market of markets.markets) {
    const check = (slot: number): void => {
      resting++;
      invariant(orders.find(orders.f64[slot * RECORD_F64 + ORDER_ID] as number) === slot, "an open order is not found by its id");
      const row = orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
      invariant(orders.findClientId(row, clientIdOf(orders, slot, row)) === slot, "an open order is not found by its client order id");
    };
    forEachOrder(market, check);
    forEachCollected(market, check);
  }
  const waiting = waitingOrders(engine);
  for (const slot of waiting) {
    invariant(orders.find(orders.f64[slot * RECORD_F64 + ORDER_ID] as number) === slot, "a waiting order is not found by its id");
  }
  for (const market of markets.markets) {
    const untriggered = waiting.filter((slot) => orders.i32[slot * RECORD_I32 + MARKET] === market.row && orders.termsOf(slot)?.phase === UNTRIGGERED);
    invariant(market.triggers.waiting === untriggered.length, "a market counts its untriggered orders wrongly");
    const algos = new Map<number, number>();
    for (const slot of waiting) {
      if (orders.i32[slot * RECORD_I32 + MARKET] !== market.row || !isAlgo(orders.u8[recordAt(slot) + TYPE] as number)) continue;
      const row = orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
      algos.set(row, (algos.get(row) ?? 0) + 1);
    }
    for (let row = 0; row < accounts.count; row++) invariant(market.triggers.count(row) === (algos.get(row) ?? 0), "a market counts an account's algo orders wrongly");
  }
  for (const list of engine.trading.lists.all()) {
    const open = list.orderIds.map((id) => orders.find(id)).filter((slot) => slot !== NO_SLOT);
    invariant(open.length > 0, "a list has no order any more");
    for (const slot of open) invariant(orders.termsOf(slot)?.list === list, "an order does not know its list");
  }
  resting += waiting.length;
  invariant(orders.size === resting, "the store has orders that neither rest nor wait");
  let listed = 0;
  for (let row = 0; row < accounts.count; row++) {
    let counted = 0;
    let lastId = 0;
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      const id = orders.f64[slot * RECORD_F64 + ORDER_ID] as number;
      invariant(id > lastId, "an account's orders are not in the order of their ids");
      lastId = id;
      counted++;
    }
    let open = 0;
    for (const market of markets.markets) open += accounts.openOrders(row, market.row);
    invariant(open === counted, "an account counts its open orders wrongly");
    listed += counted;
  }
  invariant(listed === resting, "an account's list lacks an open order");
}

/** The remembered client order ids are in order, and an open order's id is among them while it is new. */
export function checkTakenIds({ accounts, orders, timeUs, trading }: Engine): void {
  const { dedupe } = trading;
  dedupe.validate();
  if (dedupe.size === DEDUPE_IDS_MAX) return;
  const second = Math.floor(timeUs / 1_000_000);
  for (let row = 0; row < accounts.count; row++) {
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      if (second - Math.floor((orders.f64[slot * RECORD_F64 + CREATED_US] as number) / 1_000_000) > DEDUPE_SECONDS) continue;
      invariant(dedupe.remembers(row, clientIdOf(orders, slot, row)), "a new order's client order id is not remembered");
    }
  }
}

/** What accounts have held is exactly what their open orders and pending withdrawals hold. */
export function checkHolds(engine: Engine): void {
  const { markets, orders, accounts, ledger } = engine;
  const held = new Map<string, bigint>();
  const count = (market: Market, slot: number): void => {
    const asset = orders.u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    const key = `${orders.i32[slot * RECORD_I32 + ACCOUNT]}/${asset}`;
    held.set(key, (held.get(key) ?? 0n) + BigInt(heldBy(orders, slot, market)));
  };
  for (const market of markets.markets) {
    forEachOrder(market, (slot) => count(market, slot));
    forEachCollected(market, (slot) => count(market, slot));
  }
  for (const slot of waitingOrders(engine)) count(markets.markets[orders.i32[slot * RECORD_I32 + MARKET] as number] as Market, slot);
  for (let row = 0; row < accounts.count; row++) {
    for (const [, { direction, asset, units }] of accounts.pendingTransfers(row)) {
      if (direction === TransferDirection.WITHDRAWAL) held.set(`${row}/${asset}`, (held.get(`${row}/${asset}`) ?? 0n) + BigInt(units));
    }
    for (let asset = 0; asset < markets.assets.length; asset++) {
      invariant(ledger.heldUnits(row, asset) === (held.get(`${row}/${asset}`) ?? 0n), `account ${row + 1} holds something else than its orders need`);
    }
  }
}

/**
 * One account of `checkIndexes` and `checkHolds`: its open orders are found by both ids, and hold what it has held. An
 * account with more than `ordersMax` open orders is left out.
 */
export function checkAccount(engine: Engine, row: number, ordersMax: number): void {
  const { markets, orders, accounts, ledger } = engine;
  const held = markets.assets.map(() => 0n);
  let seen = 0;
  for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
    if (++seen > ordersMax) return;
    invariant(orders.find(orders.f64[slot * RECORD_F64 + ORDER_ID] as number) === slot, "an open order is not found by its id");
    invariant(orders.findClientId(row, clientIdOf(orders, slot, row)) === slot, "an open order is not found by its client order id");
    invariant(orders.i32[slot * RECORD_I32 + ACCOUNT] === row, "an account's list has somebody else's order");
    const market = markets.markets[orders.i32[slot * RECORD_I32 + MARKET] as number] as Market;
    const asset = orders.u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    held[asset] = (held[asset] as bigint) + BigInt(heldBy(orders, slot, market));
  }
  for (const [, { direction, asset, units }] of accounts.pendingTransfers(row)) {
    if (direction === TransferDirection.WITHDRAWAL) held[asset] = (held[asset] as bigint) + BigInt(units);
  }
  for (const [asset, units] of held.entries()) invariant(ledger.heldUnits(row, asset) === units, `account ${row + 1} holds something else than its orders need`);
}

/** Best bid below best ask, in every market. */
export function checkSpreads({ markets }: Engine): void {
  for (const { book } of markets.markets) invariant(book.bestBidTicks < book.bestAskTicks, "the book is crossed");
}

/** Per asset, the sum over all accounts is deposits minus withdrawals. */
export function checkConservation({ markets, accounts, ledger }: Engine): void {
  for (let asset = 0; asset < markets.assets.length; asset++) {
    let sum = 0n;
    for (let row = 0; row < accounts.count; row++) sum += ledger.availableUnits(row, asset) + ledger.heldUnits(row, asset);
    invariant(sum === ledger.issuedUnits(asset), `units of asset ${asset + 1} were made or lost`);
  }
}

function clientIdOf(orders: OrderStore, slot: number, account: number): ClientOrderId {
  const id = ClientOrderId.of(account, Buffer.from(orders.clientIdText(slot), "latin1"));
  invariant(id !== undefined, "an open order's client order id is none");
  return id;
}

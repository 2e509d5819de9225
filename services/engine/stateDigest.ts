// What the state comes to, often enough and cheaply enough for a running engine to say: two engines that follow one log
// compare it, so that a state that went astray is found even while the events still look alike.
//
// Never: walks the whole state; each digest covers what is small, and the next piece of what is large, so that in the
// end every account, every balance and most open orders have had their turn. Invariant: it depends on the state alone,
// not on how the state is laid out in memory: an engine restored from a snapshot gives the same.
import { createHash } from "node:crypto";
import type { StateDigestSchema } from "../../gen/tickwire/v1/operations_pb.ts";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Engine } from "./engine.ts";
import { DIGEST_ACCOUNTS, DIGEST_ASSETS_MAX, DIGEST_EVERY_COMMANDS, DIGEST_MARKETS_MAX, DIGEST_ORDERS_MAX } from "./limits.ts";
import { EXECUTED_LOTS, EXECUTED_QUOTE_UNITS, MARKET, NO_SLOT, ORDER_ID, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE, STATUS } from "./orderStore.ts";

const LIMB = 1n << 48n;

/** Whether the entry just applied, which began after command `before`, is one whose digest is compared. */
export function isDigestDue(before: number, engine: Engine): boolean {
  return Math.floor(engine.seq / DIGEST_EVERY_COMMANDS) !== Math.floor(before / DIGEST_EVERY_COMMANDS);
}

/** The digest as of now. */
export function stateDigest(engine: Engine): MessageInitShape<typeof StateDigestSchema> {
  const numbers: number[] = [];
  const { accounts, ledger, markets, orders, trading } = engine;
  const units = (value: bigint): void => {
    numbers.push(Number(value / LIMB), Number(value % LIMB));
  };
  numbers.push(engine.epoch, engine.entry, engine.seq, engine.timeUs, trading.nextOrderId, trading.lists.nextId, orders.size, accounts.count, markets.assets.length);
  const turn = Math.floor(engine.seq / DIGEST_EVERY_COMMANDS);
  const assets = piece(markets.assets.length, DIGEST_ASSETS_MAX, turn);
  for (const asset of assets) units(ledger.issuedUnits(asset));
  for (const row of piece(markets.markets.length, DIGEST_MARKETS_MAX, turn)) {
    const market = markets.markets[row];
    if (market === undefined) continue;
    numbers.push(row, market.status, market.nextTradeId, market.feed.bookSeq, market.lastPriceTicks, market.book.bestBidTicks, market.book.bestAskTicks);
  }
  for (const row of piece(accounts.count, DIGEST_ACCOUNTS, turn)) {
    numbers.push(row, accounts.frozen[row] ?? 0, accounts.feeTier[row] ?? 0, accounts.tradeGroup[row] ?? 0, accounts.executionSeq[row] ?? 0, accounts.balanceSeq[row] ?? 0);
    for (const asset of assets) {
      units(ledger.availableUnits(row, asset));
      units(ledger.heldUnits(row, asset));
    }
    let seen = 0;
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT && seen < DIGEST_ORDERS_MAX; slot = accounts.nextOrder(slot), seen++) {
      const { f64, i32, u8 } = orders;
      for (const field of [ORDER_ID, REMAINING_LOTS, EXECUTED_LOTS, EXECUTED_QUOTE_UNITS]) numbers.push(f64[slot * RECORD_F64 + field] ?? 0);
      for (const field of [MARKET, PRICE_TICKS]) numbers.push(i32[slot * RECORD_I32 + field] ?? 0);
      for (const field of [SIDE, STATUS]) numbers.push(u8[recordAt(slot) + field] ?? 0);
    }
  }
  const hash = createHash("sha256").update(engine.chain).update(new Uint8Array(Float64Array.from(numbers).buffer));
  return { epoch: engine.epoch, entry: BigInt(engine.entry), seq: BigInt(engine.seq), digest: new Uint8Array(hash.digest()) };
}

/** The rows of a table of `count` that have their turn: at most `most`, going round. */
function piece(count: number, most: number, turn: number): number[] {
  const size = Math.min(count, most);
  const first = count === 0 ? 0 : (turn * size) % count;
  return Array.from({ length: size }, (_, i) => (first + i) % count);
}

// Every kind of order and command together, at random: whatever they do to one another, the invariants hold after each
// command, and log and snapshot give the same engine, and a snapshot frozen on the way is written as the engine was then.
import { describe, expect, it } from "vitest";
import { SelfTradePreventionMode } from "../../gen/tickwire/v1/types_pb.ts";
import { Engine } from "./engine.ts";
import { restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { FrozenMoment } from "./testing/frozenMoment.ts";
import { MARKET, TestVenue } from "./testing/testVenue.ts";

const COMMANDS = Number(process.env["EVERY_KIND_COMMANDS"] ?? 1_500);

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

function run(seed: number): void {
  const roll = random(seed);
  const rules = seed % 2 === 0 ? {} : { priceBandBips: 800, maxNumAlgoOrders: 4, maxNumOrderLists: 3, maxPositionLots: 4_000n };
  const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_003, maxNumOrders: 25, rules });
  const names = ["a", "b", "c", "d"];
  for (const name of names) venue.account(name, 2_000n, 200_000n);
  const modes = ["none", "none", "none", "expire_taker", "expire_maker", "expire_both", "decrement"];
  let copy = restoreSnapshot(takeSnapshot(venue.engine));
  let frozen = new FrozenMoment(venue.engine);
  for (let n = 0; n < COMMANDS; n++) {
    const from = venue.log.length;
    venue.timeUs += BigInt(roll(20));
    const name = names[roll(4)] ?? "a";
    const id = `o${roll(40)}`;
    const lots = 1 + roll(15);
    const sells = roll(2) === 0;
    const verb = sells ? "sells" : "buys";
    const at = (away: number): number => 95 + roll(11) + away;
    const gtd = roll(3) === 0 ? `gtd ${Number(venue.timeUs) + 1 + roll(500)}` : "";
    const price = roll(3) === 0 ? "" : `@ ${at(0)} ${gtd}`;
    const show = roll(4) === 0 && gtd === "" ? `show ${1 + roll(lots)}` : "";
    const pegs = (): string => `peg ${["", "primary"][roll(2)]} behind ${roll(2)}`;
    const gain = roll(4) === 0 ? "peg primary maker" : `@ ${at(sells ? 6 : -6)} maker`;
    const stop = `${roll(4) === 0 ? pegs() : price} stop ${at(sells ? -6 : 6)}`;
    const pair = sells ? `sells ${lots} ${gain} | sells ${lots} ${stop}` : `buys ${lots} ${stop} | buys ${lots} ${gain}`;
    const other = sells ? "buys" : "sells";
    const kinds = [
      `${name} ${verb} ${lots} ${price} stp ${modes[roll(7)]} as ${id}`,
      `${name} ${verb} ${lots} @ ${at(0)} stp ${modes[roll(7)]} as ${id}`,
      `${name} ${verb} ${lots} @ ${at(0)} ${["fok", "ioc", "maker"][roll(3)]} stp ${modes[roll(7)]} as ${id}`,
      `${name} ${verb} for ${1 + roll(2_000)} as ${id}`,
      `${name} ${verb} ${lots} @ ${at(0)} show ${1 + roll(lots)} stp ${modes[roll(7)]} as ${id}`,
      `${name} ${verb} ${lots} ${price} ${price === "" ? "" : show} stop ${at(0)} as ${id}`,
      `${name} ${verb} ${lots} ${price} take ${at(0)} stp ${modes[roll(7)]} as ${id}`,
      `${name} ${verb} ${lots} ${price} trail ${50 + roll(800)} as ${id}`,
      `${name} ${verb} ${lots} peg ${roll(2) === 0 ? "primary" : ""} behind ${roll(3)} as ${id}`,
      `${name} lists oco as l${roll(9)}: ${pair}`,
      `${name} lists oto as l${roll(9)}: ${other} ${lots} @ ${at(0)} ${gtd} ${show} | ${verb} ${lots} ${roll(3) === 0 ? pegs() : price}`,
      `${name} lists otoco as l${roll(9)}: ${other} ${lots} ${roll(4) === 0 ? pegs() : `@ ${at(0)}`} | ${pair}`,
      `${name} cancels ${roll(12) === 0 ? "all" : id}`,
    ];
    const what = roll(kinds.length + 3);
    const line = kinds[what];
    const accountId = venue.account(name);
    if (line !== undefined) venue.say(line);
    else if (what === kinds.length) venue.do(accountId, { case: "amendOrder", value: { marketId: MARKET, clientOrderId: id, newQuantityLots: BigInt(roll(10)), newPriceTicks: roll(2) === 0 ? 0n : BigInt(at(0)) } });
    else if (what === kinds.length + 1) {
      const place = { marketId: MARKET, side: sells ? 2 : 1, type: 1, timeInForce: 1, priceTicks: BigInt(at(0)), quantityLots: BigInt(lots), clientOrderId: `r${n}`, selfTradePreventionMode: SelfTradePreventionMode.NONE } as const;
      venue.do(accountId, { case: "cancelReplaceOrder", value: { mode: roll(2) === 0 ? 1 : 2, cancel: { marketId: MARKET, clientOrderId: id }, place } });
    } else venue.do(accountId, { case: "setDeadMansSwitch", value: { timeoutUs: BigInt(roll(3) === 0 ? 0 : 100 + roll(400)) } });
    for (const bytes of venue.log.slice(from)) copy.applyEntry(bytes, copy.entry + 1);
    if (n % 50 !== 0) continue;
    expect(stateHash(copy), `seed ${seed}, command ${n}`).toEqual(stateHash(venue.engine));
    copy = restoreSnapshot(takeSnapshot(venue.engine));
    frozen.check();
    frozen = new FrozenMoment(venue.engine);
  }
  const again = new Engine();
  venue.log.forEach((bytes, i) => again.applyEntry(bytes, i + 1));
  expect(stateHash(again)).toEqual(stateHash(venue.engine));
}

describe("every kind of order together", () => {
  it.each([1, 2])("keeps the invariants, seed %i", run);
});

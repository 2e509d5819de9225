// Lists of commands on which the fast engine and the naive one once differed, as they shrank. Each tells what was wrong.
import { expect, it } from "vitest";
import { firstFailure, parseEntries, type Entry } from "../suite/commandList.ts";
import { RandomCommands } from "../suite/randomCommands.ts";

/** `opening` is the seed whose venue the commands were found on; entries are in the form that `npm run prove` prints. */
interface Pinned {
  readonly story: string;
  readonly opening: number;
  readonly entries: string;
}

const PINNED: readonly Pinned[] = [
  {
    story: "a sale to a bid at the very end of the scale, by an account that owns exactly that much",
    opening: 3,
    entries: `
      {"timeUs":"1000100","commands":[{"accountId":"2","placeOrder":{"marketId":1,"side":"SIDE_BUY","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"2147483646","quantityLots":"3","clientOrderId":"a"}}]}
      {"timeUs":"1000200","commands":[{"accountId":"3","placeOrder":{"marketId":1,"side":"SIDE_SELL","type":"ORDER_TYPE_LIMIT","timeInForce":"TIME_IN_FORCE_GTC","priceTicks":"2147483646","quantityLots":"5","clientOrderId":"b"}}]}
    `,
  },
];

it.each(PINNED)("$story", ({ opening, entries }) => {
  const venue: readonly Entry[] = new RandomCommands(opening).opening();
  expect(firstFailure(venue, parseEntries(entries))).toBeUndefined();
});

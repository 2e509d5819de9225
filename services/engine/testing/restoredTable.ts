// For tests: a table of commands and outcomes that the engine's state must survive. After every row an engine restored from
// a snapshot, and one restored from a copy of the state, is the same engine; at the end the log gives it once more.
import { expect } from "vitest";
import { TestVenue, type VenueOptions } from "./testVenue.ts";

/** Runs the table on `venue`; see TestVenue.table for its rows. */
export function table(text: string, options?: VenueOptions, venue = new TestVenue(options)): TestVenue {
  venue.table(text, (actual, expected, row) => {
    expect(actual, row).toBe(expected);
    venue.restores();
  });
  venue.replays();
  return venue;
}

/** Rows after which the last price is 100, and there is room on both sides. */
export const MARKET_AT_100 = `
  mm sells 1 @ 100 -> accepted
  mm buys  1 @ 100 -> accepted, 1 @ 100
`;

// From the symbols of a request to the markets of the venue.
import { z } from "zod";
import type { ListedMarket, VenueDirectory } from "../../shared/trading/venueDirectory.ts";
import { ApiError } from "../errors.ts";
import { SYMBOLS_MAX } from "../limits.ts";
import { symbolParam } from "../request/params.ts";

/** @throws ApiError INVALID_SYMBOL */
export function marketOf(directory: VenueDirectory, symbol: string): ListedMarket {
  const listed = directory.marketBySymbol(symbol);
  if (listed === undefined) throw new ApiError("INVALID_SYMBOL");
  return listed;
}

/** `symbols=["BTCUSDT","ETHUSDT"]`. */
export const symbolsParam = z.string().transform((text, ctx): string[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const list = z.array(symbolParam).min(1).max(SYMBOLS_MAX).safeParse(value);
  if (!list.success) {
    ctx.addIssue({ code: "custom", message: "INVALID_JSON_PARAMETER" });
    return z.NEVER;
  }
  if (new Set(list.data).size !== list.data.length) ctx.addIssue({ code: "custom", message: "DUPLICATE_SYMBOLS" });
  return list.data;
});

export const symbolChoice = { symbol: symbolParam.optional(), symbols: symbolsParam.optional() };

/** One market (`symbol`), some (`symbols`) or all. `one` says whether the answer is an object or a list. */
export function chosenMarkets(directory: VenueDirectory, { symbol, symbols }: { readonly symbol?: string | undefined; readonly symbols?: string[] | undefined }): { readonly one: boolean; readonly markets: readonly ListedMarket[] } {
  if (symbol !== undefined && symbols !== undefined) throw new ApiError("BAD_COMBINATION");
  if (symbol !== undefined) return { one: true, markets: [marketOf(directory, symbol)] };
  return { one: false, markets: symbols?.map((name) => marketOf(directory, name)) ?? directory.markets };
}

/** An object for one market, a list for several. */
export const oneOrAll = <T>(one: boolean, rows: readonly T[]): T | readonly T[] => (one && rows[0] !== undefined ? rows[0] : rows);

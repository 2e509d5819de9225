// The candle interval a market opens with: shared by the server, which fetches its candles, and the screen.
import type { CandleInterval } from "../../../feed/feedMessages.ts";

export const FIRST_INTERVAL: CandleInterval = "1m";

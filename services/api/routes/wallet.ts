// The few /sapi, /fapi and /dapi routes that spot clients call on their way: fees for real, the rest constant, because
// this venue has no margin, no futures and no chains.
import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../apiEnv.ts";
import type { ApiParts } from "../apiParts.ts";
import { formatFeeRate } from "../marketText.ts";
import { readParams, sentParams, symbolParam } from "../request/params.ts";
import { marketOf } from "./markets.ts";

const tradeFeeParams = z.strictObject({ symbol: symbolParam.optional() });

export const walletRoutes = ({ directory, authenticator, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/asset/tradeFee", meter.weigh(1), authenticator.account, (c) => {
      const { symbol } = readParams(tradeFeeParams, sentParams(c.get("sent")));
      const markets = symbol === undefined ? directory.markets : [marketOf(directory, symbol)];
      return c.json(
        markets.map(({ market }) => ({
          symbol: market.symbol,
          makerCommission: formatFeeRate(market.makerFeePpm),
          takerCommission: formatFeeRate(market.takerFeePpm),
        })),
      );
    })
    .get("/capital/config/getall", meter.weigh(10), authenticator.account, (c) =>
      c.json(
        directory.assets.map(({ code, name }) => ({
          coin: code,
          name,
          trading: true,
          depositAllEnable: false,
          withdrawAllEnable: false,
          isLegalMoney: false,
          networkList: [],
        })),
      ),
    )
    .get("/margin/allPairs", meter.weigh(1), (c) => c.json([]))
    .get("/margin/isolated/allPairs", meter.weigh(1), (c) => c.json([]))
    .get("/system/status", meter.weigh(1), (c) => c.json({ status: 0, msg: "normal" }));

/** Futures clients find no markets. */
export const noMarkets = new Hono<ApiEnv>().get("/exchangeInfo", (c) => c.json({ symbols: [] }));

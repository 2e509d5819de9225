// GET /api/v3/account: balances as of now, from the engine.
import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../apiEnv.ts";
import type { ApiParts } from "../apiParts.ts";
import { balanceRow, formatFeeRate, milliseconds } from "../marketText.ts";
import { booleanParam, readParams, sentParams } from "../request/params.ts";
import { refusal, noOutcome } from "../errors.ts";

const PPM_PER_BASIS_POINT = 100;

const accountParams = z.strictObject({ omitZeroBalances: booleanParam.optional() });

export const accountRoutes = ({ directory, trading, authenticator, meter }: ApiParts) =>
  new Hono<ApiEnv>().get("/account", meter.weigh(20), authenticator.account, async (c) => {
    const { omitZeroBalances } = readParams(accountParams, sentParams(c.get("sent")));
    const { accountId } = c.get("caller");
    const settled = await trading.account(accountId);
    if (settled.kind === "rejected") throw refusal(settled.reason, "query");
    if (settled.kind === "failed") throw noOutcome(settled.failure);
    const held = new Map(settled.value.balances.map((balance) => [balance.assetId, balance]));
    const assets = directory.assets.filter(({ assetId }) => {
      const balance = held.get(assetId);
      return omitZeroBalances !== true || (balance !== undefined && (balance.availableUnits > 0n || balance.heldUnits > 0n));
    });
    // Fees are per market; the account-wide figures that clients still read are the first market's.
    const { makerFeePpm, takerFeePpm } = directory.markets[0]?.market ?? { makerFeePpm: 0, takerFeePpm: 0 };
    return c.json({
      makerCommission: Math.ceil(makerFeePpm / PPM_PER_BASIS_POINT),
      takerCommission: Math.ceil(takerFeePpm / PPM_PER_BASIS_POINT),
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: { maker: formatFeeRate(makerFeePpm), taker: formatFeeRate(takerFeePpm), buyer: formatFeeRate(0), seller: formatFeeRate(0) },
      canTrade: true,
      canWithdraw: false,
      canDeposit: true,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: milliseconds(settled.at.timeUs),
      accountType: "SPOT",
      balances: assets.map((asset) => balanceRow(asset, held.get(asset.assetId))),
      permissions: ["SPOT"],
      uid: Number(accountId),
    });
  });

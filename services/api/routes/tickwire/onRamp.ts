// POST /on-ramp: demo money for the caller's account.
import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { readJson } from "../../request/jsonBody.ts";

/** An amount of an asset as JSON carries it: decimal text, never a number. */
export const amountField = z.string("must be decimal text such as \"10.5\"").max(41, "is too long");
const assetField = z.string().max(16, "is too long");

const onRampBody = z.strictObject({
  asset: assetField,
  amount: amountField,
  transferId: z.string().regex(/^[A-Za-z0-9_-]{1,36}$/, "must match [A-Za-z0-9_-]{1,36}").optional(),
});

export const onRampRoutes = ({ onRamp, directory, authenticator }: ApiParts) =>
  new Hono<ApiEnv>().post("/on-ramp", authenticator.account, async (c) => {
    const { asset: code, amount, transferId } = readJson(onRampBody, c.get("sent"));
    const asset = directory.assetByCode(code);
    if (asset === undefined) throw new ApiError("UNKNOWN_ASSET", { asset: JSON.stringify(code) });
    return c.json(await onRamp.add({ accountId: c.get("caller").accountId, asset, amount, transferId }));
  });

// POST /operator/accounts: an account with money and keys, made by whoever runs the venue. No caps.
import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { parseAmount } from "../../accounts/onRamp.ts";
import { operatorOnly } from "../../auth/operator.ts";
import { ApiError } from "../../errors.ts";
import { ACCOUNT_NAME_CHARS_MAX, OPERATOR_DEPOSITS_MAX } from "../../limits.ts";
import { readJson } from "../../request/jsonBody.ts";
import { accepted } from "../../settled.ts";
import { emailField, newPasswordField } from "./logIns.ts";
import { amountField } from "./onRamp.ts";

const accountBody = z
  .strictObject({
    name: z.string().trim().min(1, "must not be empty").max(ACCOUNT_NAME_CHARS_MAX, `must have at most ${ACCOUNT_NAME_CHARS_MAX} characters`),
    deposits: z.record(z.string().max(16), amountField).default({}),
    email: emailField.optional(),
    password: newPasswordField.optional(),
  })
  .refine(({ email, password }) => (email === undefined) === (password === undefined), "email and password go together")
  .refine(({ deposits }) => Object.keys(deposits).length <= OPERATOR_DEPOSITS_MAX, `at most ${OPERATOR_DEPOSITS_MAX} deposits`);

export const operatorRoutes = ({ operatorToken, directory, trading, accounts, users, apiKeys }: ApiParts) =>
  new Hono<ApiEnv>().post("/operator/accounts", operatorOnly(operatorToken), async (c) => {
    const { name, deposits, email, password } = readJson(accountBody, c.get("sent"));
    // Everything that can be wrong is found before anything is made.
    const amounts = Object.entries(deposits).map(([code, amount]) => {
      const asset = directory.assetByCode(code);
      if (asset === undefined) throw new ApiError("UNKNOWN_ASSET", { asset: code });
      return { assetId: asset.assetId, amountUnits: parseAmount(amount, asset) };
    });
    if (email !== undefined && (await users.emailIsTaken(email))) throw new ApiError("EMAIL_TAKEN");
    const accountId = await accounts.open({ externalId: `operator:${randomUUID()}`, name });
    await Promise.all(
      amounts.map(async ({ assetId, amountUnits }) => accepted(await trading.deposit({ accountId, assetId, amountUnits, transferId: `operator:${randomUUID()}` }), "fund")),
    );
    if (email !== undefined && password !== undefined) await users.addToAccount({ email, password, accountId });
    const { apiKey, apiSecret } = await apiKeys.make({ accountId, label: name.slice(0, ACCOUNT_NAME_CHARS_MAX) });
    return c.json({ accountId: Number(accountId), apiKey, apiSecret }, 201);
  });

// `account create`: opens an account through the api's operator route and prints its keys, this once.
import { parseArgs } from "node:util";
import { RunningExchange } from "./exchange.ts";
import { parseOrExplain } from "./parseOrExplain.ts";
import { UsageError } from "../commandFlags.ts";
import { CommandError } from "./usage.ts";

const AMOUNT = /^\d{1,20}(\.\d{1,20})?$/;
const ASSET = /^[A-Z0-9]{1,16}$/;

export interface AccountRequest {
  readonly name: string;
  readonly deposits: Readonly<Record<string, string>>;
  readonly email?: string;
  readonly password?: string;
}

/** The request and the form of the answer. @throws UsageError naming the flag that is wrong. */
export function readAccountRequest(args: readonly string[]): { request: AccountRequest; json: boolean } {
  const { values } = parseOrExplain("account create", () =>
    parseArgs({
      args: [...args],
      options: {
        name: { type: "string" },
        deposit: { type: "string", multiple: true, default: [] },
        email: { type: "string" },
        password: { type: "string" },
        json: { type: "boolean", default: false },
      },
    }),
  );
  const { name, email, password } = values;
  if (name === undefined || name.trim() === "") throw new UsageError("account create needs --name NAME.");
  if ((email === undefined) !== (password === undefined)) throw new UsageError("--email and --password belong together: give both or neither.");
  const deposits = new Map<string, string>();
  for (const deposit of values.deposit) {
    const [asset = "", amount = "", ...more] = deposit.split("=");
    if (more.length > 0 || !ASSET.test(asset) || !AMOUNT.test(amount) || Number(amount) === 0) {
      throw new UsageError(`--deposit ${deposit} is not of the form ASSET=AMOUNT with a positive decimal amount, such as BTC=10 or USDT=2500.50.`);
    }
    if (deposits.has(asset)) throw new UsageError(`--deposit names ${asset} twice; give the sum once.`);
    deposits.set(asset, amount);
  }
  return {
    json: values.json,
    request: { name, deposits: Object.fromEntries(deposits), ...(email !== undefined && password !== undefined && { email, password }) },
  };
}

export async function createAccount(args: readonly string[]): Promise<void> {
  const { request, json } = readAccountRequest(args);
  const exchange = new RunningExchange();
  const { status, text } = await exchange.ask("/api/tickwire/v1/operator/accounts", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${exchange.operatorToken()}` },
    body: JSON.stringify(request),
  });
  if (status !== 200 && status !== 201) throw new CommandError(refusal(status, text));
  const { accountId, apiKey, apiSecret } = JSON.parse(text) as Record<string, unknown>;
  if (json) {
    process.stdout.write(`${JSON.stringify({ accountId, apiKey, apiSecret })}\n`);
    return;
  }
  const deposits = Object.entries(request.deposits).map(([asset, amount]) => `${amount} ${asset}`);
  process.stdout.write(
    [
      `Account ${String(accountId)} "${request.name}"${deposits.length > 0 ? ` with ${deposits.join(", ")}` : ""}`,
      `  API key     ${String(apiKey)}`,
      `  API secret  ${String(apiSecret)}   (shown this once)`,
      ...(request.email === undefined ? [] : [`  Log-in      ${request.email}`]),
      "",
    ].join("\n"),
  );
}

/** The api's own words as one sentence. */
function refusal(status: number, text: string): string {
  let said = text;
  try {
    const body = JSON.parse(text) as { msg?: string; message?: string; error?: { message?: string } | string };
    said = body.msg ?? body.message ?? (typeof body.error === "string" ? body.error : body.error?.message) ?? text;
  } catch {
    // Not JSON: shown as it is.
  }
  const oneLine = said.replace(/\s+/g, " ").trim().slice(0, 300);
  return `The exchange refused (${status}): ${oneLine === "" ? "it gave no reason" : oneLine}`;
}

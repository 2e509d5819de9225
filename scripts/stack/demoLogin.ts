// The demo user that `npm start` prints: made through the api like any other account, once per data directory.
//
// Its password is random and kept in `<dataDir>/secrets`; it is printed because the exchange is on this machine alone.
import { readOrMakeSecret } from "../../services/shared/credentials/secretFile.ts";

const EMAIL = "demo@tickwire.local";
const DEPOSITS = { BTC: "10", ETH: "100", SOL: "1000", USDT: "1000000" };
const PASSWORD_DIGITS = 12;

export interface DemoLogin {
  readonly email: string;
  readonly password: string;
}

/**
 * Makes sure that the demo user exists and can log in.
 * @throws Error with the api's own words when it does not let him be made.
 */
export async function ensureDemoLogin(options: { apiUrl: string; webOrigin: string; secretsDir: string; operatorToken: string }): Promise<DemoLogin> {
  const password = `demo-${readOrMakeSecret(options.secretsDir, "demo-login").slice(0, PASSWORD_DIGITS)}`;
  const login: DemoLogin = { email: EMAIL, password };
  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(`${options.apiUrl}/api/tickwire/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  const known = await post("log-in", login, { origin: options.webOrigin });
  if (known.ok) return login;
  const made = await post("operator/accounts", { name: "Demo trader", deposits: DEPOSITS, ...login }, { authorization: `Bearer ${options.operatorToken}` });
  if (!made.ok) throw new Error(`the api answered ${made.status}: ${(await made.text()).slice(0, 300)}`);
  return login;
}


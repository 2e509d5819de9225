// Who makes a private request: the owner of the API key that signed it, or of the web session whose cookie it carries.
//
// The account is always derived here, never read from a parameter. When credentials cannot be looked up, the answer is
// no. An unknown key goes the same way as a known one, up to the comparison.
import { createSecretKey, randomBytes } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { Context } from "hono";
import { nowUs } from "../../shared/clock.ts";
import { API_KEY, type ApiKeys } from "../accounts/apiKeys.ts";
import type { Sessions } from "../accounts/sessions.ts";
import type { User } from "../accounts/users.ts";
import type { ApiEnv, Caller } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";
import { headerOf } from "../request/header.ts";
import { SESSION_COMMAND_DEADLINE_MS } from "../limits.ts";
import { sentParams } from "../request/params.ts";
import type { SessionCookie } from "./sessionCookie.ts";
import { checkValidity, readValidity, signatureMatches, signedPayload } from "./signature.ts";

const KEY_HEADER = "x-mbx-apikey";

export class Authenticator {
  readonly #apiKeys: ApiKeys;
  readonly #sessions: Sessions;
  readonly #cookie: SessionCookie;
  // Signs for keys that do not exist; nobody knows it.
  readonly #nobodysSecret = createSecretKey(randomBytes(64));

  constructor(parts: { readonly apiKeys: ApiKeys; readonly sessions: Sessions; readonly cookie: SessionCookie }) {
    this.#apiKeys = parts.apiKeys;
    this.#sessions = parts.sessions;
    this.#cookie = parts.cookie;
  }

  /** For routes of an account: sets `caller`. */
  readonly account = createMiddleware<ApiEnv>(async (c, next) => {
    const apiKey = headerOf(c, KEY_HEADER);
    c.set("caller", apiKey === undefined ? await this.#sessionCaller(c) : await this.#signedCaller(c, apiKey));
    await next();
  });

  /** For routes that only a person may use: sets `caller` and `userId`. */
  readonly session = createMiddleware<ApiEnv>(async (c, next) => {
    const user = await this.sessionUser(c);
    if (user === undefined) throw new ApiError("NOT_LOGGED_IN");
    this.#cookie.checkOrigin(c);
    c.set("userId", user.userId);
    c.set("caller", callerOf(user));
    await next();
  });

  /** Whose session the request's cookie names; says nothing about where the request comes from. */
  async sessionUser(c: Context<ApiEnv>): Promise<User | undefined> {
    const token = this.#cookie.read(c);
    return token === undefined ? undefined : await this.#sessions.find(token);
  }

  async #sessionCaller(c: Context<ApiEnv>): Promise<Caller> {
    // Neither a key nor a cookie: a client that forgot its key.
    if (this.#cookie.read(c) === undefined) throw new ApiError("BAD_API_KEY_FORMAT");
    const user = await this.sessionUser(c);
    if (user === undefined) throw new ApiError("NOT_LOGGED_IN");
    this.#cookie.checkOrigin(c);
    return callerOf(user);
  }

  async #signedCaller(c: Context<ApiEnv>, apiKey: string): Promise<Caller> {
    if (!API_KEY.test(apiKey)) throw new ApiError("BAD_API_KEY_FORMAT");
    const sent = c.get("sent");
    const params = sentParams(sent);
    const signature = params.get("signature") ?? "";
    if (signature === "") throw new ApiError("MANDATORY_PARAMETER", { param: "signature" });
    const validity = readValidity(params);
    const key = await this.#apiKeys.find(apiKey);
    const matches = signatureMatches({ payload: signedPayload(sent), signature, secret: key?.secret ?? this.#nobodysSecret });
    if (key === undefined) throw new ApiError("REJECTED_API_KEY");
    if (!matches) throw new ApiError("INVALID_SIGNATURE");
    checkValidity(validity, nowUs());
    return { accountId: key.accountId, deadlineUs: BigInt(validity.deadlineUs) };
  }
}

const callerOf = ({ accountId }: User): Caller => ({ accountId, deadlineUs: BigInt(nowUs() + SESSION_COMMAND_DEADLINE_MS * 1_000) });

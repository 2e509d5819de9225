// The cookie that carries a web session, and the origins that may use it.
//
// HttpOnly, SameSite=Lax, Secure when the page is served over https. Its name carries the api's port, because cookies
// do not: two exchanges on one host must not log each other out.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";
import { headerOf } from "../request/header.ts";
import { SESSION_LIFETIME_MS } from "../limits.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export class SessionCookie {
  readonly #name: string;
  readonly #origins: ReadonlySet<string>;
  readonly #secure: boolean;

  constructor({ apiPort, webOrigins }: { readonly apiPort: number; readonly webOrigins: readonly string[] }) {
    this.#name = `tickwire_session_${apiPort}`;
    this.#origins = new Set(webOrigins);
    this.#secure = webOrigins.length > 0 && webOrigins.every((origin) => origin.startsWith("https://"));
  }

  /** The token, if the request carries one. */
  read(c: Context<ApiEnv>): string | undefined {
    return getCookie(c, this.#name);
  }

  write(c: Context<ApiEnv>, token: string): void {
    setCookie(c, this.#name, token, { httpOnly: true, sameSite: "Lax", path: "/", secure: this.#secure, maxAge: SESSION_LIFETIME_MS / 1_000 });
  }

  clear(c: Context<ApiEnv>): void {
    deleteCookie(c, this.#name, { path: "/", secure: this.#secure });
  }

  /**
   * Refuses a page that is not ours. Browsers name the origin of every request that changes something, so one that does
   * not name it may not change anything by a cookie.
   * @throws ApiError WRONG_ORIGIN
   */
  checkOrigin(c: Context<ApiEnv>): void {
    const origin = headerOf(c, "origin");
    if (origin === undefined ? !SAFE_METHODS.has(c.req.method) : !this.#origins.has(origin)) throw new ApiError("WRONG_ORIGIN");
  }

  /** For log-in and sign-up, which carry no cookie yet: a browser's page must be ours, other programs name no origin. */
  checkOriginIfNamed(c: Context<ApiEnv>): void {
    const origin = headerOf(c, "origin");
    if (origin !== undefined && !this.#origins.has(origin)) throw new ApiError("WRONG_ORIGIN");
  }
}

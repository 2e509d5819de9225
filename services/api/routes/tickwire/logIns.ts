// POST /sign-up, /log-in, /log-out, GET /session: people and their sessions.
import { Hono } from "hono";
import { z } from "zod";
import type { User } from "../../accounts/users.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { TokenBuckets } from "../../auth/tokenBuckets.ts";
import { ApiError } from "../../errors.ts";
import {
  CREDENTIAL_ATTEMPTS_BURST,
  CREDENTIAL_ATTEMPTS_PER_SECOND,
  EMAIL_ATTEMPTS_BURST,
  EMAIL_ATTEMPTS_PER_SECOND,
  EMAIL_CHARS_MAX,
  PASSWORD_CHARS_MAX,
  PASSWORD_CHARS_MIN,
  RATE_LIMIT_SUBJECTS_MAX,
} from "../../limits.ts";
import { clientAddress } from "../../request/clientAddress.ts";
import { readJson } from "../../request/jsonBody.ts";

export const emailField = z.string().max(EMAIL_CHARS_MAX, "is too long").pipe(z.email("is not an e-mail address"));
export const newPasswordField = z
  .string()
  .min(PASSWORD_CHARS_MIN, `must have at least ${PASSWORD_CHARS_MIN} characters`)
  .max(PASSWORD_CHARS_MAX, `must have at most ${PASSWORD_CHARS_MAX} characters`);

const signUpBody = z.strictObject({ email: emailField, password: newPasswordField });
// Any text may be tried as a password; a rule here would only tell which ones cannot be.
const logInBody = z.strictObject({ email: z.string().max(EMAIL_CHARS_MAX), password: z.string().max(PASSWORD_CHARS_MAX) });

const sessionOf = ({ email, accountId }: User) => ({ email, accountId: Number(accountId) });

function spend(buckets: TokenBuckets, subject: string): void {
  const seconds = buckets.take(subject);
  if (seconds > 0) throw new ApiError("TOO_MANY_ATTEMPTS", { seconds }, seconds);
}

export function logInRoutes({ users, sessions, cookie, authenticator }: ApiParts) {
  const perAddress = new TokenBuckets({ burst: CREDENTIAL_ATTEMPTS_BURST, perSecond: CREDENTIAL_ATTEMPTS_PER_SECOND, subjectsMax: RATE_LIMIT_SUBJECTS_MAX });
  const perEmail = new TokenBuckets({ burst: EMAIL_ATTEMPTS_BURST, perSecond: EMAIL_ATTEMPTS_PER_SECOND, subjectsMax: RATE_LIMIT_SUBJECTS_MAX });
  return new Hono<ApiEnv>()
    .post("/sign-up", async (c) => {
      cookie.checkOriginIfNamed(c);
      const body = readJson(signUpBody, c.get("sent"));
      spend(perAddress, clientAddress(c));
      const user = await users.signUp(body);
      cookie.write(c, await sessions.begin(user.userId));
      return c.json(sessionOf(user), 201);
    })
    .post("/log-in", async (c) => {
      cookie.checkOriginIfNamed(c);
      const body = readJson(logInBody, c.get("sent"));
      spend(perAddress, clientAddress(c));
      spend(perEmail, body.email.toLowerCase());
      const user = await users.logIn(body);
      cookie.write(c, await sessions.begin(user.userId));
      return c.json(sessionOf(user));
    })
    .post("/log-out", async (c) => {
      const token = cookie.read(c);
      // Logging out twice is no error; logging somebody else's page out is.
      if (token !== undefined) {
        cookie.checkOrigin(c);
        await sessions.end(token);
      }
      cookie.clear(c);
      return c.json({});
    })
    .get("/session", async (c) => {
      cookie.checkOriginIfNamed(c);
      const user = await authenticator.sessionUser(c);
      if (user === undefined) throw new ApiError("NOT_LOGGED_IN");
      return c.json(sessionOf(user));
    });
}

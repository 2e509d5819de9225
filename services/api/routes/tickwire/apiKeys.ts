// GET and POST /api-keys, DELETE /api-keys/:id: a person's own, so a session is needed; a key cannot make keys.
import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { API_KEY_LABEL_CHARS_MAX } from "../../limits.ts";
import { readJson } from "../../request/jsonBody.ts";

const newKeyBody = z.strictObject({ label: z.string().trim().max(API_KEY_LABEL_CHARS_MAX, `must have at most ${API_KEY_LABEL_CHARS_MAX} characters`).default("") });
const keyId = z.uuid();

export const apiKeyRoutes = ({ apiKeys, authenticator }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/api-keys", authenticator.session, async (c) => {
      const listed = await apiKeys.list(c.get("caller").accountId);
      return c.json(listed.map(({ keyId: id, label, apiKey, createdAt }) => ({ id, label, apiKey, createdAt: createdAt.getTime() })));
    })
    .post("/api-keys", authenticator.session, async (c) => {
      const { label } = readJson(newKeyBody, c.get("sent"));
      const { keyId: id, apiKey, apiSecret } = await apiKeys.make({ accountId: c.get("caller").accountId, label });
      return c.json({ id, label, apiKey, apiSecret }, 201);
    })
    .delete("/api-keys/:id", authenticator.session, async (c) => {
      const id = keyId.safeParse(c.req.param("id"));
      if (!id.success) throw new ApiError("NO_SUCH_API_KEY");
      await apiKeys.remove({ accountId: c.get("caller").accountId, keyId: id.data });
      return c.json({});
    });

// How the server asks the api on a visitor's behalf: the internal address, the visitor's own cookie, a short patience.
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { QueryClient } from "@tanstack/react-query";
import type { Transport } from "../api/http.ts";
import { venueQuery } from "../api/queries.ts";
import { browserUrls, internalApiUrl, type BrowserUrls } from "./runtime.ts";

/** A page is better sent without data than late. */
const PREFETCH_TIMEOUT_MS = 1_500;

export const serverTransport = cache(async (): Promise<Transport> => {
  const cookie = (await cookies()).toString();
  return { apiUrl: internalApiUrl(), timeoutMs: PREFETCH_TIMEOUT_MS, headers: cookie === "" ? {} : { cookie } };
});

export const requestUrls = cache(async (): Promise<BrowserUrls> => browserUrls((await headers()).get("host")));

/** A cache for one request's answers; a refusal is not asked again. */
export const createServerQueryClient = (): QueryClient => new QueryClient({ defaultOptions: { queries: { retry: false } } });

/** exchangeInfo, asked once per request however many parts of the page need it; undefined when the api is away. */
export const venueOfRequest = cache(async () => {
  const client = createServerQueryClient();
  return client.fetchQuery(venueQuery(await serverTransport())).catch(() => undefined);
});

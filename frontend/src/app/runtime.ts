// Where this instance's api and gateway are: read from the environment at request time, never at build time.
// Server only; the browser receives the answer as props.

/** Addresses as the browser must use them. */
export interface BrowserUrls {
  readonly apiUrl: string;
  readonly feedUrl: string;
}

/** A port from the environment, or its default when unset or empty. */
const port = (name: "API_PORT" | "GATEWAY_PORT", fallback: string): string => {
  const value = process.env[name];
  return value !== undefined && /^\d{1,5}$/.test(value) ? value : fallback;
};

/** Where the server itself reaches the api; TICKWIRE_INTERNAL_API_URL names it when it is not on this machine. */
export const internalApiUrl = (): string =>
  process.env.TICKWIRE_INTERNAL_API_URL || `http://127.0.0.1:${port("API_PORT", "3001")}`;

/** Host part of a Host header, IPv6 brackets kept; anything that is not a plain host name or address is refused. */
function hostname(host: string | null): string {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/.exec(host ?? "");
  return match?.[1] ?? "localhost";
}

/**
 * Api and feed as seen from the browser that sent `host`: the same host name, since the session cookie is bound to
 * it, on the instance's ports; PUBLIC_API_URL and PUBLIC_GATEWAY_URL override both, for an operator behind a proxy.
 */
export function browserUrls(host: string | null): BrowserUrls {
  const name = hostname(host);
  const gateway = process.env.PUBLIC_GATEWAY_URL || `ws://${name}:${port("GATEWAY_PORT", "3002")}`;
  return {
    apiUrl: (process.env.PUBLIC_API_URL || `http://${name}:${port("API_PORT", "3001")}`).replace(/\/+$/, ""),
    feedUrl: gateway.endsWith("/feed/v1") ? gateway : `${gateway.replace(/\/+$/, "")}/feed/v1`,
  };
}

// Who may open a socket. A browser says where its page comes from, and only the venue's own pages may; a program that
// is not a browser sends no Origin and needs none, since it carries no cookies: what it may see, its ticket says.

export interface Handshake {
  /** The Origin header, "" when there is none. */
  readonly origin: string;
  readonly poolIsFull: boolean;
  /** The venue is known, so that Welcome can be sent. */
  readonly venueKnown: boolean;
}

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly status: string; readonly error: string; readonly message: string };

const no = (status: string, error: string, message: string): Admission => ({ admitted: false, status, error, message });

/** Decides on a handshake; origins are compared whole, as the browser writes them. */
export function admit({ origin, poolIsFull, venueKnown }: Handshake, webOrigins: readonly string[]): Admission {
  if (origin !== "" && !webOrigins.includes(origin)) {
    return no("403 Forbidden", "ORIGIN_NOT_ALLOWED", "pages of this origin may not open sockets here; see TICKWIRE_WEB_ORIGINS");
  }
  if (poolIsFull) return no("503 Service Unavailable", "TOO_MANY_CONNECTIONS", "this gateway is full; try again later");
  if (!venueKnown) return no("503 Service Unavailable", "NOT_READY", "the gateway is waiting for the engine; try again in a moment");
  return { admitted: true };
}

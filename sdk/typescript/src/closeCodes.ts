// What the gateway means when it closes a socket: its own numbers, copied; a test keeps them equal.
// A code from 4000 to 4499 means come back, 4500 to 4999 means do not. Other codes say nothing against coming back.

/** The gateway's reasons by close code. */
export const CLOSE_REASONS: ReadonlyMap<number, { readonly name: string; readonly reconnect: boolean }> = new Map([
  [1001, { name: "GOING_AWAY", reconnect: true }],
  [4000, { name: "SLOW_CONSUMER", reconnect: true }],
  [4001, { name: "VENUE_CHANGED", reconnect: true }],
  [4002, { name: "TOO_MANY_REQUESTS", reconnect: true }],
  [4500, { name: "MALFORMED_FRAMES", reconnect: false }],
]);

/** Whether a client may come back after this close code, also one of a later gateway. */
export const mayReconnect = (code: number): boolean => code < 4500 || code > 4999;

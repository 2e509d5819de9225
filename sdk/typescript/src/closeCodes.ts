// What the gateway means when it closes a socket: its own numbers, copied; a test keeps them equal.
// A code from 4000 to 4499 means come back, 4500 to 4999 means do not.

/** Whether a client may come back after this close code. Codes that are not the gateway's say nothing against it. */
export const mayReconnect = (code: number): boolean => code < 4500 || code > 4999;

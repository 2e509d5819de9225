// Orders in people's words.

const TYPES: Readonly<Record<string, string>> = {
  LIMIT: "Limit",
  LIMIT_MAKER: "Post only",
  MARKET: "Market",
  STOP_LOSS: "Stop",
  STOP_LOSS_LIMIT: "Stop limit",
  TAKE_PROFIT: "Take profit",
  TAKE_PROFIT_LIMIT: "Take profit limit",
};

const STATUSES: Readonly<Record<string, string>> = {
  NEW: "Open",
  PARTIALLY_FILLED: "Partly filled",
  FILLED: "Filled",
  CANCELED: "Cancelled",
  REJECTED: "Rejected",
  EXPIRED: "Expired",
  EXPIRED_IN_MATCH: "Expired",
  PENDING_NEW: "Pending",
};

export const sideWord = (side: "BUY" | "SELL"): string => (side === "BUY" ? "Buy" : "Sell");

/** "Limit", "Limit IOC", "Post only". */
export function typeWord(type: string, timeInForce: string): string {
  const word = TYPES[type] ?? type;
  return type === "LIMIT" && timeInForce !== "GTC" ? `${word} ${timeInForce}` : word;
}

export const statusWord = (status: string): string => STATUSES[status] ?? status;

// Every Redis key and channel of the venue is named here and nowhere else.
//
// Hash tags keep related keys on one node of a Redis Cluster: the log and its outputs share {log}; market data is
// spread by market, so that sharded Pub/Sub can carry it.

const PREFIX = "tickwire";

/** The command log: a stream of CommandBatch, entry ids `0-N`, N contiguous from 1. */
export const COMMAND_LOG = `${PREFIX}:{log}:cmd`;

/** The engine's outputs: a stream of EventBatch, entry ids `0-N` with the N of the log entry each one answers. */
export const EVENT_LOG = `${PREFIX}:{log}:out`;

/** Who leads: `fence:token`, beside the logs, so that one script can look at it and write to them. `fence:` is nobody. */
export const LEADER_KEY = `${PREFIX}:{log}:leader`;

/** Channel on which engines hear that one leads, and compare what their states come to. */
export const ENGINES_CHANNEL = `${PREFIX}:engines`;

/** The one field of an entry in either stream; its value is the encoded protobuf message. */
export const ENTRY_FIELD = "b";

/** Channel on which the engine sends an ingress the EventBatch of each entry that ingress wrote. */
export const replyChannel = (ingressId: string): string => `${PREFIX}:reply:${ingressId}`;

/** Channel on which QueryRequest goes to the leading engine. */
export const QUERY_CHANNEL = `${PREFIX}:query`;

/** Channel on which the engine sends an ingress the QueryResponse of each of its queries. */
export const answerChannel = (ingressId: string): string => `${PREFIX}:answer:${ingressId}`;

/** Channel of a market's BookDelta and Trades, as ServerBatch bytes, published by the engine. */
export const marketDataChannel = (symbol: string): string => `${PREFIX}:md:{${symbol}}`;

/** Channel of a market's Candle frames (all intervals) and Ticker, as ServerBatch bytes, published by the recorder. */
export const marketStatsChannel = (symbol: string): string => `${PREFIX}:stats:{${symbol}}`;

/** Channel on which each service publishes its Heartbeat, about twice a second. */
export const HEARTBEAT_CHANNEL = `${PREFIX}:heartbeat`;

/** A one-use ticket that binds a socket to an account: a string key with the account id, expiring by itself. */
export const streamTicketKey = (ticket: string): string => `${PREFIX}:ticket:${ticket}`;

/** The stream id of log entry `entry`. */
export const entryId = (entry: bigint | number): string => `0-${entry}`;

/**
 * The entry number in a stream id.
 * @throws Error when the id was not made by `entryId`: somebody else wrote to the stream.
 */
export function entryNumber(id: string): number {
  if (!id.startsWith("0-")) throw new Error(`stream id ${id} is not of the form 0-N: this stream was not written by Tickwire`);
  return Number(id.slice(2));
}

// The gateway put together: Redis on one side, sockets on the other, feeds between them. Reads from top to bottom as
// the data flows.
import { randomBytes } from "node:crypto";
import type { Config } from "../shared/config.ts";
import { HeartbeatBoard, HeartbeatSender } from "../shared/heartbeat.ts";
import type { Logger } from "../shared/logger.ts";
import { connectReader, connectSubscriber, connectWriter } from "../shared/redis.ts";
import { Ingress } from "../shared/trading/ingress.ts";
import { VenueDirectory } from "../shared/trading/venueDirectory.ts";
import { AccountFeed } from "./accountFeed.ts";
import { ChannelBroker } from "./channelBroker.ts";
import { ClientConnection, type ClientSocket } from "./clientConnection.ts";
import { GOING_AWAY, VENUE_CHANGED } from "./close.ts";
import { ConnectionPool } from "./connectionPool.ts";
import { EngineWatch } from "./engineWatch.ts";
import { askEngine } from "./engineQueries.ts";
import { EventFollower } from "./eventFollower.ts";
import { FeedDirectory } from "./feedDirectory.ts";
import { CHANNEL_LINGER_MS, CLOSE_GRACE_MS, OUTBOX_BYTES_MAX } from "./limits.ts";
import { ticketLogon } from "./logon.ts";
import { Outbox } from "./outbox.ts";
import { startServer } from "./server.ts";
import { welcomeFrame } from "./welcome.ts";

/** Limits that tests make smaller. */
export interface GatewayTuning {
  readonly channelLingerMs?: number;
  readonly outboxBytesMax?: number;
}

export interface Gateway {
  /** Redis channels held for clients at present. */
  readonly channels: readonly string[];
  readonly connections: number;
  stop(): Promise<void>;
}

/**
 * Starts listening at once, and serves sockets as soon as the engine has told the venue; resolves then.
 * @throws ConfigError when it cannot listen.
 */
export async function startGateway(config: Config, logger: Logger, tuning: GatewayTuning = {}): Promise<Gateway> {
  const pool = new ConnectionPool();
  let connect: ((socket: ClientSocket) => ClientConnection) | undefined;
  let health = (): { ready: boolean; detail: string } => ({ ready: false, detail: "connecting to Redis" });
  const server = await startServer({
    host: config.host,
    port: config.gatewayPort,
    webOrigins: config.webOrigins,
    isFull: () => pool.isFull,
    accept: () => connect,
    closed: (connection) => pool.remove(connection),
    health: () => ({ ...health(), connections: pool.size }),
  });

  const commands = connectWriter(config.redisUrl, "gateway-commands", logger);
  const marketData = connectSubscriber(config.redisUrl, "gateway-market-data", logger);
  const heartbeats = connectSubscriber(config.redisUrl, "gateway-heartbeats", logger);
  const events = connectReader(config.redisUrl, "gateway-events", logger);
  const redisReady = () => [commands, marketData, heartbeats, events].every(({ status }) => status === "ready");
  let venue: VenueDirectory | undefined;
  health = () => {
    const detail = !redisReady() ? "connecting to Redis" : venue === undefined ? "waiting for the engine" : "";
    return { ready: detail === "", detail };
  };
  const instanceId = `gateway-${randomBytes(6).toString("hex")}`;
  const sender = new HeartbeatSender(commands, "gateway", instanceId, () => ({ ...health(), epoch: venue?.epoch ?? 0 }));

  const board = await HeartbeatBoard.listen(heartbeats);
  const ingress = await Ingress.open(config.redisUrl, "gateway", logger);
  const engine = askEngine(ingress);
  const broker = new ChannelBroker(marketData, logger, tuning.channelLingerMs ?? CHANNEL_LINGER_MS);
  const accounts = new AccountFeed({ fetchAccount: engine.account, logger });
  const follower = new EventFollower(events, logger, accounts);
  accounts.attach(follower);

  const directory = await VenueDirectory.load(ingress, board, logger);
  venue = directory;
  const feeds = new FeedDirectory({
    broker,
    accounts,
    logger,
    fetchBook: engine.book,
    fetchStatus: engine.marketStatus,
    markets: () => directory.markets.map(({ market }) => market),
  });
  const watch = new EngineWatch(board, () => feeds.resync());
  directory.onChange(() => {
    if (feeds.venueChanged(watch.seq)) pool.closeAll(VENUE_CHANGED);
  });

  const logon = ticketLogon(commands, logger);
  connect = (socket) => {
    const connection = new ClientConnection({
      socket,
      feeds,
      logon,
      wantsFlush: (waiting) => pool.flushSoon(waiting),
      outbox: new Outbox(tuning.outboxBytesMax ?? OUTBOX_BYTES_MAX),
    });
    pool.add(connection);
    connection.welcome(welcomeFrame(directory));
    return connection;
  };
  sender.beat();

  return {
    get channels() {
      return broker.channels;
    },
    get connections() {
      return pool.size;
    },
    stop: async () => {
      sender.stop();
      connect = undefined;
      pool.closeAll(GOING_AWAY);
      await new Promise((resolve) => setTimeout(resolve, CLOSE_GRACE_MS));
      server.close();
      broker.close();
      follower.close();
      ingress.close();
      heartbeats.disconnect();
      commands.disconnect();
    },
  };
}

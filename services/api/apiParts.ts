// What the routes work with. Made in main.ts, handed down; no route makes or finds a part of its own.
import type { Config } from "../shared/config.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import type { TradingService } from "../shared/trading/tradingService.ts";
import type { VenueDirectory } from "../shared/trading/venueDirectory.ts";
import type { Accounts } from "./accounts/accounts.ts";
import type { ApiKeys } from "./accounts/apiKeys.ts";
import type { OnRamp } from "./accounts/onRamp.ts";
import type { Sessions } from "./accounts/sessions.ts";
import type { Users } from "./accounts/users.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import type { SessionCookie } from "./auth/sessionCookie.ts";
import type { Health } from "./health.ts";
import type { RequestMeter } from "./middleware/requestWeight.ts";
import type { VenueHistory } from "./venueHistory.ts";

export interface ApiParts {
  readonly config: Pick<Config, "webOrigins">;
  readonly logger: Logger;
  readonly operatorToken: string;
  /** For stream tickets; not the log's connection. */
  readonly redis: Redis;
  readonly trading: TradingService;
  readonly directory: VenueDirectory;
  readonly history: VenueHistory;
  readonly accounts: Accounts;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly onRamp: OnRamp;
  readonly cookie: SessionCookie;
  readonly authenticator: Authenticator;
  readonly meter: RequestMeter;
  readonly health: Health;
}

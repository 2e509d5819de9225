// The list of routes. Every request passes here: its raw text is read, bounded; its route is found; whatever goes wrong
// becomes one JSON error.
import { Hono } from "hono";
import type { ApiEnv } from "./apiEnv.ts";
import type { ApiParts } from "./apiParts.ts";
import { answerErrors, answerUnknownRoute } from "./middleware/answerErrors.ts";
import { crossOrigin } from "./middleware/crossOrigin.ts";
import { readRequest } from "./middleware/readRequest.ts";
import { whenVenueIsKnown } from "./middleware/whenVenueIsKnown.ts";
import { accountRoutes } from "./routes/account.ts";
import { bookRoutes } from "./routes/market/book.ts";
import { generalRoutes } from "./routes/market/general.ts";
import { klineRoutes } from "./routes/market/klines.ts";
import { tickerRoutes } from "./routes/market/tickers.ts";
import { tradeRoutes } from "./routes/market/trades.ts";
import { cancellationRoutes } from "./routes/orders/cancellation.ts";
import { placementRoutes } from "./routes/orders/placement.ts";
import { orderQueryRoutes } from "./routes/orders/queries.ts";
import { apiKeyRoutes } from "./routes/tickwire/apiKeys.ts";
import { logInRoutes } from "./routes/tickwire/logIns.ts";
import { onRampRoutes } from "./routes/tickwire/onRamp.ts";
import { operatorRoutes } from "./routes/tickwire/operator.ts";
import { streamTicketRoutes } from "./routes/tickwire/streamTickets.ts";
import { noMarkets, walletRoutes } from "./routes/wallet.ts";

export function createApp(parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError(answerErrors(parts.logger));
  app.notFound(answerUnknownRoute);
  app.use(crossOrigin(parts.config.webOrigins));
  app.get("/healthz", async (c) => {
    const report = await parts.health.report();
    return c.json(report, report.status === "ok" ? 200 : 503);
  });
  app.use(readRequest);
  app.use(whenVenueIsKnown(parts.directory));

  app.route("/api/v3", generalRoutes(parts));
  app.route("/api/v3", bookRoutes(parts));
  app.route("/api/v3", tradeRoutes(parts));
  app.route("/api/v3", klineRoutes(parts));
  app.route("/api/v3", tickerRoutes(parts));
  app.route("/api/v3", placementRoutes(parts));
  app.route("/api/v3", cancellationRoutes(parts));
  app.route("/api/v3", orderQueryRoutes(parts));
  app.route("/api/v3", accountRoutes(parts));

  app.route("/sapi/v1", walletRoutes(parts));
  app.route("/fapi/v1", noMarkets);
  app.route("/dapi/v1", noMarkets);

  app.route("/api/tickwire/v1", logInRoutes(parts));
  app.route("/api/tickwire/v1", apiKeyRoutes(parts));
  app.route("/api/tickwire/v1", onRampRoutes(parts));
  app.route("/api/tickwire/v1", streamTicketRoutes(parts));
  app.route("/api/tickwire/v1", operatorRoutes(parts));
  return app;
}

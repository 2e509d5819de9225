"use client";
// Makes the exchange (feed and stores) once per page, fills it with what the server sent, and keeps it told who is
// logged in. Markets come and go below; this stays.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Transport } from "../../api/http.ts";
import { accountQuery, openOrdersQuery, sessionQuery, tickersQuery, venueQuery } from "../../api/queries.ts";
import { accountSeedOf, marketsOf, tickerOf } from "../../api/shapes.ts";
import { ExchangeContext, type DialogName, type ExchangeAccess } from "../../panels/exchangeContext.tsx";
import { Exchange } from "../../stores/exchange.ts";
import { useStore } from "../../stores/useStore.ts";
import type { BrowserUrls } from "../runtime.ts";
import { DialogContext } from "./dialogContext.ts";

const REQUEST_TIMEOUT_MS = 10_000;
/** While the private feed is away, REST is asked this often. */
const POLL_MS = 4_000;

export function ExchangeProvider({ urls, children }: { readonly urls: BrowserUrls; readonly children: ReactNode }): ReactNode {
  const queryClient = useQueryClient();
  const { apiUrl, feedUrl } = urls;
  const transport = useMemo((): Transport => ({ apiUrl, timeoutMs: REQUEST_TIMEOUT_MS }), [apiUrl]);
  const [exchange] = useState(() => {
    const markets = marketsOf(queryClient.getQueryData(venueQuery(transport).queryKey) ?? { symbols: [] });
    const bySymbol = new Map(markets.map((market) => [market.symbol, market]));
    const tickers = (queryClient.getQueryData(tickersQuery(transport).queryKey) ?? []).flatMap((row) => {
      const market = bySymbol.get(row.symbol);
      return market === undefined ? [] : [tickerOf(market, row)];
    });
    const account = queryClient.getQueryData(accountQuery(transport).queryKey);
    const openOrders = queryClient.getQueryData(openOrdersQuery(transport).queryKey);
    return new Exchange(markets, { tickers, account: accountSeedOf(bySymbol, { account, openOrders }) });
  });
  const [dialog, setDialog] = useState<DialogName | undefined>(undefined);
  const openDialog = useCallback((name: DialogName) => setDialog(name), []);
  const closeDialog = useCallback(() => setDialog(undefined), []);
  const access = useMemo((): ExchangeAccess => ({ exchange, transport, openDialog }), [exchange, transport, openDialog]);
  const dialogs = useMemo(() => ({ dialog, closeDialog }), [dialog, closeDialog]);

  useEffect(() => {
    exchange.onSessionLost = () => void queryClient.invalidateQueries({ queryKey: ["session"] });
    exchange.open({ feedUrl, ticketUrl: `${apiUrl}/api/tickwire/v1/stream-ticket` });
    return () => exchange.close();
  }, [exchange, apiUrl, feedUrl, queryClient]);

  return (
    <ExchangeContext value={access}>
      <DialogContext value={dialogs}>
        <AccountFollower exchange={exchange} transport={transport} />
        {children}
      </DialogContext>
    </ExchangeContext>
  );
}

/** Renders nothing: binds the account store to whoever is logged in. */
function AccountFollower({ exchange, transport }: { readonly exchange: Exchange; readonly transport: Transport }): ReactNode {
  const session = useQuery(sessionQuery(transport)).data;
  const loggedIn = session !== null && session !== undefined;
  const who = loggedIn ? `${session.accountId ?? session.email ?? "someone"}` : undefined;
  const { live } = useStore(exchange.account);
  const options = { enabled: loggedIn, refetchInterval: live ? (false as const) : POLL_MS, staleTime: 2_000 };
  const account = useQuery({ ...accountQuery(transport), ...options }).data;
  const openOrders = useQuery({ ...openOrdersQuery(transport), ...options }).data;
  useEffect(() => exchange.setAccount(who), [exchange, who]);
  useEffect(() => {
    if (loggedIn) exchange.account.seed(accountSeedOf(exchange.markets, { account, openOrders }));
  }, [exchange, loggedIn, account, openOrders]);
  return null;
}

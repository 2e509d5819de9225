// Around every market: who is logged in, what they own, and the venue's markets, fetched before the page is sent.
import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { accountQuery, openOrdersQuery, sessionQuery, tickersQuery, venueQuery } from "../../api/queries.ts";
import { createServerQueryClient, requestUrls, serverTransport, venueOfRequest } from "../serverTransport.ts";
import { ExchangeProvider } from "./ExchangeProvider.tsx";
import { QueryProvider } from "./QueryProvider.tsx";
import { Unreachable } from "./Unreachable.tsx";

export default async function TradeLayout({ children }: { readonly children: ReactNode }): Promise<ReactNode> {
  const [transport, urls] = await Promise.all([serverTransport(), requestUrls()]);
  const client = createServerQueryClient();
  const hasCookie = transport.headers?.["cookie"] !== undefined;
  const [venue] = await Promise.all([
    venueOfRequest(),
    client.prefetchQuery(tickersQuery(transport)),
    hasCookie ? client.prefetchQuery(sessionQuery(transport)) : undefined,
    hasCookie ? client.prefetchQuery(accountQuery(transport)) : undefined,
    hasCookie ? client.prefetchQuery(openOrdersQuery(transport)) : undefined,
  ]);
  if (venue === undefined || venue.symbols.length === 0) return <Unreachable />;
  client.setQueryData(venueQuery(transport).queryKey, venue);
  // Without a cookie nobody is logged in; the browser need not ask.
  if (!hasCookie) client.setQueryData(sessionQuery(transport).queryKey, null);
  return (
    <QueryProvider>
      <HydrationBoundary state={dehydrate(client)}>
        <ExchangeProvider urls={urls}>{children}</ExchangeProvider>
      </HydrationBoundary>
    </QueryProvider>
  );
}

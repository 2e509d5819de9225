// One market: its book, trades and candles are fetched before the page is sent, then the feed takes over.
import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import type { ReactNode } from "react";
import { depthQuery, klinesQuery, tradesQuery } from "../../../api/queries.ts";
import { marketsOf } from "../../../api/shapes.ts";
import { createServerQueryClient, serverTransport, venueOfRequest } from "../../serverTransport.ts";
import { FIRST_INTERVAL } from "./firstInterval.ts";
import { MarketScreen } from "./MarketScreen.tsx";

interface Props {
  readonly params: Promise<{ readonly symbol: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).symbol.toUpperCase().slice(0, 20) };
}

export default async function MarketPage({ params }: Props): Promise<ReactNode> {
  const asked = (await params).symbol;
  const symbol = asked.toUpperCase();
  if (asked !== symbol) redirect(`/trade/${encodeURIComponent(symbol)}`);
  const venue = await venueOfRequest();
  // The layout says that the exchange is away.
  if (venue === undefined || venue.symbols.length === 0) return null;
  if (!marketsOf(venue).some((market) => market.symbol === symbol)) notFound();
  const transport = await serverTransport();
  const client = createServerQueryClient();
  await Promise.all([
    client.prefetchQuery(depthQuery(transport, symbol)),
    client.prefetchQuery(tradesQuery(transport, symbol)),
    client.prefetchQuery(klinesQuery(transport, { symbol, interval: FIRST_INTERVAL })),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MarketScreen key={symbol} symbol={symbol} />
    </HydrationBoundary>
  );
}

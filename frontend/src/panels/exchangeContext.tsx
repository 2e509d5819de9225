"use client";
// What every panel may reach: the exchange with its stores, the api, and the market on show. Contexts carry objects
// that stay the same for the life of the page (or of the market); nothing that ticks goes through React context.
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { Transport } from "../api/http.ts";
import { sessionQuery } from "../api/queries.ts";
import type { Session } from "../api/shapes.ts";
import type { Exchange } from "../stores/exchange.ts";
import type { MarketStores } from "../stores/marketStores.ts";

export interface ExchangeAccess {
  readonly exchange: Exchange;
  readonly transport: Transport;
  /** Opens one of the page's dialogs. */
  readonly openDialog: (dialog: DialogName) => void;
}

export type DialogName = "sign-up" | "log-in" | "on-ramp" | "api-keys";

export const ExchangeContext = createContext<ExchangeAccess | undefined>(undefined);
export const MarketContext = createContext<MarketStores | undefined>(undefined);

/** The exchange this page shows. */
export function useExchange(): ExchangeAccess {
  const access = useContext(ExchangeContext);
  if (access === undefined) throw new Error("a panel stands outside the exchange's provider");
  return access;
}

/** The market this screen shows. */
export function useMarketStores(): MarketStores {
  const stores = useContext(MarketContext);
  if (stores === undefined) throw new Error("a panel stands outside a market's screen");
  return stores;
}

/** Who is logged in; undefined while unknown, null when nobody is. */
export function useSession(): Session | null | undefined {
  const { transport } = useExchange();
  return useQuery(sessionQuery(transport)).data;
}

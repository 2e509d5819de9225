"use client";
// A history page that keeps up: fetched when looked at, fetched again a moment after the account's executions.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useStore } from "../../stores/useStore.ts";
import { useExchange } from "../exchangeContext.tsx";

/** Many fills in a row ask for one new page, not for many. */
const SETTLE_MS = 400;

/** Invalidates every history query when the account has new executions. */
export function useHistoryFollowsExecutions(): void {
  const { exchange } = useExchange();
  const queryClient = useQueryClient();
  const { executions } = useStore(exchange.account);
  const seen = useRef(executions);
  useEffect(() => {
    if (executions === seen.current) return;
    const timer = setTimeout(() => {
      seen.current = executions;
      void queryClient.invalidateQueries({ queryKey: ["history"] });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [executions, queryClient]);
}

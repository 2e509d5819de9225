"use client";
// The browser's cache of REST answers.
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ApiError, isUnreachable } from "../../api/http.ts";

const RETRIES_MAX = 3;

function createClient(): QueryClient {
  // The session may end behind the page's back: then it must say so, not go on as if somebody were there.
  const onError = (error: unknown): void => {
    if (error instanceof ApiError && error.status === 401 && client.getQueryData(["session"]) !== null) {
      void client.invalidateQueries({ queryKey: ["session"] });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; only silence is asked again.
        retry: (failures, error) => failures < RETRIES_MAX && isUnreachable(error),
        refetchOnWindowFocus: false,
      },
    },
  });
  return client;
}

export function QueryProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [client] = useState(createClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

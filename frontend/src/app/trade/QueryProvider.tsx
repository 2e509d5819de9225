"use client";
// The browser's cache of REST answers.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { isUnreachable } from "../../api/http.ts";

const RETRIES_MAX = 3;

export function QueryProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            // A refusal stays a refusal; only silence is asked again.
            retry: (failures, error) => failures < RETRIES_MAX && isUnreachable(error),
            refetchOnWindowFocus: false,
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

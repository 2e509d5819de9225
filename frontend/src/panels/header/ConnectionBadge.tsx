"use client";
// Whether what is on screen is live, and how far away the exchange is.
import type { ReactNode } from "react";
import { useStore } from "../../stores/useStore.ts";
import { useExchange } from "../exchangeContext.tsx";
import styles from "./header.module.css";

const WORDS = { open: "Live", connecting: "Connecting", closed: "Offline" } as const;

export function ConnectionBadge(): ReactNode {
  const { exchange } = useExchange();
  const { state, latencyMs } = useStore(exchange.connection);
  const latency = state === "open" && latencyMs !== undefined ? `${latencyMs < 10 ? latencyMs.toFixed(1) : Math.round(latencyMs)} ms` : "";
  return (
    <span className={styles.connection} data-testid="feed-state" data-state={state} role="status" title="The live feed and its round trip">
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.connectionWord}>{WORDS[state]}</span>
      <span className={styles.latency}>{latency}</span>
    </span>
  );
}

"use client";
// Says plainly when what is on screen is not live; comes only after a moment, so that a short hiccup stays quiet.
import { useEffect, useState, type ReactNode } from "react";
import { useStore } from "../../stores/useStore.ts";
import { useExchange } from "../exchangeContext.tsx";
import styles from "./banner.module.css";

const QUIET_MS = 2_500;

export function ConnectionBanner(): ReactNode {
  const { exchange } = useExchange();
  const { state } = useStore(exchange.connection);
  const [late, setLate] = useState(false);
  const open = state === "open";
  useEffect(() => {
    if (open) return;
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [open]);
  if (open || !late) return null;
  return (
    <p className={styles.banner} role="alert">
      The live feed is {state === "closed" ? "closed" : "not connected"}: prices on this page may be out of date.
      {state === "closed" ? (
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      ) : (
        " Trying again…"
      )}
    </p>
  );
}

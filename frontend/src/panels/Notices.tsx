"use client";
// Short notices in the corner; read out by screen readers, gone by themselves.
import type { ReactNode } from "react";
import { useStore } from "../stores/useStore.ts";
import { useExchange } from "./exchangeContext.tsx";
import styles from "./notices.module.css";

export function Notices(): ReactNode {
  const { exchange } = useExchange();
  const store = useStore(exchange.notices);
  return (
    <div className={styles.notices} role="log" aria-live="polite" aria-label="Notices">
      {store.notices.map(({ id, tone, title, detail }) => (
        <button key={id} type="button" className={styles.notice} data-tone={tone} onClick={() => store.remove(id)}>
          <b>{title}</b>
          <span>{detail}</span>
        </button>
      ))}
    </div>
  );
}

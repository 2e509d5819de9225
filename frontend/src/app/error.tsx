"use client";
// The last net: a failure that no panel caught.
import { useEffect, type ReactNode } from "react";
import styles from "./message.module.css";

export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }): ReactNode {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <main className={styles.message} role="alert">
      <h1>This page stopped working.</h1>
      <p>Your orders and funds are not affected.</p>
      <p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </p>
    </main>
  );
}

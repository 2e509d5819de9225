"use client";
// The api did not answer while the page was made: say so, and try again until it does.
import { useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import styles from "../message.module.css";

const RETRY_MS = 2_000;

export function Unreachable(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), RETRY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className={styles.message} role="alert" data-testid="exchange-unreachable">
      <h1>The exchange is not reachable.</h1>
      <p>It may be starting. This page tries again by itself.</p>
    </main>
  );
}

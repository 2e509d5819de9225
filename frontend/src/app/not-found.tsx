// The ways out of a wrong address.
import Link from "next/link";
import type { ReactNode } from "react";
import styles from "./message.module.css";

export default function NotFound(): ReactNode {
  return (
    <main className={styles.message}>
      <h1>There is no such market here.</h1>
      <p>
        <Link href="/trade/BTCUSDT">Go to BTC/USDT</Link>
      </p>
    </main>
  );
}

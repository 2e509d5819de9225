// A small round mark for an asset: its first letter on a colour that is always the same for the same code.
import type { ReactNode } from "react";
import styles from "./header.module.css";

const HUES: Readonly<Record<string, number>> = { BTC: 33, ETH: 232, SOL: 276, USDT: 164 };

function hueOf(asset: string): number {
  let hash = 7;
  for (const char of asset) hash = (hash * 31 + char.charCodeAt(0)) % 360;
  return HUES[asset] ?? hash;
}

export function CoinMark({ asset }: { readonly asset: string }): ReactNode {
  const hue = hueOf(asset);
  return (
    <span className={styles.coin} aria-hidden="true" style={{ background: `hsl(${hue} 62% 46%)` }}>
      {asset.slice(0, 1)}
    </span>
  );
}

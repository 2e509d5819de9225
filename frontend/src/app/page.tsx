// The bare address leads to a market.
import { redirect } from "next/navigation";

/** The first market is the way in. */
export default function Home(): never {
  redirect("/trade/BTCUSDT");
}

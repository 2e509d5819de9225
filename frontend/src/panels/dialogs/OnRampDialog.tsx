"use client";
// Brings demo funds into the account.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { onRamp } from "../../api/commands.ts";
import { asTyped, grouped } from "../../feed/decimalText.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./dialogs.module.css";

const SUGGESTIONS: Readonly<Record<string, readonly string[]>> = {
  USDT: ["1000", "10000", "100000"],
  BTC: ["0.1", "1", "5"],
  ETH: ["1", "10", "50"],
  SOL: ["10", "100", "1000"],
};
const SUGGESTIONS_DEFAULT = ["1", "10", "100"];

export function OnRampDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { exchange, transport } = useExchange();
  const { market } = useMarketStores();
  const queryClient = useQueryClient();
  const scales = useMemo(() => {
    const result = new Map<string, number>();
    for (const { base, quote, baseScale, quoteScale } of exchange.markets.values()) result.set(quote, quoteScale).set(base, baseScale);
    return result;
  }, [exchange]);
  const [asset, setAsset] = useState(market.quote);
  const [amount, setAmount] = useState("");
  const [said, setSaid] = useState<{ tone: "good" | "bad"; text: string } | undefined>(undefined);
  const deposit = useMutation({
    mutationFn: () => onRamp(transport, { asset, amount }),
    onSuccess: () => {
      setSaid({ tone: "good", text: `${grouped(amount)} ${asset} added to your account.` });
      setAmount("");
      // The feed brings the balance; without a feed, REST does.
      if (!exchange.account.live) void queryClient.invalidateQueries({ queryKey: ["account"] });
    },
    onError: (error) => setSaid({ tone: "bad", text: error.message }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (deposit.isPending) return;
    if (Number(amount) > 0) {
      setSaid(undefined);
      deposit.mutate();
    } else {
      setSaid({ tone: "bad", text: "Enter an amount." });
    }
  };
  const type = (text: string): void => {
    const clean = asTyped(text, scales.get(asset) ?? 8);
    if (clean !== undefined) setAmount(clean);
  };
  return (
    <Dialog title="Add funds" onClose={onClose}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <p className={styles.lead}>Demo funds arrive at once. They trade like any other balance on this venue and are worth nothing outside it.</p>
        <label className={styles.field}>
          <span>Asset</span>
          <select
            value={asset}
            data-testid="on-ramp-asset"
            onChange={(event) => {
              setAsset(event.target.value);
              setAmount("");
            }}
          >
            {[...scales.keys()].map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.field}>
          <span>Amount</span>
          <input type="text" inputMode="decimal" autoComplete="off" placeholder="0" value={amount} data-testid="on-ramp-amount" onChange={(event) => type(event.target.value)} />
        </label>
        <div className={styles.suggestions}>
          {(SUGGESTIONS[asset] ?? SUGGESTIONS_DEFAULT).map((each) => (
            <button key={each} type="button" onClick={() => setAmount(each)}>
              {grouped(each)}
            </button>
          ))}
        </div>
        <p className={styles.problem} data-tone={said?.tone} role="status" data-testid="on-ramp-message">
          {said?.text ?? ""}
        </p>
        <button type="submit" className={styles.primary} data-testid="on-ramp-submit" disabled={deposit.isPending}>
          {deposit.isPending ? "Adding…" : `Add ${asset}`}
        </button>
      </form>
    </Dialog>
  );
}

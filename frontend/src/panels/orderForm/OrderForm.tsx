"use client";
// Where an order is made: side, type, price, quantity, and what it will cost. It sends what the person typed, exactly;
// the api and the engine decide. While an answer is on its way, the button waits; an order is never sent twice.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { placeOrder } from "../../api/commands.ts";
import type { PlacedOrder } from "../../api/shapes.ts";
import { asTyped, cutTo, grouped, withoutTrailingZeros } from "../../feed/decimalText.ts";
import { priceText, steppedPrice } from "../../feed/market.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores, useSession } from "../exchangeContext.tsx";
import { Panel } from "../Panel.tsx";
import { useLastPrice } from "../useLastPrice.ts";
import { AmountField } from "./AmountField.tsx";
import styles from "./orderForm.module.css";
import { feeOf, objection, percentUsed, quantityForTotal, receivedOf, shareOf, totalOf, type Draft } from "./orderMath.ts";
import { ShareSlider } from "./ShareSlider.tsx";

type Message = { readonly tone: "good" | "bad"; readonly text: string };
type TimeInForce = "GTC" | "IOC" | "FOK";

export function OrderForm({ className }: { readonly className?: string | undefined }): ReactNode {
  return (
    <Panel name="Place order" className={className}>
      <Form />
    </Panel>
  );
}

function Form(): ReactNode {
  const { exchange, transport, openDialog } = useExchange();
  const { market, book, status: statusStore } = useMarketStores();
  const { status } = useStore(statusStore);
  const session = useSession();
  const account = useStore(exchange.account);
  const terms = useStore(exchange.connection).terms(market.symbol);
  const last = useLastPrice().price;
  const { picked, version } = useStore(exchange.draft);
  const draftVersion = version();

  const [side, setSide] = useState<"BUY" | "SELL">("BUY");
  const [type, setType] = useState<"LIMIT" | "MARKET">("LIMIT");
  const [price, setPrice] = useState("");
  const [quantity, setQuantity] = useState("");
  const [quoteAmount, setQuoteAmount] = useState("");
  const [byQuote, setByQuote] = useState(false);
  const [timeInForce, setTimeInForce] = useState<TimeInForce>("GTC");
  const [postOnly, setPostOnly] = useState(false);
  const [message, setMessage] = useState<Message | undefined>(undefined);

  // The last price stands in the price field until the person touches it.
  const touched = useRef(false);
  useEffect(() => {
    if (!touched.current && price === "" && last !== undefined) setPrice(last);
  }, [last, price]);

  const pickedVersion = useRef(draftVersion);
  useEffect(() => {
    if (draftVersion === pickedVersion.current) return;
    pickedVersion.current = draftVersion;
    if (picked.side !== undefined) setSide(picked.side);
    if (picked.price !== undefined) {
      touched.current = true;
      setType("LIMIT");
      setPrice(picked.price);
    }
  }, [draftVersion, picked]);

  const buys = side === "BUY";
  const payAsset = buys ? market.quote : market.base;
  const available = account.balanceOf(payAsset)?.free;
  const inQuote = type === "MARKET" && byQuote;
  const best = buys ? book.bestAskTicks : book.bestBidTicks;
  // What a market order is reckoned at: the other side's best price.
  const reckoned = type === "LIMIT" ? price : best === undefined ? (last ?? "") : priceText(market, best);
  const draft: Draft = { side, type, price, quantity, quoteAmount, byQuote: inQuote };
  const total = inQuote ? quoteAmount : totalOf(market, { price: reckoned, quantity });
  const feePpm = type === "LIMIT" && postOnly ? terms?.makerFeePpm : terms?.takerFeePpm;
  const feeQuantity = inQuote ? quantityForTotal(market, { price: reckoned, total: quoteAmount }) : quantity;
  const fee = feePpm === undefined || feeQuantity === "" ? undefined : feeOf(market, { side, price: reckoned, quantity: feeQuantity, feePpm });
  const received = fee === undefined ? undefined : receivedOf(market, { side, price: reckoned, quantity: feeQuantity, fee });

  const send = useMutation({
    mutationFn: () =>
      placeOrder(transport, {
        symbol: market.symbol,
        side,
        type: type === "LIMIT" && postOnly ? "LIMIT_MAKER" : type,
        timeInForce: type === "LIMIT" && !postOnly ? timeInForce : undefined,
        price: type === "LIMIT" ? price : undefined,
        quantity: inQuote ? undefined : quantity,
        quoteOrderQty: inQuote ? quoteAmount : undefined,
      }),
    onSuccess: (placed) => {
      setMessage(outcome(placed, market.base));
      setQuantity("");
      setQuoteAmount("");
    },
    onError: (error) => setMessage({ tone: "bad", text: error.message }),
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (session === null || session === undefined) {
      openDialog("sign-up");
      return;
    }
    if (send.isPending) return;
    const words = objection(market, draft);
    if (words !== undefined) {
      setMessage({ tone: "bad", text: words });
      return;
    }
    setMessage(undefined);
    send.mutate();
  };

  const chooseSide = (chosen: "BUY" | "SELL"): void => {
    setSide(chosen);
    setMessage(undefined);
  };
  const typed = (set: (text: string) => void, places: number) => (text: string) => {
    const clean = asTyped(text, places);
    if (clean === undefined) return;
    setMessage(undefined);
    set(clean);
  };
  const typePrice = typed((text) => {
    touched.current = true;
    setPrice(text);
  }, market.priceDecimals);
  const typeQuantity = typed(setQuantity, market.quantityDecimals);
  const typeTotal = typed((text) => setQuantity(quantityForTotal(market, { price, total: text })), market.quoteScale);
  const typeQuote = typed(setQuoteAmount, market.priceDecimals);
  const slide = (percent: number): void => {
    setMessage(undefined);
    // A market buy spends a share of the balance whatever the price becomes: by amount.
    const spends = type === "MARKET" && buys;
    const amount = shareOf(market, { side, price: reckoned, available: available ?? "0", percent, byQuote: spends });
    if (type === "MARKET") setByQuote(spends);
    if (spends) setQuoteAmount(amount);
    else setQuantity(amount);
  };

  return (
    <form className={styles.form} onSubmit={submit} data-side={side} noValidate>
      <div className={styles.sides} role="radiogroup" aria-label="Side">
        <button type="button" role="radio" aria-checked={buys} className={styles.buySide} data-testid="order-side-buy" onClick={() => chooseSide("BUY")}>
          Buy
        </button>
        <button type="button" role="radio" aria-checked={!buys} className={styles.sellSide} data-testid="order-side-sell" onClick={() => chooseSide("SELL")}>
          Sell
        </button>
      </div>
      <div className={styles.types} role="radiogroup" aria-label="Order type">
        <button type="button" role="radio" aria-checked={type === "LIMIT"} data-testid="order-type-limit" onClick={() => setType("LIMIT")}>
          Limit
        </button>
        <button type="button" role="radio" aria-checked={type === "MARKET"} data-testid="order-type-market" onClick={() => setType("MARKET")}>
          Market
        </button>
        <span className={styles.available}>
          <span>Available</span> <b data-testid="order-available">{available === undefined ? "—" : grouped(cutTo(available, buys ? market.priceDecimals : 8))}</b> {payAsset}
        </span>
      </div>

      {type === "LIMIT" ? (
        <AmountField
          label="Price"
          unit={market.quote}
          value={price}
          testId="order-price"
          onType={typePrice}
          onStep={(steps) => {
            const moved = steppedPrice(market, price === "" ? (last ?? "") : price, steps);
            if (moved !== undefined) typePrice(moved);
          }}
        />
      ) : (
        <AmountField label="Price" unit={market.quote} value="" placeholder="Best available" testId="order-price" disabled onType={() => undefined} />
      )}
      <AmountField
        label={inQuote ? "Amount" : "Quantity"}
        unit={inQuote ? market.quote : market.base}
        value={inQuote ? quoteAmount : quantity}
        testId="order-quantity"
        onType={inQuote ? typeQuote : typeQuantity}
        {...(type === "MARKET" ? { onUnit: () => setByQuote(!byQuote) } : {})}
      />
      <ShareSlider value={percentUsed(market, draft, { available: available ?? "0", price: reckoned })} disabled={available === undefined || Number(available) === 0} onSlide={slide} />
      {type === "LIMIT" ? (
        <TotalField unit={market.quote} total={total} onType={typeTotal} />
      ) : (
        <AmountField
          label="Estimated total"
          unit={market.quote}
          value=""
          placeholder={total === "" ? "—" : `≈ ${grouped(cutTo(total, market.priceDecimals))}`}
          testId="order-total"
          disabled
          onType={() => undefined}
        />
      )}

      {type === "LIMIT" ? (
        <div className={styles.options}>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={postOnly}
              data-testid="order-post-only"
              onChange={(event) => {
                setPostOnly(event.target.checked);
                if (event.target.checked) setTimeInForce("GTC");
              }}
            />
            Post only
          </label>
          <select
            aria-label="Time in force"
            className={styles.select}
            data-testid="order-time-in-force"
            value={timeInForce}
            disabled={postOnly}
            onChange={(event) => setTimeInForce(event.target.value === "IOC" ? "IOC" : event.target.value === "FOK" ? "FOK" : "GTC")}
          >
            <option value="GTC">Good till cancelled</option>
            <option value="IOC">Immediate or cancel</option>
            <option value="FOK">Fill or kill</option>
          </select>
        </div>
      ) : (
        <p className={styles.options}>Takes what the book offers; the rest expires.</p>
      )}

      <dl className={styles.summary}>
        <div>
          <dt>You receive</dt>
          <dd data-testid="order-receive">{received === undefined ? "—" : `≈ ${grouped(received)}`}</dd>
        </div>
        <div>
          <dt>Fee{feePpm === undefined ? "" : ` (${feePpm / 10_000}%)`}</dt>
          <dd data-testid="order-fee">{fee === undefined ? "—" : `≈ ${fee} ${buys ? market.base : market.quote}`}</dd>
        </div>
      </dl>

      <button type="submit" className={styles.submit} data-testid="order-submit" disabled={send.isPending || status === "HALT"}>
        {session === null ? "Sign up to trade" : send.isPending ? "Sending…" : `${buys ? "Buy" : "Sell"} ${market.base}`}
      </button>
      <p className={styles.message} data-testid="order-message" data-tone={message?.tone} role="status" aria-live="polite">
        {message?.text ?? ""}
      </p>
    </form>
  );
}

/** The total can be typed too; while it is, it stays as typed, though whole lots may come to a little less. */
function TotalField({ unit, total, onType }: { readonly unit: string; readonly total: string; readonly onType: (text: string) => void }): ReactNode {
  const [typing, setTyping] = useState<string | undefined>(undefined);
  return (
    <AmountField
      label="Total"
      unit={unit}
      value={typing ?? total}
      testId="order-total"
      onType={(text) => {
        const clean = asTyped(text, 8);
        if (clean === undefined) return;
        setTyping(clean);
        onType(clean);
      }}
      onLeave={() => setTyping(undefined)}
    />
  );
}

function outcome(placed: PlacedOrder, base: string): Message {
  const executed = withoutTrailingZeros(placed.executedQty);
  switch (placed.status) {
    case "FILLED":
      return { tone: "good", text: `Filled: ${executed} ${base}.` };
    case "PARTIALLY_FILLED":
      return { tone: "good", text: `Placed; ${executed} ${base} filled at once.` };
    case "NEW":
      return { tone: "good", text: `Order ${placed.orderId} is in the book.` };
    case "EXPIRED":
      return { tone: "bad", text: Number(placed.executedQty) > 0 ? `Filled ${executed} ${base}; the rest expired.` : "Expired unfilled: nothing to match at that price." };
    default:
      return { tone: "good", text: `Order ${placed.orderId}: ${placed.status.toLowerCase().replaceAll("_", " ")}.` };
  }
}

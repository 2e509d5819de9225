"use client";
// How much of the available balance to use, in percent.
import type { ReactNode } from "react";
import styles from "./orderForm.module.css";

const MARKS = [0, 25, 50, 75, 100];

interface Props {
  readonly value: number;
  readonly disabled: boolean;
  readonly onSlide: (percent: number) => void;
}

export function ShareSlider({ value, disabled, onSlide }: Props): ReactNode {
  return (
    <div className={styles.slider} data-disabled={disabled || undefined}>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={value}
        disabled={disabled}
        aria-label="Share of the available balance"
        data-testid="order-share"
        style={{ backgroundSize: `${value}% 100%` }}
        onChange={(event) => onSlide(Number(event.target.value))}
      />
      <div className={styles.marks}>
        {MARKS.map((mark) => (
          <button key={mark} type="button" tabIndex={-1} disabled={disabled} onClick={() => onSlide(mark)}>
            {mark}%
          </button>
        ))}
      </div>
    </div>
  );
}

"use client";
// One amount: label left, figures right, unit last. The unit can be a switch, the price can be stepped.
import { useId, type KeyboardEvent, type ReactNode } from "react";
import styles from "./orderForm.module.css";

interface Props {
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly testId: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly onType: (text: string) => void;
  readonly onLeave?: () => void;
  /** Arrow keys move the value by whole steps. */
  readonly onStep?: (steps: number) => void;
  /** Makes the unit a switch. */
  readonly onUnit?: () => void;
}

export function AmountField({ label, unit, value, testId, placeholder = "0", disabled = false, onType, onLeave, onStep, onUnit }: Props): ReactNode {
  const id = useId();
  const onKey = (event: KeyboardEvent): void => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (direction === 0 || onStep === undefined) return;
    event.preventDefault();
    onStep(direction * (event.shiftKey ? 100 : 1));
  };
  return (
    <div className={styles.field} data-disabled={disabled || undefined}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        disabled={disabled}
        data-testid={testId}
        onChange={(event) => onType(event.target.value)}
        onBlur={onLeave}
        onKeyDown={onKey}
      />
      {onUnit === undefined ? (
        <span className={styles.unit}>{unit}</span>
      ) : (
        <button type="button" className={styles.unitSwitch} onClick={onUnit} title="Switch between quantity and amount">
          {unit} ⇄
        </button>
      )}
    </div>
  );
}

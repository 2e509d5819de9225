"use client";
// Times in the reader's own zone. The server does not know it, so it sends a placeholder of the same width.
import { useSyncExternalStore, type ReactNode } from "react";

const never = (): (() => void) => () => undefined;
const two = (n: number): string => String(n).padStart(2, "0");

function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `timeMs` as "14:03:09", or with the day before it. */
export function LocalTime({ timeMs, day = false }: { readonly timeMs: number; readonly day?: boolean }): ReactNode {
  const known = useSyncExternalStore(never, () => true, () => false);
  if (!known) return <span>{day ? "--/-- --:--:--" : "--:--:--"}</span>;
  const at = new Date(timeMs);
  return (
    <time dateTime={at.toISOString()}>
      {day ? `${two(at.getMonth() + 1)}/${two(at.getDate())} ` : ""}
      {clock(at)}
    </time>
  );
}

"use client";
// Closes what is open when the person clicks elsewhere or presses Escape.
import { useEffect, useRef, type RefObject } from "react";

export function useDismiss<T extends HTMLElement>(open: boolean, close: () => void): RefObject<T | null> {
  const element = useRef<T | null>(null);
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && element.current?.contains(event.target) !== true) latest.current();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") latest.current();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);
  return element;
}

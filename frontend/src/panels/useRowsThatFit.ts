"use client";
// How many rows of one height an element has room for. Starts from a guess that the server can share, so that the
// first paint already has rows.
import { useLayoutEffect, useRef, useState, type RefObject } from "react";

const useBrowserLayoutEffect = typeof window === "undefined" ? () => undefined : useLayoutEffect;

export function useRowsThatFit<T extends HTMLElement>({ rowPx, guess, least }: { rowPx: number; guess: number; least: number }): [RefObject<T | null>, number] {
  const element = useRef<T | null>(null);
  const [rows, setRows] = useState(guess);
  useBrowserLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const measure = (): void => setRows(Math.max(least, Math.floor(observed.clientHeight / rowPx)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    return () => observer.disconnect();
  }, [rowPx, least]);
  return [element, rows];
}

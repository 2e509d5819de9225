// How a panel follows a store: it renders again when the store's version moves, and reads the store directly.
import { useSyncExternalStore } from "react";
import type { Store } from "./store.ts";

/** Subscribes the calling component to `store` and returns it. */
export function useStore<T extends Store>(store: T): T {
  useSyncExternalStore(store.subscribe, store.version, store.version);
  return store;
}

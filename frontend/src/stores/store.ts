// What every store is: plain data, a version that counts its changes, listeners told once per frame. Socket handlers
// mutate and call changed(); React reads by version. A store never knows who looks at it.
import { atNextFrame } from "./frame.ts";

export abstract class Store {
  #version = 0;
  readonly #listeners = new Set<() => void>();

  /** Counts the changes that have been shown. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly #paint = (): void => {
    this.#version++;
    for (const listener of this.#listeners) listener();
  };

  /** The data has changed: listeners hear of it in the next frame. */
  protected changed(): void {
    atNextFrame(this.#paint);
  }
}

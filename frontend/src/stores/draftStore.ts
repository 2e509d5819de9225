// What was picked elsewhere for the order form: a price clicked in the book, a side from the phone's bottom bar.
import { Store } from "./store.ts";

export interface Pick {
  readonly price?: string;
  readonly side?: "BUY" | "SELL";
}

export class DraftStore extends Store {
  picked: Pick = {};

  pick(pick: Pick): void {
    this.picked = pick;
    this.changed();
  }
}

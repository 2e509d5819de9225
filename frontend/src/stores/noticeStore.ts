// Short notices about the person's own orders, newest last; each goes by itself after a while.
import { Store } from "./store.ts";

export interface Notice {
  readonly id: number;
  readonly tone: "good" | "bad" | "plain";
  readonly title: string;
  readonly detail: string;
}

/** More at once would cover the screen. */
const NOTICES_MAX = 4;
const SHOWN_MS = 5_000;

export class NoticeStore extends Store {
  notices: readonly Notice[] = [];
  #lastId = 0;

  add(notice: Omit<Notice, "id">): void {
    const id = ++this.#lastId;
    this.notices = [...this.notices, { ...notice, id }].slice(-NOTICES_MAX);
    this.changed();
    setTimeout(() => this.remove(id), SHOWN_MS);
  }

  remove(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    this.changed();
  }
}

// One account's private stream: a snapshot, then executions and balances, each gapless in its own sequence.
// Invariant: while `synced`, `state` is the snapshot plus every event since; a hole is mended by a new snapshot.
import type { WireSubscription } from "./clientFrame.ts";
import type { AccountState, FeedBalance, FeedExecution, FeedOrder } from "./feedMessages.ts";
import { call, Topic } from "./topic.ts";

export interface AccountListener {
  /** First, and again whenever the stream could not be continued: replace everything. */
  onSnapshot(state: AccountState): void;
  onExecution(execution: FeedExecution): void;
  onBalance(balance: FeedBalance): void;
}

export class AccountTopic extends Topic {
  readonly #listeners = new Set<{ readonly listener: AccountListener }>();
  #synced = false;
  #epoch = 0;
  #seq = 0;
  #executionSeq = 0;
  #balanceSeq = 0;
  #openOrders = new Map<number, FeedOrder>();
  #balances = new Map<number, FeedBalance>();

  constructor() {
    super(undefined);
  }

  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  subscription(): WireSubscription {
    return { channel: "account" };
  }

  get state(): AccountState {
    return {
      epoch: this.#epoch,
      seq: this.#seq,
      executionSeq: this.#executionSeq,
      balanceSeq: this.#balanceSeq,
      openOrders: [...this.#openOrders.values()],
      balances: [...this.#balances.values()],
    };
  }

  add(listener: AccountListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    queueMicrotask(() => {
      if (this.#synced && this.#listeners.has(entry)) call((state: AccountState) => listener.onSnapshot(state), this.state);
    });
    return () => this.#listeners.delete(entry);
  }

  snapshot(state: AccountState): void {
    this.#epoch = state.epoch;
    this.#seq = state.seq;
    this.#executionSeq = state.executionSeq;
    this.#balanceSeq = state.balanceSeq;
    this.#openOrders = new Map(state.openOrders.map((order) => [order.orderId, order]));
    this.#balances = new Map(state.balances.map((balance) => [balance.assetId, balance]));
    this.#synced = true;
    this.mending = "none";
    for (const { listener } of this.#listeners) call((value: AccountState) => listener.onSnapshot(value), state);
  }

  execution(execution: FeedExecution): void {
    if (!this.#chains(execution.epoch, execution.executionSeq, this.#executionSeq)) return;
    this.#executionSeq = execution.executionSeq;
    this.#seq = Math.max(this.#seq, execution.seq);
    const { order } = execution;
    if (order.status === "NEW" || order.status === "PARTIALLY_FILLED" || order.status === "PENDING_NEW") {
      this.#openOrders.set(order.orderId, order);
    } else {
      this.#openOrders.delete(order.orderId);
    }
    for (const { listener } of this.#listeners) call((value: FeedExecution) => listener.onExecution(value), execution);
  }

  balance({ epoch, balanceSeq, balance }: { epoch: number; balanceSeq: number; balance: FeedBalance }): void {
    if (!this.#chains(epoch, balanceSeq, this.#balanceSeq)) return;
    this.#balanceSeq = balanceSeq;
    this.#balances.set(balance.assetId, balance);
    for (const { listener } of this.#listeners) call((value: FeedBalance) => listener.onBalance(value), balance);
  }

  // False for what the snapshot already contains, for everything before a snapshot, and at a hole.
  #chains(epoch: number, seq: number, last: number): boolean {
    if (!this.#synced || (epoch === this.#epoch && seq <= last)) return false;
    if (epoch === this.#epoch && seq === last + 1) return true;
    this.#synced = false;
    this.mending = "needed";
    return false;
  }

  override interrupted(): void {
    super.interrupted();
    this.#synced = false;
  }
}

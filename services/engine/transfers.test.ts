import { describe, expect, it } from "vitest";
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { nameOf, QUOTE, TestVenue } from "./testing/testVenue.ts";

class Bank {
  readonly venue = new TestVenue();
  readonly alice = this.venue.account("alice", 0n, 100n);

  deposit(transferId: string, amountUnits: bigint, pending = true): string {
    this.venue.do(this.alice, { case: "deposit", value: { assetId: QUOTE, amountUnits, transferId, pending } });
    return this.#told();
  }

  withdraw(transferId: string, amountUnits: bigint, pending = true): string {
    this.venue.do(this.alice, { case: "withdraw", value: { assetId: QUOTE, amountUnits, transferId, pending } });
    return this.#told();
  }

  resolve(transferId: string, post: boolean): string {
    this.venue.do(0n, { case: "resolveTransfer", value: { targetAccountId: this.alice, transferId, post } });
    return this.#told();
  }

  // The outcome, and the account's quote balance.
  #told(): string {
    const body = this.venue.batch.groups[0]?.events[0]?.body;
    this.venue.restores();
    const outcome = body?.case === "commandRejected" ? nameOf(RejectReason, body.value.reason) : body?.case;
    return `${outcome} ${this.venue.balances("alice").split(" ")[1]}`;
  }
}

describe("a pending transfer", () => {
  it("is credited when a deposit is posted, and never when it is voided", () => {
    const bank = new Bank();
    expect(bank.deposit("d1", 5n)).toBe("transferPending 100/0");
    expect(bank.deposit("d1", 5n)).toBe("DUPLICATE_TRANSFER 100/0");
    expect(bank.resolve("d1", true)).toBe("depositPosted 105/0");
    expect(bank.resolve("d1", true)).toBe("UNKNOWN_TRANSFER 105/0");
    expect(bank.deposit("d2", 5n)).toBe("transferPending 105/0");
    expect(bank.resolve("d2", false)).toBe("transferVoided 105/0");
    expect(bank.deposit("d2", 5n)).toBe("DUPLICATE_TRANSFER 105/0");
  });

  it("holds what a withdrawal will take, until it leaves or is available again", () => {
    const bank = new Bank();
    expect(bank.withdraw("w1", 70n)).toBe("transferPending 30/70");
    expect(bank.withdraw("w2", 31n)).toBe("INSUFFICIENT_BALANCE 30/70");
    expect(bank.venue.say("alice buys 31 @ 1")).toBe("rejected INSUFFICIENT_BALANCE");
    expect(bank.resolve("w1", true)).toBe("withdrawalPosted 30/0");
    expect(bank.withdraw("w3", 30n)).toBe("transferPending 0/30");
    expect(bank.resolve("w3", false)).toBe("transferVoided 30/0");
    expect(bank.withdraw("w4", 30n, false)).toBe("withdrawalPosted 0/0");
    expect(bank.resolve("w4", true)).toBe("UNKNOWN_TRANSFER 0/0");
  });

  it("of a frozen account is resolved, but a new withdrawal is refused", () => {
    const bank = new Bank();
    bank.withdraw("w1", 10n);
    bank.venue.do(0n, { case: "setAccountFrozen", value: { targetAccountId: bank.alice, frozen: true } });
    expect(bank.withdraw("w2", 10n)).toBe("ACCOUNT_FROZEN 90/10");
    expect(bank.deposit("d1", 10n, false)).toBe("depositPosted 100/10");
    expect(bank.resolve("w1", false)).toBe("transferVoided 110/0");
  });
});

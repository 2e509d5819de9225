import { describe, expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import { Topic, type Delivery } from "./topic.ts";

class SomeTopic extends Topic {
  readonly delivery: Delivery;
  constructor(delivery: Delivery) {
    super(delivery);
    this.delivery = delivery;
  }
  override join(): void {}
  override leave(): void {}
}

const bytes = (text: string) => Buffer.from(text);
const text = (message: Uint8Array | undefined) => (message === undefined ? undefined : Buffer.from(message).toString());
const book = new SomeTopic("whole");
const ticker = new SomeTopic("newest");
const trades = new SomeTopic("every");

describe("the outbox of a socket", () => {
  it("joins what waits into one message, in order", () => {
    const outbox = new Outbox(100);
    outbox.push(undefined, bytes("a"));
    outbox.push(book, bytes("b"));
    outbox.push(trades, bytes("c"));
    expect(text(outbox.take())).toBe("abc");
    expect(outbox.take()).toBeUndefined();
    expect(outbox.bytes).toBe(0);
  });

  it("splits what waits between frames when a message would grow too long", () => {
    const outbox = new Outbox(100);
    for (const frame of ["aaa", "bbb", "cccccccc", "d"]) outbox.push(trades, bytes(frame));
    expect([text(outbox.take(6)), text(outbox.take(6)), text(outbox.take(6)), outbox.take(6)]).toEqual(["aaabbb", "cccccccc", "d", undefined]);
  });

  it("keeps only the newest of a ticker, in the place of the older one", () => {
    const outbox = new Outbox(100);
    outbox.push(ticker, bytes("1"));
    outbox.push(trades, bytes("t"));
    outbox.push(ticker, bytes("2"));
    expect(text(outbox.take())).toBe("2t");
    outbox.push(ticker, bytes("3"));
    expect(text(outbox.take())).toBe("3");
  });

  it("drops the book when it overflows, takes no more of it, and says that it must be sent anew", () => {
    const outbox = new Outbox(10);
    expect(outbox.push(book, bytes("bbbb"))).toBe("queued");
    expect(outbox.push(trades, bytes("tttt"))).toBe("queued");
    expect(outbox.push(book, bytes("BBBB"))).toBe("dropped");
    expect(outbox.push(book, bytes("b"))).toBe("dropped");
    expect(text(outbox.take())).toBe("tttt");
    expect(outbox.takeBehind()).toBe(book);
    expect(outbox.takeBehind()).toBeUndefined();
    expect(outbox.push(book, bytes("snapshot longer than the bound"))).toBe("queued");
    expect(text(outbox.take())).toBe("snapshot longer than the bound");
  });

  it("sheds the book to make room for trades, and overflows when that is not enough", () => {
    const outbox = new Outbox(10);
    outbox.push(book, bytes("bbbbbbbb"));
    expect(outbox.push(trades, bytes("tttttttt"))).toBe("queued");
    expect(outbox.push(trades, bytes("TTTT"))).toBe("overflow");
    expect(text(outbox.take())).toBe("tttttttt");
  });

  it("of a client that has left the book owes it nothing", () => {
    const outbox = new Outbox(4);
    outbox.push(book, bytes("bbb"));
    outbox.push(book, bytes("bbb"));
    outbox.forget(book);
    expect(outbox.takeBehind()).toBeUndefined();
  });
});

// Starts one subject in its own process and asks it for rounds, one at a time.
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { BenchError } from "../benchError.ts";
import type { Percentiles } from "./percentiles.ts";
import type { SteadyState } from "./steadyState.ts";
import type { Fills } from "./subject.ts";
import type { TapeShape } from "./tapeGenerator.ts";
import type { WindowWalk } from "./windowWalk.ts";

export type SubjectName = "book" | "engine" | "engine1" | "rival";
export type TapeSource = { readonly kind: "file"; readonly path: string } | { readonly kind: "generated"; readonly shape: TapeShape };

export type Order =
  | { readonly do: "open"; readonly tape: TapeSource; readonly subject: SubjectName | "steady" }
  | { readonly do: "check" }
  | { readonly do: "round" }
  | { readonly do: "latencies" }
  | { readonly do: "steady"; readonly commands: number }
  | { readonly do: "walk"; readonly steps: number };

export type Answer =
  | { readonly did: "open"; readonly records: number; readonly prefill: number; readonly fills: number; readonly fillHash: number }
  | { readonly did: "check"; readonly fills: Fills }
  | { readonly did: "round"; readonly seconds: number; readonly outcome: number; readonly residentBytes: number }
  | { readonly did: "latencies"; readonly nanoseconds: Percentiles }
  | { readonly did: "steady"; readonly steady: SteadyState }
  | { readonly did: "walk"; readonly walk: WindowWalk }
  | { readonly did: "failed"; readonly message: string };

export class SubjectProcess {
  readonly #child: ChildProcess;

  constructor(root: string) {
    this.#child = fork(join(root, "dist", "benchSubject.js"), { execArgv: ["--expose-gc", "--max-old-space-size=8192"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  /** @throws BenchError when the subject failed or ended. */
  ask<Did extends Answer["did"]>(order: Order, did: Did): Promise<Extract<Answer, { did: Did }>> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const ended = (): void => reject(new BenchError("A measured process ended before it answered."));
      child.once("exit", ended);
      child.once("message", (answer: Answer) => {
        child.off("exit", ended);
        if (answer.did === did) resolve(answer as Extract<Answer, { did: Did }>);
        else reject(new BenchError(answer.did === "failed" ? answer.message : `A measured process answered ${answer.did} to ${order.do}.`));
      });
      child.send(order);
    });
  }

  end(): void {
    this.#child.disconnect();
  }
}

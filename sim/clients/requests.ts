// How a client's request reaches an api and what comes back: an answer, a failure the api names, or nothing.
import type { CommandInit, IngressFailure, Outcome } from "../../services/shared/trading/ingress.ts";
import { IngressError } from "../../services/shared/trading/ingress.ts";
import { CLIENT_TIMEOUT_MS } from "../limits.ts";
import type { ApiPart } from "../parts/apiPart.ts";
import type { Supervised } from "../supervised.ts";
import type { Latency } from "../world/network.ts";
import type { World } from "../world/world.ts";

export type Answer =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "failed"; readonly failure: IngressFailure }
  /** The api could not be reached: certainly not executed. */
  | { readonly kind: "not sent" }
  /** The api died, or said nothing in time. */
  | { readonly kind: "lost" }
  /** Told without being asked for: only a planted fault answers so. */
  | { readonly kind: "believed" };

export class Requests {
  readonly #world: World;
  readonly #apis: readonly Supervised<ApiPart>[];
  readonly #latency: Latency;
  readonly #believes: boolean;
  underWay = 0;

  /** `believes`: the planted api that says "accepted" when it has sent a command on, not when the engine has answered. */
  constructor(options: { world: World; apis: readonly Supervised<ApiPart>[]; latency: Latency; believes: boolean }) {
    this.#world = options.world;
    this.#apis = options.apis;
    this.#latency = options.latency;
    this.#believes = options.believes;
  }

  /** Sends a command through one of the apis; `answered` is called exactly once. */
  send(api: number, command: CommandInit, answered: (answer: Answer) => void): void {
    const supervised = this.#apis[api % this.#apis.length] as Supervised<ApiPart>;
    const { process, part } = supervised;
    let open = true;
    this.underWay++;
    const answer = (told: Answer): void => {
      this.#world.after(this.#latency.next(), undefined, () => {
        if (!open) return;
        open = false;
        this.underWay--;
        answered(told);
      });
    };
    if (!process.alive || part === undefined) {
      answer({ kind: "not sent" });
      return;
    }
    process.onKill(() => answer({ kind: "lost" }));
    this.#world.after(CLIENT_TIMEOUT_MS, undefined, () => answer({ kind: "lost" }));
    this.#world.after(this.#latency.next(), process, () => {
      const submitted = part.ingress.submit(command);
      if (this.#believes && command.body?.case === "placeOrder") answer({ kind: "believed" });
      submitted.then(
        (outcome) => answer({ kind: "outcome", outcome }),
        (error: unknown) => {
          if (!(error instanceof IngressError)) throw error;
          answer({ kind: "failed", failure: error.failure });
        },
      );
    });
  }
}

// From what the engine settled to what the api answers: the value, or the error thrown.
import type { Settled } from "../shared/trading/tradingService.ts";
import { noOutcome, refusal, type Action } from "./errors.ts";

/** The value of an accepted call. @throws ApiError for a refusal or when no word came from the engine. */
export function accepted<T>(settled: Settled<T>, action: Action): T {
  switch (settled.kind) {
    case "accepted":
      return settled.value;
    case "rejected":
      throw refusal(settled.reason, action);
    case "failed":
      throw noOutcome(settled.failure);
  }
}

// One exchange for all end-to-end files, without simulated traders, so that every fill in a test is a test's own.
import type { TestProject } from "vitest/node";
import { startExchange, type ExchangeAddress } from "./exchange.ts";

declare module "vitest" {
  export interface ProvidedContext {
    exchange: ExchangeAddress;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const exchange = await startExchange(["--no-flow"]);
  project.provide("exchange", exchange.address);
  return () => exchange.dispose();
}

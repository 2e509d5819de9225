// The engine's tables of tests once more, on the naive engine: one suite says what both must do.
import { describe } from "vitest";
import { testOn } from "./engineUnderTest.ts";

testOn("naive");

// Imported only now, so that the venues they open are the naive engine's.
const TABLES: Readonly<Record<string, () => Promise<unknown>>> = {
  auction: () => import("../auction.test.ts"),
  engine: () => import("../engine.test.ts"),
  iceberg: () => import("../iceberg.test.ts"),
  management: () => import("../management.test.ts"),
  "market rules": () => import("../marketRules.test.ts"),
  "market states": () => import("../marketStates.test.ts"),
  "order lists": () => import("../orderLists.test.ts"),
  "pegged orders in lists": () => import("../peggedLists.test.ts"),
  "post-only orders": () => import("../postOnly.test.ts"),
  "reject reasons": () => import("../rejectReasons.test.ts"),
  "self-trade prevention": () => import("../selfTrade.test.ts"),
  timers: () => import("../timers.test.ts"),
  transfers: () => import("../transfers.test.ts"),
  triggers: () => import("../triggers.test.ts"),
};

for (const [table, load] of Object.entries(TABLES)) {
  describe(`the naive engine: ${table}`, async () => {
    await load();
  });
}

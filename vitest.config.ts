// Two projects: "unit" runs beside the code, on real Redis and PostgreSQL where a test needs them; "e2e" drives the
// whole exchange, started as a user starts it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["services/**/*.test.ts", "sdk/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts", "crash/**/*.test.ts", "sim/**/*.test.ts", "frontend/src/**/*.test.ts", "tests/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          // One exchange on two cores: the files take turns.
          fileParallelism: false,
          globalSetup: ["tests/support/sharedExchange.ts"],
        },
      },
    ],
  },
});

// What stop, pegged and amended orders add to an order's row.
import type { Migration } from "./migration.ts";

export const orderKindsMigration: Migration = {
  name: "0003-order-kinds",
  sql: `
    ALTER TABLE history.orders
      ADD COLUMN peg_type               smallint NOT NULL DEFAULT 0,
      ADD COLUMN peg_offset_levels      int      NOT NULL DEFAULT 0,
      ADD COLUMN triggered_us           bigint   NOT NULL DEFAULT 0,
      ADD COLUMN amend_count            int      NOT NULL DEFAULT 0,
      ADD COLUMN trailing_extreme_ticks bigint   NOT NULL DEFAULT 0;
  `,
};

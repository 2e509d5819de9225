// The schema's history, oldest first: the order in which the steps are applied. Append; never reorder or edit.
import { accountsMigration } from "./accounts.sql.ts";
import { historyMigration } from "./history.sql.ts";
import type { Migration } from "./migration.ts";
import { orderKindsMigration } from "./orderKinds.sql.ts";

export const MIGRATIONS: readonly Migration[] = [accountsMigration, historyMigration, orderKindsMigration];

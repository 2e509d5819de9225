// Accounts of the engine that somebody can act for, as the database remembers them.
//
// The engine makes the account; this only writes down which. Opening is idempotent by external id, so it may be
// repeated whenever its outcome was not known.
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import type { TradingService } from "../../shared/trading/tradingService.ts";
import { accepted } from "../settled.ts";

export class Accounts {
  readonly #database: Database;
  readonly #trading: TradingService;

  constructor(database: Database, trading: TradingService) {
    this.#database = database;
    this.#trading = trading;
  }

  /** The account with this external id, opened when there is none. @throws ApiError when the engine gives no word. */
  async open({ externalId, name }: { readonly externalId: string; readonly name: string }): Promise<bigint> {
    const accountId = accepted(await this.#trading.openAccount({ externalId, name }), "fund");
    await this.#database.execute(sql`
      INSERT INTO accounts (account_id, external_id, name) VALUES (${accountId}, ${externalId}, ${name})
      ON CONFLICT (external_id) DO NOTHING`);
    return accountId;
  }
}

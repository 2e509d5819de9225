// Accounts of the engine that somebody can act for, as the database remembers them.
//
// The engine makes the account; this only writes down which. Opening is idempotent by external id, so it may be
// repeated whenever its outcome was not known.
import type { Database } from "../../shared/database/connection.ts";
import type { TradingService } from "../../shared/trading/tradingService.ts";
import { accepted } from "../settled.ts";

export class Accounts {
  readonly #sql: Database;
  readonly #trading: TradingService;

  constructor(sql: Database, trading: TradingService) {
    this.#sql = sql;
    this.#trading = trading;
  }

  /** The account with this external id, opened when there is none. @throws ApiError when the engine gives no word. */
  async open({ externalId, name }: { readonly externalId: string; readonly name: string }): Promise<bigint> {
    const accountId = accepted(await this.#trading.openAccount({ externalId, name }), "fund");
    await this.#sql`
      INSERT INTO accounts ${this.#sql({ account_id: accountId, external_id: externalId, name })}
      ON CONFLICT (external_id) DO NOTHING`;
    return accountId;
  }
}

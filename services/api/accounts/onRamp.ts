// Demo money for anybody with an account, within caps per request and per 24 hours.
//
// The cap is taken before the money moves, under a lock of the account, so that requests racing each other cannot
// exceed it. The money moves by the engine's Deposit, once per transfer id. A grant whose outcome is not known keeps
// counting, and the same transfer id may be sent again to settle it.
import { randomUUID } from "node:crypto";
import { RejectReason, type Asset } from "../../../gen/tickwire/v1/types_pb.ts";
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import type { TradingService } from "../../shared/trading/tradingService.ts";
import { formatUnits, parseUnits } from "../../shared/units.ts";
import { ApiError } from "../errors.ts";
import { ON_RAMP_CAP_DEFAULT, ON_RAMP_CAPS, ON_RAMP_WINDOW_MS } from "../limits.ts";
import { accepted } from "../settled.ts";

export interface OnRampRequest {
  readonly accountId: bigint;
  readonly asset: Asset;
  /** Decimal text. */
  readonly amount: string;
  /** From the caller, who may repeat it; made up when absent. */
  readonly transferId?: string | undefined;
}

export interface OnRampReceipt {
  readonly transferId: string;
  readonly asset: string;
  readonly amount: string;
  /** What the caps leave for the rest of the 24 hours. */
  readonly left: string;
}

/** Decimal text of a request as units. @throws ApiError */
export function parseAmount(text: string, asset: Asset): bigint {
  const parsed = parseUnits(text, asset.scale);
  if (!parsed.ok) {
    if (parsed.error === "too_precise") throw new ApiError("TOO_PRECISE", { param: "amount" });
    throw parsed.error === "malformed" ? new ApiError("INVALID_FIELD", { field: "amount", problem: `"${text}" is not a plain decimal number` }) : new ApiError("AMOUNT_REJECTED");
  }
  if (parsed.value === 0n) throw new ApiError("AMOUNT_REJECTED");
  return parsed.value;
}

const capUnits = (text: string, asset: Asset): bigint => {
  const parsed = parseUnits(text, asset.scale);
  if (!parsed.ok) throw new Error(`the on-ramp cap ${text} ${asset.code} is not an amount`);
  return parsed.value;
};

export class OnRamp {
  readonly #database: Database;
  readonly #trading: TradingService;

  constructor(database: Database, trading: TradingService) {
    this.#database = database;
    this.#trading = trading;
  }

  /** @throws ApiError when a cap or the engine refuses; nothing has moved then. */
  async add({ accountId, asset, amount, transferId }: OnRampRequest): Promise<OnRampReceipt> {
    const amountUnits = parseAmount(amount, asset);
    const caps = ON_RAMP_CAPS[asset.code] ?? ON_RAMP_CAP_DEFAULT;
    if (amountUnits > capUnits(caps.perRequest, asset)) throw new ApiError("ON_RAMP_REQUEST_CAP", { cap: caps.perRequest, asset: asset.code });
    const id = `on-ramp:${transferId ?? randomUUID()}`;
    const leftUnits = await this.#grant({ id, accountId, asset, amountUnits, perDay: caps.perDay });
    const settled = await this.#trading.deposit({ accountId, assetId: asset.assetId, amountUnits, transferId: id });
    const wasPosted = settled.kind === "rejected" && settled.reason === RejectReason.DUPLICATE_TRANSFER;
    if (settled.kind === "accepted" || wasPosted) {
      await this.#database.execute(sql`UPDATE on_ramp_grants SET status = 'posted' WHERE account_id = ${accountId} AND transfer_id = ${id}`);
      return { transferId: id, asset: asset.code, amount: formatUnits(amountUnits, asset.scale), left: formatUnits(leftUnits, asset.scale) };
    }
    // Certainly nothing has moved: give the cap back.
    const unmoved = settled.kind === "rejected" || settled.failure !== "unknown";
    if (unmoved) await this.#database.execute(sql`DELETE FROM on_ramp_grants WHERE account_id = ${accountId} AND transfer_id = ${id} AND status = 'pending'`);
    accepted(settled, "fund");
    throw new ApiError("UNKNOWN");
  }

  /** Books the amount against the day's cap; returns what is left of it. A transfer id booked before is not booked again. */
  async #grant(grant: { readonly id: string; readonly accountId: bigint; readonly asset: Asset; readonly amountUnits: bigint; readonly perDay: string }): Promise<bigint> {
    const { id, accountId, asset, amountUnits, perDay } = grant;
    return await this.#database.transaction(async (tx) => {
      await tx.query(sql`SELECT 1 FROM accounts WHERE account_id = ${accountId} FOR UPDATE`);
      const since = new Date(Date.now() - ON_RAMP_WINDOW_MS);
      const [{ usedText } = { usedText: "0" }] = await tx.query<{ usedText: string }>(sql`
        SELECT coalesce(sum(amount_units), 0)::text AS "usedText" FROM on_ramp_grants
        WHERE account_id = ${accountId} AND asset_id = ${asset.assetId} AND created_at > ${since}`);
      const leftUnits = capUnits(perDay, asset) - BigInt(usedText);
      const [known] = await tx.query<{ assetId: number; amountUnits: bigint }>(sql`
        SELECT asset_id AS "assetId", amount_units AS "amountUnits" FROM on_ramp_grants
        WHERE account_id = ${accountId} AND transfer_id = ${id}`);
      if (known !== undefined) {
        if (known.assetId === asset.assetId && known.amountUnits === amountUnits) return leftUnits < 0n ? 0n : leftUnits;
        throw new ApiError("INVALID_FIELD", { field: "transferId", problem: "it was used for another transfer" });
      }
      if (amountUnits > leftUnits) {
        throw new ApiError("ON_RAMP_DAY_CAP", { cap: perDay, asset: asset.code, left: formatUnits(leftUnits < 0n ? 0n : leftUnits, asset.scale) });
      }
      await tx.execute(sql`
        INSERT INTO on_ramp_grants (transfer_id, account_id, asset_id, amount_units, status)
        VALUES (${id}, ${accountId}, ${asset.assetId}, ${amountUnits}, 'pending')`);
      return leftUnits - amountUnits;
    });
  }
}

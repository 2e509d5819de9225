// How each kind of row becomes a row of the schema `history` (services/shared/database/history.sql.ts).
import type { Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { Asset, Market } from "../../gen/tickwire/v1/types_pb.ts";
import { insertOnce, upsertByKey, type Column } from "./bulkInsert.ts";
import type { AccountRow, BalanceChangeRow, OrderRow, TradeRow, TransferRow } from "./recording.ts";

const column = <Row>(name: string, type: Column<Row>["type"], value: Column<Row>["value"]): Column<Row> => ({ name, type, value });

export const ASSETS = upsertByKey<{ readonly asset: Asset; readonly seq: bigint }>("history.assets", ["asset_id"], [
  column("asset_id", "int4", ({ asset }) => asset.assetId),
  column("code", "text", ({ asset }) => asset.code),
  column("name", "text", ({ asset }) => asset.name),
  column("scale", "int2", ({ asset }) => asset.scale),
  column("last_seq", "int8", ({ seq }) => seq),
]);

export const MARKETS = upsertByKey<{ readonly market: Market; readonly seq: bigint }>("history.markets", ["market_id"], [
  column("market_id", "int4", ({ market }) => market.marketId),
  column("symbol", "text", ({ market }) => market.symbol),
  column("base_asset_id", "int4", ({ market }) => market.baseAssetId),
  column("quote_asset_id", "int4", ({ market }) => market.quoteAssetId),
  column("tick_size_units", "int8", ({ market }) => market.tickSizeUnits),
  column("lot_size_units", "int8", ({ market }) => market.lotSizeUnits),
  column("notional_units", "int8", ({ market }) => market.notionalUnits),
  column("status", "int2", ({ market }) => market.status),
  column("maker_fee_ppm", "int4", ({ market }) => market.makerFeePpm),
  column("taker_fee_ppm", "int4", ({ market }) => market.takerFeePpm),
  column("last_seq", "int8", ({ seq }) => seq),
]);

export const ACCOUNTS = insertOnce<AccountRow>("history.accounts", [
  column("account_id", "int8", (row) => row.accountId),
  column("external_id", "text", (row) => row.externalId),
  column("name", "text", (row) => row.name),
  column("frozen", "bool", () => false),
  column("opened_us", "int8", (row) => row.openedUs),
  column("last_seq", "int8", (row) => row.seq),
]);

export const TRANSFERS = insertOnce<TransferRow>("history.transfers", [
  column("account_id", "int8", (row) => row.accountId),
  column("transfer_id", "text", (row) => row.transferId),
  column("kind", "text", (row) => row.kind),
  column("asset_id", "int4", (row) => row.assetId),
  column("amount_units", "numeric", (row) => row.amountUnits),
  column("seq", "int8", (row) => row.seq),
  column("time_us", "int8", (row) => row.timeUs),
]);

export const ORDERS = upsertByKey<OrderRow>("history.orders", ["order_id"], [
  column("order_id", "int8", ({ order }) => order.orderId),
  column("account_id", "int8", ({ order }) => order.accountId),
  column("market_id", "int4", ({ order }) => order.marketId),
  column("client_order_id", "text", ({ order }) => order.clientOrderId),
  column("side", "int2", ({ order }) => order.side),
  column("type", "int2", ({ order }) => order.type),
  column("time_in_force", "int2", ({ order }) => order.timeInForce),
  column("status", "int2", ({ order }) => order.status),
  column("price_ticks", "int8", ({ order }) => order.priceTicks),
  column("quantity_lots", "int8", ({ order }) => order.quantityLots),
  column("quote_order_units", "int8", ({ order }) => order.quoteOrderUnits),
  column("executed_lots", "int8", ({ order }) => order.executedLots),
  column("executed_quote_units", "int8", ({ order }) => order.executedQuoteUnits),
  column("created_us", "int8", ({ order }) => order.createdUs),
  column("updated_us", "int8", ({ order }) => order.updatedUs),
  column("working_us", "int8", ({ order }) => order.workingUs),
  column("expiry_reason", "int2", ({ order }) => order.expiryReason),
  column("cancel_reason", "int2", ({ order }) => order.cancelReason),
  column("self_trade_prevention_mode", "int2", ({ order }) => order.selfTradePreventionMode),
  column("prevented_lots", "int8", ({ order }) => order.preventedLots),
  column("stop_price_ticks", "int8", ({ order }) => order.stopPriceTicks),
  column("trailing_delta_bips", "int4", ({ order }) => order.trailingDeltaBips),
  column("iceberg_lots", "int8", ({ order }) => order.icebergLots),
  column("expire_time_us", "int8", ({ order }) => order.expireTimeUs),
  column("order_list_id", "int8", ({ order }) => order.orderListId),
  column("peg_type", "int2", ({ order }) => order.pegType),
  column("peg_offset_levels", "int4", ({ order }) => order.pegOffsetLevels),
  column("triggered_us", "int8", ({ order }) => order.triggeredUs),
  column("amend_count", "int4", ({ order }) => order.amendCount),
  column("trailing_extreme_ticks", "int8", ({ order }) => order.trailingExtremeTicks),
  column("last_seq", "int8", ({ seq }) => seq),
]);

export const TRADES = insertOnce<TradeRow>("history.trades", [
  column("market_id", "int4", (row) => row.marketId),
  column("trade_id", "int8", (row) => row.tradeId),
  column("price_ticks", "int8", (row) => row.priceTicks),
  column("quantity_lots", "int8", (row) => row.quantityLots),
  column("quote_units", "int8", (row) => row.quoteUnits),
  column("taker_side", "int2", (row) => row.takerSide),
  column("seq", "int8", (row) => row.seq),
  column("time_us", "int8", (row) => row.timeUs),
  column("maker_order_id", "int8", ({ maker }) => maker.orderId),
  column("maker_account_id", "int8", ({ maker }) => maker.accountId),
  column("maker_fee_units", "int8", ({ maker }) => maker.feeUnits),
  column("maker_fee_asset_id", "int4", ({ maker }) => maker.feeAssetId),
  column("taker_order_id", "int8", ({ taker }) => taker.orderId),
  column("taker_account_id", "int8", ({ taker }) => taker.accountId),
  column("taker_fee_units", "int8", ({ taker }) => taker.feeUnits),
  column("taker_fee_asset_id", "int4", ({ taker }) => taker.feeAssetId),
]);

export const BALANCE_CHANGES = insertOnce<BalanceChangeRow>("history.balance_changes", [
  column("account_id", "int8", (row) => row.accountId),
  column("balance_seq", "int8", (row) => row.balanceSeq),
  column("asset_id", "int4", (row) => row.assetId),
  column("available_units", "numeric", (row) => row.availableUnits),
  column("held_units", "numeric", (row) => row.heldUnits),
  column("available_change_units", "int8", (row) => row.availableChangeUnits),
  column("held_change_units", "int8", (row) => row.heldChangeUnits),
  column("cause", "text", (row) => row.cause),
  column("seq", "int8", (row) => row.seq),
  column("time_us", "int8", (row) => row.timeUs),
]);

export const CANDLES = upsertByKey<Candle>("history.candles", ["market_id", "interval", "open_time_us"], [
  column("market_id", "int4", (candle) => candle.marketId),
  column("interval", "int2", (candle) => candle.interval),
  column("open_time_us", "int8", (candle) => candle.openTimeUs),
  column("open_ticks", "int8", (candle) => candle.openTicks),
  column("high_ticks", "int8", (candle) => candle.highTicks),
  column("low_ticks", "int8", (candle) => candle.lowTicks),
  column("close_ticks", "int8", (candle) => candle.closeTicks),
  column("volume_lots", "numeric", (candle) => candle.volumeLots),
  column("quote_volume_units", "numeric", (candle) => candle.quoteVolumeUnits),
  column("trade_count", "int8", (candle) => candle.tradeCount),
  column("taker_buy_lots", "numeric", (candle) => candle.takerBuyLots),
  column("taker_buy_quote_units", "numeric", (candle) => candle.takerBuyQuoteUnits),
  column("first_trade_id", "int8", (candle) => candle.firstTradeId),
  column("last_trade_id", "int8", (candle) => candle.lastTradeId),
  column("last_seq", "int8", (candle) => candle.seq),
]);

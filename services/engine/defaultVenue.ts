// The venue a new log opens with: its assets, its markets and the house account, as the first entry of the log.
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { CommandBatchSchema, type CommandSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";

type Body = NonNullable<MessageInitShape<typeof CommandSchema>["body"]>;

const SCALE = 8;
const UNIT = 10n ** BigInt(SCALE);
const ASSETS = [
  { code: "BTC", name: "Bitcoin" },
  { code: "ETH", name: "Ether" },
  { code: "SOL", name: "Solana" },
  { code: "USDT", name: "Tether USD" },
];
const QUOTE = "USDT";
/** 0.01 USDT in every market. */
const TICK_SIZE_UNITS = UNIT / 100n;
const TICKS_PER_USDT = 100n;

// lotsPerCoin fixes the lot size; the largest quantities keep the largest order near nine million USDT of usual prices.
const MARKETS = [
  { base: "BTC", lotsPerCoin: 100_000n, maxCoins: 9_000n, maxMarketCoins: 120n, maxPriceUsdt: 1_000_000n },
  { base: "ETH", lotsPerCoin: 10_000n, maxCoins: 90_000n, maxMarketCoins: 2_000n, maxPriceUsdt: 1_000_000n },
  { base: "SOL", lotsPerCoin: 1_000n, maxCoins: 900_000n, maxMarketCoins: 20_000n, maxPriceUsdt: 100_000n },
];
const FEE_PPM = 1_000;
const MIN_NOTIONAL_USDT = 5n;
const MAX_NOTIONAL_USDT = 9_000_000n;
const MAX_NUM_ORDERS = 200;
// As Binance has them: five times the reference price and a fifth of it, on the sides where a slip of the pen costs
// money (a bid far above the market, an ask far below); 0.1 % to 20 % of trailing delta.
const MULTIPLIER_UP_BIPS = 50_000;
const MULTIPLIER_DOWN_BIPS = 2_000;
const MULTIPLIER_LEAST_BIPS = 1;
const MULTIPLIER_MOST_BIPS = 10_000_000;
const MAX_NUM_ALGO_ORDERS = 20;
const MAX_NUM_ORDER_LISTS = 20;
const MAX_NUM_ICEBERG_ORDERS = 20;
const MAX_ICEBERG_PARTS = 100;
const MAX_NUM_ORDER_AMENDS = 10;
const MIN_TRAILING_BIPS = 10;
const MAX_TRAILING_BIPS = 2_000;

/** External id of the account that receives the fees. */
const HOUSE_EXTERNAL_ID = "house";

/** The bytes of entry 1. */
export function genesisEntry(epoch: number, timeUs: number): Uint8Array {
  const assetId = (code: string): number => ASSETS.findIndex((a) => a.code === code) + 1;
  const bodies: Body[] = [
    { case: "openLog", value: { epoch, venue: "Tickwire" } },
    ...ASSETS.map((asset): Body => ({ case: "listAsset", value: { asset: { ...asset, scale: SCALE } } })),
    ...MARKETS.map(
      (m): Body => ({
        case: "listMarket",
        value: {
          market: {
            symbol: m.base + QUOTE,
            baseAssetId: assetId(m.base),
            quoteAssetId: assetId(QUOTE),
            tickSizeUnits: TICK_SIZE_UNITS,
            lotSizeUnits: UNIT / m.lotsPerCoin,
            status: MarketStatus.TRADING,
            makerFeePpm: FEE_PPM,
            takerFeePpm: FEE_PPM,
            minPriceTicks: 1n,
            maxPriceTicks: m.maxPriceUsdt * TICKS_PER_USDT,
            minQuantityLots: 1n,
            maxQuantityLots: m.maxCoins * m.lotsPerCoin,
            maxMarketQuantityLots: m.maxMarketCoins * m.lotsPerCoin,
            minNotionalUnits: MIN_NOTIONAL_USDT * UNIT,
            maxNotionalUnits: MAX_NOTIONAL_USDT * UNIT,
            maxNumOrders: MAX_NUM_ORDERS,
            bidMultiplierUpBips: MULTIPLIER_UP_BIPS,
            bidMultiplierDownBips: MULTIPLIER_LEAST_BIPS,
            askMultiplierUpBips: MULTIPLIER_MOST_BIPS,
            askMultiplierDownBips: MULTIPLIER_DOWN_BIPS,
            maxNumAlgoOrders: MAX_NUM_ALGO_ORDERS,
            maxNumOrderLists: MAX_NUM_ORDER_LISTS,
            maxNumIcebergOrders: MAX_NUM_ICEBERG_ORDERS,
            maxIcebergParts: MAX_ICEBERG_PARTS,
            maxNumOrderAmends: MAX_NUM_ORDER_AMENDS,
            minTrailingAboveBips: MIN_TRAILING_BIPS,
            maxTrailingAboveBips: MAX_TRAILING_BIPS,
            minTrailingBelowBips: MIN_TRAILING_BIPS,
            maxTrailingBelowBips: MAX_TRAILING_BIPS,
          },
        },
      }),
    ),
    { case: "openAccount", value: { externalId: HOUSE_EXTERNAL_ID, name: "House" } },
  ];
  const commands = bodies.map((body, i) => ({ requestNo: BigInt(i + 1), body }));
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "genesis", timeUs: BigInt(timeUs), commands }));
}

// What has happened on the venue, as told by the event log: the schema `history`, written by the recorder alone, read
// through services/shared/history.
//
// Invariant: every row here is a function of the event log up to history.recorder_position, which moves in the same
// transaction as the rows; nothing in it can be edited, or be there twice.
//
// Numbers. Ids, times, ticks, lots and the notional of one order or trade are below 2^53 by the engine's own checks: int8.
// Amounts that add up without such a bound (balances, transfers, volumes) are uint64 on the wire, which int8 cannot
// hold: numeric(20), checked. Enums are stored by their protobuf number.
//
// Room for partitions by time: order ids and, within a market, trade ids grow with time, and every key begins with or
// is such an id, so ranges of ids are ranges of time and no key has to change.
import type { Migration } from "./migration.ts";

export const historyMigration: Migration = {
  name: "0002-history",
  sql: `
    CREATE SCHEMA history;

    CREATE DOMAIN history.uint64 AS numeric(20) CHECK (VALUE >= 0 AND VALUE <= 18446744073709551615);

    -- One row: the last log entry whose events are in these tables. log_chain is the chain of entry 1, which names the
    -- log: another one there means that this database and the event log do not belong together.
    CREATE TABLE history.recorder_position (
      one_row   boolean PRIMARY KEY DEFAULT true CHECK (one_row),
      epoch     bigint NOT NULL,
      entry     bigint NOT NULL,
      seq       bigint NOT NULL,
      time_us   bigint NOT NULL,
      chain     bytea NOT NULL,
      log_chain bytea NOT NULL
    );

    CREATE TABLE history.assets (
      asset_id int PRIMARY KEY,
      code     text NOT NULL,
      name     text NOT NULL,
      scale    smallint NOT NULL,
      last_seq bigint NOT NULL
    );

    CREATE TABLE history.markets (
      market_id                int PRIMARY KEY,
      symbol                   text NOT NULL,
      base_asset_id            int NOT NULL,
      quote_asset_id           int NOT NULL,
      tick_size_units          bigint NOT NULL,
      lot_size_units           bigint NOT NULL,
      notional_units           bigint NOT NULL,
      status                   smallint NOT NULL,
      maker_fee_ppm            int NOT NULL,
      taker_fee_ppm            int NOT NULL,
      last_seq                 bigint NOT NULL
    );

    CREATE TABLE history.accounts (
      account_id  bigint PRIMARY KEY,
      external_id text NOT NULL,
      name        text NOT NULL,
      frozen      boolean NOT NULL,
      opened_us   bigint NOT NULL,
      last_seq    bigint NOT NULL
    );

    -- Deposits and withdrawals that moved money.
    CREATE TABLE history.transfers (
      account_id   bigint NOT NULL,
      transfer_id  text NOT NULL,
      kind         text NOT NULL CHECK (kind IN ('deposit', 'withdrawal')),
      asset_id     int NOT NULL,
      amount_units history.uint64 NOT NULL,
      seq          bigint NOT NULL,
      time_us      bigint NOT NULL,
      PRIMARY KEY (account_id, transfer_id)
    );
    CREATE INDEX transfers_of_account ON history.transfers (account_id, seq);

    -- Each order as it stands after its last event. An order is updated a few times after its insert, never in an
    -- indexed column (unless it is renamed), so the free room in each page lets the updates stay within it.
    CREATE TABLE history.orders (
      order_id                   bigint PRIMARY KEY,
      account_id                 bigint NOT NULL,
      market_id                  int NOT NULL,
      client_order_id            text NOT NULL,
      side                       smallint NOT NULL,
      type                       smallint NOT NULL,
      time_in_force              smallint NOT NULL,
      status                     smallint NOT NULL,
      price_ticks                bigint NOT NULL,
      quantity_lots              bigint NOT NULL,
      quote_order_units          bigint NOT NULL,
      executed_lots              bigint NOT NULL,
      executed_quote_units       bigint NOT NULL,
      created_us                 bigint NOT NULL,
      updated_us                 bigint NOT NULL,
      working_us                 bigint NOT NULL,
      expiry_reason              smallint NOT NULL,
      cancel_reason              smallint NOT NULL,
      self_trade_prevention_mode smallint NOT NULL,
      prevented_lots             bigint NOT NULL,
      stop_price_ticks           bigint NOT NULL,
      trailing_delta_bips        int NOT NULL,
      iceberg_lots               bigint NOT NULL,
      expire_time_us             bigint NOT NULL,
      order_list_id              bigint NOT NULL,
      last_seq                   bigint NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX orders_of_account ON history.orders (account_id, market_id, order_id);
    CREATE INDEX orders_of_account_by_time ON history.orders (account_id, market_id, created_us, order_id);
    CREATE INDEX orders_by_client_order_id ON history.orders (account_id, client_order_id, order_id);

    CREATE TABLE history.trades (
      market_id          int NOT NULL,
      trade_id           bigint NOT NULL,
      price_ticks        bigint NOT NULL,
      quantity_lots      bigint NOT NULL,
      quote_units        bigint NOT NULL,
      taker_side         smallint NOT NULL,
      seq                bigint NOT NULL,
      time_us            bigint NOT NULL,
      maker_order_id     bigint NOT NULL,
      maker_account_id   bigint NOT NULL,
      maker_fee_units    bigint NOT NULL,
      maker_fee_asset_id int NOT NULL,
      taker_order_id     bigint NOT NULL,
      taker_account_id   bigint NOT NULL,
      taker_fee_units    bigint NOT NULL,
      taker_fee_asset_id int NOT NULL,
      PRIMARY KEY (market_id, trade_id)
    );
    CREATE INDEX trades_by_time ON history.trades (market_id, time_us, trade_id);
    CREATE INDEX trades_of_maker ON history.trades (maker_account_id, market_id, trade_id);
    CREATE INDEX trades_of_taker ON history.trades (taker_account_id, market_id, trade_id);
    CREATE INDEX trades_of_maker_order ON history.trades (maker_order_id, trade_id);
    CREATE INDEX trades_of_taker_order ON history.trades (taker_order_id, trade_id);

    -- cause: the kind of event in the same command (seq) that moved the balance; 'order' is a hold at acceptance.
    CREATE TABLE history.balance_changes (
      account_id             bigint NOT NULL,
      balance_seq            bigint NOT NULL,
      asset_id               int NOT NULL,
      available_units        history.uint64 NOT NULL,
      held_units             history.uint64 NOT NULL,
      available_change_units bigint NOT NULL,
      held_change_units      bigint NOT NULL,
      cause                  text NOT NULL CHECK (cause IN
        ('order', 'trade', 'fee', 'cancel', 'expiry', 'amendment', 'deposit', 'withdrawal', 'other')),
      seq                    bigint NOT NULL,
      time_us                bigint NOT NULL,
      PRIMARY KEY (account_id, balance_seq)
    );

    -- Only intervals with trades have a row; those between are filled in on reading (services/shared/history).
    -- interval is the number of tickwire.v1.CandleInterval. The newest row of each (market, interval) is still growing.
    CREATE TABLE history.candles (
      market_id             int NOT NULL,
      interval              smallint NOT NULL,
      open_time_us          bigint NOT NULL,
      open_ticks            bigint NOT NULL,
      high_ticks            bigint NOT NULL,
      low_ticks             bigint NOT NULL,
      close_ticks           bigint NOT NULL,
      volume_lots           history.uint64 NOT NULL,
      quote_volume_units    history.uint64 NOT NULL,
      trade_count           bigint NOT NULL,
      taker_buy_lots        history.uint64 NOT NULL,
      taker_buy_quote_units history.uint64 NOT NULL,
      first_trade_id        bigint NOT NULL,
      last_trade_id         bigint NOT NULL,
      last_seq              bigint NOT NULL,
      PRIMARY KEY (market_id, interval, open_time_us)
    ) WITH (fillfactor = 80);
  `,
};

// The one way a service talks to PostgreSQL: a small pool, int8 as bigint, a bounded wait for a connection.
//
// Never: a float for money. Amounts are int8 columns of ticks, lots and units, and arrive as bigint; numeric arrives as
// text. Invariant: a connection that failed, or whose transaction could not be rolled back, is never used again, so an
// answer always belongs to its own statement.
import { createHash } from "node:crypto";
import { DatabaseError, Pool, types, type PoolClient, type QueryResult } from "pg";
import type { Logger } from "../logger.ts";
import { DATABASE_CONNECT_TIMEOUT_MS, DATABASE_KEEP_ALIVE_MS, DATABASE_STATEMENT_TIMEOUT_MS } from "./limits.ts";
import { raw, type Sql } from "./sql.ts";

/** What runs statements. Errors: DatabaseError of the driver for a refused statement, see isDatabaseUnavailable for the rest. */
export interface Transaction {
  /** The rows, with bigint for int8, text for numeric, Date for timestamptz, Buffer for bytea. `Row` is believed, not checked. */
  query<Row extends object = Record<string, unknown>>(statement: Sql): Promise<Row[]>;
  /** The number of rows inserted, updated or deleted. Without parameters, several statements may stand in one, separated by semicolons. */
  execute(statement: Sql): Promise<number>;
}

/** A pool; each statement may run on another connection. */
export interface Database extends Transaction {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. Its statements run one after the other. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs `work`, which only reads, on one moment of the database. */
  snapshot<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Waits for what is under way, after `timeoutMs` (default: forever) no longer. */
  end(options?: { readonly timeoutMs?: number }): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Shows in pg_stat_activity. */
  readonly service: string;
  readonly connectionsMax: number;
  readonly logger: Logger;
}

/** Opens a pool; connections are made on first use and again after a loss. Close with `end()`. */
export const connectDatabase = (options: DatabaseOptions): Database => new PooledDatabase(options);

class PooledDatabase implements Database {
  readonly #pool: Pool;
  readonly #clients = new Set<PoolClient>();
  #ended: Promise<void> | undefined;

  constructor({ url, service, connectionsMax, logger }: DatabaseOptions) {
    this.#pool = new Pool({
      connectionString: url,
      max: connectionsMax,
      idleTimeoutMillis: 0, // they stay
      connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: DATABASE_KEEP_ALIVE_MS,
      application_name: `tickwire-${service}`,
      statement_timeout: DATABASE_STATEMENT_TIMEOUT_MS,
      // Times go in and out as integers or timestamptz; the session's zone must never matter.
      options: "-c TimeZone=UTC",
      types: { getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? BigInt : types.getTypeParser(oid, format)) },
    });
    this.#pool.on("connect", (client) => {
      this.#clients.add(client);
      client.on("notice", ({ message }) => logger.debug({ notice: message }, "database notice"));
      // A connection that breaks tells it here, idle or in use; whoever uses it has an error of their own besides.
      let told = false;
      client.on("error", (error) => {
        if (!told) logger.warn({ err: String(error) }, "a connection to the database was lost");
        told = true;
      });
    });
    this.#pool.on("remove", (client) => this.#clients.delete(client));
    // Told above; without a listener it would end the process.
    this.#pool.on("error", () => undefined);
  }

  async query<Row extends object>(statement: Sql): Promise<Row[]> {
    return (await this.#run<Row>(statement)).rows;
  }

  async execute(statement: Sql): Promise<number> {
    return affected(await this.#run(statement));
  }

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#transaction(BEGIN, work);
  }

  snapshot<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#transaction(BEGIN_SNAPSHOT, work);
  }

  end({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    return (this.#ended ??= this.#end(timeoutMs));
  }

  async #run<Row extends object>(statement: Sql): Promise<QueryResult<Row>> {
    const client = await this.#pool.connect();
    try {
      const result = await run<Row>(client, statement);
      client.release();
      return result;
    } catch (error) {
      client.release(!isRefusal(error));
      throw error;
    }
  }

  async #transaction<Result>(begin: Sql, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    const tx = new OpenTransaction(client);
    try {
      await tx.execute(begin);
      const result = await work(tx);
      await tx.commit();
      client.release();
      return result;
    } catch (error) {
      client.release(!(await tx.rolledBack()));
      throw error;
    }
  }

  async #end(timeoutMs: number | undefined): Promise<void> {
    const ended = this.#pool.end();
    if (timeoutMs === undefined) return await ended;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs))).then(() => {
      for (const client of this.#clients) void client.end();
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
}

const BEGIN = raw("BEGIN");
const BEGIN_SNAPSHOT = raw("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
const COMMIT = raw("COMMIT");
const ROLLBACK = raw("ROLLBACK");

// One connection's transaction: a statement is sent when the one before it has been answered.
class OpenTransaction implements Transaction {
  readonly #client: PoolClient;
  #previous: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row extends object>(statement: Sql): Promise<Row[]> {
    return (await this.#run<Row>(statement)).rows;
  }

  async execute(statement: Sql): Promise<number> {
    return affected(await this.#run(statement));
  }

  async commit(): Promise<void> {
    const { command } = await this.#last(COMMIT);
    // What the server answers when a statement failed and nobody was told.
    if (command !== "COMMIT") throw new Error("the transaction could not be committed: one of its statements had failed");
  }

  /** False when the connection must not be used again. */
  async rolledBack(): Promise<boolean> {
    return await this.#last(ROLLBACK).then(
      () => true,
      () => false,
    );
  }

  #run<Row extends object>(statement: Sql): Promise<QueryResult<Row>> {
    if (this.#over) throw new Error("a statement came after the end of its transaction");
    return this.#next<Row>(statement);
  }

  #last(statement: Sql): Promise<QueryResult> {
    this.#over = true;
    return this.#next(statement);
  }

  #next<Row extends object>(statement: Sql): Promise<QueryResult<Row>> {
    const answer = this.#previous.then(() => run<Row>(this.#client, statement));
    this.#previous = answer.catch(() => undefined);
    return answer;
  }
}

// A statement with parameters is parsed and planned once on each connection. There are as many texts as there are ways
// through the code that writes them: values are never part of one.
const run = <Row extends object>(client: PoolClient, { text, values }: Sql): Promise<QueryResult<Row>> =>
  values.length === 0 ? client.query<Row>(text) : client.query<Row>({ name: createHash("sha1").update(text).digest("hex"), text, values });

// Several statements in one give several results: then there is no count.
const affected = ({ rowCount }: QueryResult): number => rowCount ?? 0;

// The server has refused the statement and keeps the connection; after anything else nobody knows what comes on it. A
// server that says it in another language costs a new connection, no more.
const isRefusal = (error: unknown): boolean => error instanceof DatabaseError && error.severity === "ERROR";

// What the socket says when there is no connection, and what the server says when it starts, stops or is full.
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);

// What the driver says; it gives these no code.
const UNAVAILABLE_MESSAGES: ReadonlySet<string> = new Set([
  "Cannot use a pool after calling end on the pool",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Connection terminated",
  "Connection terminated due to connection timeout",
  "Connection terminated unexpectedly",
  "timeout exceeded when trying to connect",
  "timeout expired",
]);

/** Whether an error means that the database cannot be reached now, rather than that a statement is wrong. */
export const isDatabaseUnavailable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") return UNAVAILABLE_CODES.has(error.code);
  return UNAVAILABLE_MESSAGES.has(error.message);
};

/** The five letters PostgreSQL gives the reason in; undefined for an error that is not its own. */
export const sqlStateOf = (error: unknown): string | undefined => (error instanceof DatabaseError ? error.code : undefined);

// Statements as templates: what is between the braces is a bound parameter or another statement, never text.
//
// Never: a name or a keyword from outside in `raw`. It takes constants of this program only.
import { Sql } from "sql-template-tag";

export { empty, join, raw, Sql } from "sql-template-tag";

/** What can be bound. PostgreSQL infers the type from where it stands; a lone one in a select list needs a cast. */
export type Parameter = string | number | bigint | boolean | Date | Uint8Array | null;

/** A statement, or a part of one. */
export const sql = (strings: TemplateStringsArray, ...values: readonly (Parameter | Sql)[]): Sql => new Sql(strings, values);

// One step of the schema. A step that has once been released is never edited: a change is a new step.

export interface Migration {
  /** Unique, and in the order of the list: "0001-accounts". */
  readonly name: string;
  /** Statements, separated by semicolons; run once, inside one transaction. */
  readonly sql: string;
}

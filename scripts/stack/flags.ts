/** What the command line of `npm start` asks for. */
export interface StartFlags {
  readonly web: boolean;
  readonly flow: boolean;
  readonly fresh: boolean;
}

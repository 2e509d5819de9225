/** What the command line of `npm start` asks for. */
export interface StartFlags {
  readonly web: boolean;
  readonly flow: boolean;
  readonly fresh: boolean;
  /** A second engine, which follows the first and takes over when that dies. */
  readonly standby: boolean;
}

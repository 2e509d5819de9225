// What the command line understands, as a person reads it.

/** The call is right, but the exchange cannot do it now; `message` is one sentence. */
export class CommandError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 1;
}

export const HELP = `npm run tickwire -- <command> [flags]

  account create   opens a funded account with an API key
      --name NAME            how the account is called (required)
      --deposit ASSET=AMOUNT demo funds, repeatable: --deposit BTC=10 --deposit USDT=1000000
      --email E --password P a log-in for the trading screen
      --json                 print one JSON object: accountId, apiKey, apiSecret

  status           what of the exchange is up
      --json                 the answer of /healthz as it is

  log verify       whether the log is whole: holes, hash chain, answers, snapshots, sums of money
      --json                 print one JSON object

  log repair       what can be kept of a log that was torn or cut short; nothing may run. Shows it; changes nothing without --yes
      --yes                  do it; what is taken away is kept beside the log
      --new-epoch            even if somebody has seen what is lost: ends the epoch, and takes history back
      --json                 print one JSON object

  replay           carries the log out again with a fresh engine; prints seq, entry, epoch and state hash
      --to SEQ               stop after the entry that holds this command
      --stop-before SEQ      stop before the entry that holds this command: one that breaks the engine, say
      --from-start           from the first entry, not from a snapshot
      --json                 print one JSON object

  backup DIR       the whole exchange as of one moment, running or not, into a new folder: log, database, secrets
      --json                 print one JSON object

  restore DIR      a backup into the empty folder that TICKWIRE_DATA_DIR names, proven on the way
      --json                 print one JSON object

  log promote      makes a replica of the log's Redis the one that carries on; nothing may run. Shows it; changes nothing without --yes
      --to URL               the replica (required); the old Redis is the one that REDIS_URL names
      --old-is-off           the old Redis is off for good, and cannot be asked
      --accept-loss          even if somebody has seen what the replica lacks: history is taken back
      --yes                  do it: the old Redis is sealed, the log goes on in a new epoch
      --json                 print one JSON object

  --help           this text

The exchange is looked for at API_PORT, else where the one of TICKWIRE_DATA_DIR (./data) runs, else at port 3001. The operator token comes
from TICKWIRE_OPERATOR_TOKEN, else from the data directory. The log is that of the Redis that REDIS_URL names, else of TICKWIRE_DATA_DIR,
whether the exchange runs or not. Use npm run --silent for output that a program reads.
`;

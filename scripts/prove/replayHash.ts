// One program for every runtime: seeded commands to both engines, then version, state hash and digest of all event bytes.
import { createHash } from "node:crypto";
import { isFailure, run } from "../../services/engine/suite/proof.ts";

const COMMANDS = 5_000;
const SEEDS = [1, 2, 3, 4, 5, 6];

const digest = createHash("sha256");
for (const seed of SEEDS) {
  const result = run(seed, COMMANDS, { hashEvery: 500, checkEvery: 500, snapshotEvery: 500 });
  if (isFailure(result)) throw new Error(`seed ${seed}: ${result.message}`);
  for (const bytes of result.events) digest.update(bytes);
  digest.update(result.finalHash);
}
const versions: Readonly<Record<string, string | undefined>> = process.versions;
const version = versions["bun"] === undefined ? `Node ${process.versions.node}` : `Bun ${versions["bun"]}`;
process.stdout.write(`${version}\t${SEEDS.length * COMMANDS} commands: ${digest.digest("hex")}\n`);

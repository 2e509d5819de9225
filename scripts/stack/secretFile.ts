// Secrets of one data directory: made once, kept in `<dataDir>/secrets`, readable by the owner alone, never logged.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** 64 hex digits from `<dataDir>/secrets/<name>`; made on first use. Two processes asking at once get the same. */
export function readOrMakeSecret(dataDir: string, name: string): string {
  const folder = join(dataDir, "secrets");
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = randomBytes(32).toString("hex");
  try {
    writeFileSync(path, `${fresh}\n`, { mode: 0o600, flag: "wx" });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readFileSync(path, "utf8").trim();
  }
}

// A real Chromium, the system's own.
import { execFileSync } from "node:child_process";
import { chromium, type Browser } from "playwright-core";

const CANDIDATES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function executable(): string {
  for (const name of CANDIDATES) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      continue;
    }
  }
  throw new Error(`no Chromium found (looked for ${CANDIDATES.join(", ")}); npm test installs it`);
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable(),
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

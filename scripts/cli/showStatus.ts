// `status`: what of the exchange is up, as /healthz says. Exit code 0 only when orders can be placed and the feed is live.
import { parseArgs } from "node:util";
import { RunningExchange } from "./exchange.ts";
import { parseOrExplain } from "./parseOrExplain.ts";

export async function showStatus(args: readonly string[]): Promise<number> {
  const { values } = parseOrExplain("status", () => parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } }));
  const exchange = new RunningExchange();
  const { status, text } = await exchange.ask("/healthz");
  const healthy = status === 200;
  if (values.json) {
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    return healthy ? 0 : 1;
  }
  process.stdout.write(`${exchange.url} is ${healthy ? "up" : `not ready (${status})`}\n`);
  for (const [name, value] of lines(text)) process.stdout.write(`  ${name.padEnd(12)}${value}\n`);
  return healthy ? 0 : 1;
}

/** The parts in the body, whatever each says of itself. */
function lines(text: string): [string, string][] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [["answer", text.slice(0, 300)]];
  }
  if (typeof body !== "object" || body === null) return [];
  const parts = "parts" in body && typeof body.parts === "object" && body.parts !== null ? body.parts : body;
  return Object.entries(parts).map(([name, value]) => [name, typeof value === "object" && value !== null ? inWords(value) : String(value)]);
}

function inWords(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== "" && field !== null && typeof field !== "object")
    .map(([name, field]) => (name === "up" ? (field === true ? "up" : "down") : name === "detail" ? String(field) : `${name} ${String(field)}`));
  if ("snapshot" in value) fields.push(snapshotInWords(value.snapshot));
  return fields.join(", ");
}

function snapshotInWords(snapshot: unknown): string {
  if (typeof snapshot !== "object" || snapshot === null || !("entry" in snapshot) || !("ageSeconds" in snapshot)) return "no snapshot yet";
  return `newest snapshot of entry ${String(snapshot.entry)}, ${String(snapshot.ageSeconds)} s old`;
}

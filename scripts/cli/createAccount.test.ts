import { expect, test } from "vitest";
import { readAccountRequest } from "./createAccount.ts";
import { main } from "./tickwire.ts";
import { UsageError } from "../commandFlags.ts";

test("a right call is understood", () => {
  const args = ["--name", "my bot", "--deposit", "BTC=10", "--deposit", "USDT=1000000.50", "--email", "a@b.c", "--password", "long enough", "--json"];
  expect(readAccountRequest(args)).toEqual({
    json: true,
    request: { name: "my bot", deposits: { BTC: "10", USDT: "1000000.50" }, email: "a@b.c", password: "long enough" },
  });
});

test.each<[string, string[], string]>([
  ["no name", [], "--name"],
  ["a blank name", ["--name", " "], "--name"],
  ["an unknown flag", ["--name", "x", "--nmae", "y"], "--nmae"],
  ["a word too many", ["--name", "x", "extra"], "extra"],
  ["a flag without its value", ["--name"], "--name"],
  ["an amount in words", ["--name", "x", "--deposit", "BTC=lots"], "BTC=lots"],
  ["an amount in exponent form", ["--name", "x", "--deposit", "BTC=1e7"], "BTC=1e7"],
  ["a negative amount", ["--name", "x", "--deposit", "BTC=-1"], "BTC=-1"],
  ["an amount of zero", ["--name", "x", "--deposit", "BTC=0.0"], "BTC=0.0"],
  ["no amount", ["--name", "x", "--deposit", "BTC"], "BTC"],
  ["an asset twice", ["--name", "x", "--deposit", "BTC=1", "--deposit", "BTC=2"], "BTC"],
  ["an e-mail without a password", ["--name", "x", "--email", "a@b.c"], "--password"],
])("%s is refused in one sentence that names it", (_what, args, named) => {
  let error: unknown;
  try {
    readAccountRequest(args);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ exitCode: 2 });
  const { message } = error as UsageError;
  expect(message).toContain(named);
  expect(message.split("\n")).toHaveLength(1);
});

test("an unknown command is named", async () => {
  await expect(main(["acount", "create"])).rejects.toThrow(/Unknown command "acount"/);
  await expect(main(["account", "destroy"])).rejects.toThrow(/Unknown command "account destroy"/);
});

// Compiles the engine's event encoder: AssemblyScript to WebAssembly, kept as text in a module that any bundle can carry.
//
//   node scripts/generateEncoder.mjs [OUTPUT]
//
// What is committed is what a venue runs; the compiler is needed by `npm run generate` and the test that compares, no more.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import asc from "assemblyscript/asc";

const folder = resolve(import.meta.dirname, "../services/engine/encoder");
const SOURCE = "eventEncoder.as.ts";
const OPTIONS = ["--outFile", "encoder.wasm", "-O3", "--runtime", "stub", "--noAssert", "--use", "abort=", "--initialMemory", "2"];

let wasm;
const { error, stderr } = await asc.main([SOURCE, ...OPTIONS], {
  readFile: (name) => (name === SOURCE ? readFileSync(join(folder, SOURCE), "utf8") : null),
  writeFile: (_name, contents) => void (wasm = contents),
  listFiles: () => [],
});
if (error !== null || wasm === undefined) {
  console.error(`${SOURCE} does not compile:\n${stderr.toString()}`);
  process.exit(1);
}
const text = Buffer.from(wasm).toString("base64");
writeFileSync(
  process.argv[2] ?? join(folder, "eventEncoderModule.ts"),
  `// Generated from ${SOURCE} by \`npm run generate\`. Do not edit.\n\n/** The encoder's WebAssembly module in base64. */\nexport const EVENT_ENCODER = "${text}";\n`,
);

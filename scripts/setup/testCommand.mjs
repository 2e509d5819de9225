// The steps of `npm test`, top to bottom. What is passed on (`npm test -- services/engine`) goes to vitest as filters.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBundles } from "./bundles.mjs";
import { run } from "./childCommand.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { checkNativeModules } from "./nativeModules.mjs";
import { ensurePage } from "./page.mjs";
import { createProgress, runCommand, seconds } from "./progress.mjs";
import { root } from "./project.mjs";
import { withSetupLock } from "./setupLock.mjs";
import { ensureChromium, ensureRedis } from "./systemPackages.mjs";

const bin = (path) => join(root, "node_modules", path);

export const main = () =>
  runCommand(async () => {
    const filters = process.argv.slice(2);
    const progress = createProgress();
    process.stdout.write("Tickwire tests\n");
    await withSetupLock(progress, async () => {
      await ensureDependencies(progress);
      await checkNativeModules(progress);
      await ensureRedis(progress);
      await ensureChromium(progress);
      await ensureBundles(progress);
      await ensurePage(progress);
    });
    const total = { passed: 0, failed: 0, skipped: 0 };
    // A filter asks for some tests; the types of the whole tree are nobody's question then.
    if (filters.length === 0) for (const project of ["tsconfig.json", "frontend/tsconfig.json"]) add(total, await checkTypes(project, progress));
    // The schemas (lint, compatibility, gen/ up to date) are checked by tests/schemas.test.ts.
    for (const project of ["unit", "e2e"]) add(total, await runVitest(project, filters));
    if (total.passed + total.failed === 0) {
      process.stderr.write(`No test matches ${filters.join(" ")}.\n`);
      total.failed = 1;
    }
    process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}\n`);
    process.exitCode = total.failed === 0 ? 0 : 1;
  });

function add(total, { passed, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

async function checkTypes(project, progress) {
  const startedMs = performance.now();
  const { code, output } = await run(process.execPath, [bin("typescript/bin/tsc"), "-p", project, "--noEmit"]);
  progress.step("types", code === 0 ? `${project}: clean, ${seconds(startedMs)}` : `${project}:\n${output}`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs one project of vitest with its own output shown; counts come from its JSON report. */
async function runVitest(project, filters) {
  const scratch = mkdtempSync(join(tmpdir(), "tickwire-test-"));
  const report = join(scratch, "report.json");
  try {
    const args = ["run", "--project", project, "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...filters];
    const { code } = await run(process.execPath, [bin("vitest/vitest.mjs"), ...args], { inherit: true });
    return count(report, code);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function count(report, code) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    // No report: no test matched, or vitest itself broke.
    return { passed: 0, failed: code === 0 ? 0 : 1 };
  }
  // A file that fails before its first test (an import, a hook) shows only as a failed suite.
  const emptyFailures = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed")).length;
  const failed = result.numFailedTests + emptyFailures;
  return {
    passed: result.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

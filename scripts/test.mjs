// Runs jest and ends with one plain line of totals, which continuous integration reads.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
const scratch = mkdtempSync(join(tmpdir(), 'self-harness-test-'));
const report = join(scratch, 'report.json');

const run = spawnSync(
  process.execPath,
  [jest, '--json', `--outputFile=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['inherit', 2, 2] },
);

let totals = null;
try {
  totals = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  process.stderr.write('jest wrote no report: it did not come to an end\n');
}
rmSync(scratch, { recursive: true, force: true });
if (totals) {
  const brokenFiles = totals.numRuntimeErrorTestSuites;
  const skipped = totals.numPendingTests ? `, ${totals.numPendingTests} skipped` : '';
  console.log(`${totals.numPassedTests} passed, ${totals.numFailedTests + brokenFiles} failed${skipped}`);
}
process.exitCode = totals ? (run.status ?? 1) : 1;

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildAddon } from './build-addon.mjs';
import { buildLib } from './build-lib.mjs';
import { restorePrepare } from './manifest.mjs';
import { runNativeTests } from './native-tests.mjs';
import { main, PlainError, root, run } from './run.mjs';

const require = createRequire(import.meta.url);
const report = join(root, '.cache', 'vitest.json');

/**
 * npm test: builds what is out of date, runs the C++ and the TypeScript tests, and ends with "N passed, N failed". With
 * arguments it runs the TypeScript tests that they choose (they are vitest's). PLACARD_CXX_TESTS=required fails where
 * the C++ tests cannot run.
 */
await main(async () => {
  restorePrepare();
  await buildAddon();
  await buildLib();
  const chosen = process.argv.slice(2);
  const cxx = chosen.length > 0 ? undefined : await runNativeTests();
  const typescript = await runVitest(chosen);
  console.log('');
  if (cxx) console.log(describe('C++', cxx));
  console.log(describe('TypeScript', typescript));
  const passed = typescript.passed + (cxx?.passed ?? 0);
  const failed = typescript.failed + (cxx?.failed ?? 0);
  console.log(`${passed} passed, ${failed} failed`);
  const lacksCxx = cxx?.leftOut && process.env.PLACARD_CXX_TESTS === 'required';
  return failed > 0 || passed === 0 || typescript.code !== 0 || lacksCxx ? 1 : 0;
});

async function runVitest(chosen) {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(process.execPath, [vitest, 'run', ...reporters, ...chosen]);
  if (!existsSync(report)) throw new PlainError(`vitest ended with code ${code} and left no report: no test ran.`);
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  // A file that fails to load has no tests to fail.
  const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
  return { code, passed: numPassedTests, failed, skipped: numPendingTests };
}

function describe(kind, { passed, failed, skipped, leftOut }) {
  if (leftOut) return `${kind} tests were LEFT OUT: ${leftOut}.`;
  return `${kind} tests: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configureByCmake } from './build-addon.mjs';
import { main, PlainError, root, run, runOrFail } from './run.mjs';
import { findToolchain, parallelJobs } from './toolchain.mjs';

const sanitizerEnvironments = {
  address: {
    ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  },
  thread: { TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1:allocator_may_return_null=1' },
};

/**
 * Builds and runs native/*\/*_test.cc.
 * @param {'address' | 'thread'} [sanitizer] builds into build-<sanitizer>/, not the addon's own build/
 * @returns {Promise<{ passed: number, failed: number, leftOut?: string }>} leftOut: why nothing ran
 */
export async function runNativeTests(sanitizer) {
  const { builder } = findToolchain();
  if (builder !== 'cmake')
    return { passed: 0, failed: 0, leftOut: 'CMake is not there (Debian: apt-get install cmake)' };
  const folder = sanitizer ? `build-${sanitizer}` : 'build';
  if (!sanitizer) await configureByCmake();
  const settings = ['-DPLACARD_TESTS=ON', ...(sanitizer ? [`-DPLACARD_SANITIZE=${sanitizer}`] : [])];
  await runOrFail('Configuring the C++ tests', 'cmake', ['-S', '.', '-B', folder, ...settings], { quiet: true });
  if (!foundGoogleTest(folder)) {
    return { passed: 0, failed: 0, leftOut: 'GoogleTest was not found (Debian: apt-get install libgtest-dev)' };
  }
  const jobs = ['--target', 'placard_tests', '--parallel', String(parallelJobs())];
  await runOrFail('Compiling the C++ tests', 'cmake', ['--build', folder, ...jobs], { quiet: true });
  return runCtest(folder, { ...process.env, ...sanitizerEnvironments[sanitizer] });
}

async function runCtest(folder, env) {
  const args = ['--test-dir', folder, '--output-on-failure', '--no-tests=error', '--timeout', '300'];
  const { code, output } = await run('ctest', args, { quiet: true, env });
  if (code !== 0) console.error(output.replace(/^ +Start +\d+: .*\n|^.* Passed +[\d.]+ sec\n/gm, ''));
  const summary = /(\d+) tests? failed out of (\d+)/.exec(output);
  if (!summary) throw new PlainError(`ctest gave no summary (code ${code}): no C++ test ran.`);
  const failed = Number(summary[1]);
  return { passed: Number(summary[2]) - failed, failed };
}

function foundGoogleTest(folder) {
  const cache = join(root, folder, 'CMakeCache.txt');
  const found = existsSync(cache) && /^GTest_DIR:PATH=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  return Boolean(found) && !found.endsWith('-NOTFOUND');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const sanitizers = process.argv.slice(2);
    let failures = 0;
    for (const sanitizer of sanitizers.length > 0 ? sanitizers : [undefined]) {
      console.log(`\nC++ tests${sanitizer ? ` under the ${sanitizer} sanitizer` : ''}`);
      const { passed, failed, leftOut } = await runNativeTests(sanitizer);
      if (leftOut) throw new PlainError(`The C++ tests cannot run: ${leftOut}.`);
      console.log(`${passed} passed, ${failed} failed`);
      failures += failed;
    }
    return failures > 0 ? 1 : 0;
  });
}

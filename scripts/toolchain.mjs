import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PlainError } from './run.mjs';

const oldestNode = [20, 19];
const oldestCmake = [3, 20];

/** A program of C++20's library: a compiler that is too old, or has no library, fails on it. */
const probe = '#include <span>\n#include <bit>\nint main() { return std::popcount(std::span<const int>{}.size()); }\n';

const howToInstall = {
  linux: `  Debian, Ubuntu:  sudo apt-get install g++ cmake make
  Fedora, RHEL:    sudo dnf install gcc-c++ cmake make
  Alpine:          sudo apk add g++ cmake make`,
  darwin: '  macOS:           xcode-select --install && brew install cmake',
  win32: '  Windows:         Visual Studio Build Tools 2022 with "Desktop development with C++" (CMake is in it)',
};

/**
 * What of this machine builds the addon.
 * @returns {{ builder: 'cmake' | 'gyp', compiler: string, nodeGyp?: string }}
 * @throws {PlainError} naming all that is missing, and how to install it
 */
export function findToolchain() {
  checkNode();
  if (process.platform === 'win32') return findWindowsToolchain();
  const missing = [];
  const { compiler, complaint } = findCompiler();
  if (!compiler) missing.push(complaint);
  const hasMake = onPath('make');
  if (!hasMake && !onPath('ninja')) missing.push('make or ninja');
  const cmake = findCmake();
  const gyp = findGyp();
  const gypFits = gyp.nodeGyp && gyp.python && hasMake;
  if (!cmake.fits && !gypFits) missing.push(`CMake ${oldestCmake.join('.')} or newer (${cmake.complaint})`);
  if (missing.length > 0) throw new PlainError(describeMissing(missing));
  return cmake.fits ? { builder: 'cmake', compiler } : { builder: 'gyp', compiler, nodeGyp: gyp.nodeGyp };
}

/** @throws {PlainError} when this Node.js cannot run the build's tools */
export function checkNode() {
  if (isAtLeast(process.versions.node, oldestNode)) return;
  throw new PlainError(
    `Building placard needs Node.js ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Install a newer one from nodejs.org or by your version manager.`,
  );
}

/** How many compilers to run at once: a core each by affinity and cgroup, and 1 GB of memory each. */
export function parallelJobs() {
  const wanted = Number(process.env.CMAKE_BUILD_PARALLEL_LEVEL);
  if (wanted > 0) return wanted;
  const byMemory = Math.floor(Math.min(totalmem(), process.constrainedMemory?.() || Infinity) / 2 ** 30);
  return Math.max(1, Math.min(availableParallelism(), cgroupCpus(), byMemory));
}

/** The path of a program, or undefined. */
export function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => existsSync(path));
}

function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  const complaints = [];
  for (const candidate of candidates) {
    const [program, ...args] = candidate.split(' ');
    const result = spawnSync(program, [...args, '-std=c++20', '-fsyntax-only', '-x', 'c++', '-'], { input: probe });
    if (result.status === 0) return { compiler: candidate };
    if (!result.error) complaints.push(`${candidate} is there but cannot compile C++20`);
  }
  const looked = complaints.length > 0 ? complaints.join(', ') : `found none of ${candidates.join(', ')}`;
  return { complaint: `a C++20 compiler: GCC 10, Clang 13 or newer (${looked})` };
}

function findCmake() {
  const result = spawnSync('cmake', ['--version'], { encoding: 'utf8' });
  const version = /cmake version (\d+\.\d+)/.exec(result.stdout ?? '')?.[1];
  if (!version) return { fits: false, complaint: 'found none' };
  return { fits: isAtLeast(version, oldestCmake), complaint: `found ${version}` };
}

/** node-gyp comes with npm: npm names it to its scripts; elsewhere it stands beside the npm on PATH. */
function findGyp() {
  const npm = onPath('npm');
  const beside = npm && join(dirname(realpathSync(npm)), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const nodeGyp = [process.env.npm_config_node_gyp, beside].find((path) => path && existsSync(path));
  return { nodeGyp, python: onPath('python3') ?? onPath('python') };
}

/** cmake-js finds Visual Studio itself, and says so when it does not. */
function findWindowsToolchain() {
  const cmake = findCmake();
  if (!cmake.fits)
    throw new PlainError(describeMissing([`CMake ${oldestCmake.join('.')} or newer (${cmake.complaint})`]));
  return { builder: 'cmake', compiler: 'Visual C++' };
}

function describeMissing(missing) {
  const lines = howToInstall[process.platform] ?? howToInstall.linux;
  return `placard compiles its native part, and this machine lacks:
${missing.map((what) => `  - ${what}`).join('\n')}
To get what is needed:
${lines}
Then run the same npm command again.`;
}

function cgroupCpus() {
  const path = '/sys/fs/cgroup/cpu.max';
  if (!existsSync(path)) return Infinity;
  const [quota, period] = readFileSync(path, 'utf8').trim().split(' ').map(Number);
  return quota > 0 && period > 0 ? Math.max(1, Math.round(quota / period)) : Infinity;
}

function isAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

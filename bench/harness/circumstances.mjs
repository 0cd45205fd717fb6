import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { basename, isAbsolute, relative } from 'node:path';
import { repository } from './folders.mjs';

/** The machine and the run, for the JSON. */
export function circumstances() {
  return {
    date: new Date().toISOString(),
    command: ['node', relative(repository, process.argv[1]), ...process.argv.slice(2).map(withoutFolder)].join(' '),
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model.trim(),
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      platform: `${process.platform}-${process.arch}`,
      loadAverage: loadavg()[0],
    },
  };
}

function withoutFolder(argument) {
  return isAbsolute(argument) ? basename(argument) : argument;
}

/** The commit that runs, `+` where files differ from it; undefined outside a clone. */
function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '');
  } catch {
    return undefined;
  }
}

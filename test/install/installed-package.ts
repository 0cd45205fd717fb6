import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packed tarball, installed into an empty project on a machine where PATH holds node and sh and nothing else. */
export class InstalledPackage {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'placard-install-'));
  readonly project = join(this.#scratch, 'project');
  readonly folder = join(this.project, 'node_modules', 'placard');
  /** The home folder of the user who runs the package. */
  readonly home = join(this.#scratch, 'home');
  readonly #path = join(this.#scratch, 'bin');

  static create(): InstalledPackage {
    const installed = new InstalledPackage();
    const tarballs = join(installed.#scratch, 'tarballs');
    mkdirSync(tarballs);
    runNpm(['pack', '--pack-destination', tarballs], root, cleanEnvironment());
    const [tarball] = readdirSync(tarballs);
    if (!tarball) throw new Error('npm pack made no tarball.');

    mkdirSync(installed.home);
    mkdirSync(installed.#path);
    symlinkSync(process.execPath, join(installed.#path, 'node'));
    symlinkSync('/bin/sh', join(installed.#path, 'sh'));
    installed.write('package.json', JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
    runNpm(['install', ...options, join(tarballs, tarball)], installed.project, {
      ...cleanEnvironment(),
      PATH: installed.#path,
    });
    return installed;
  }

  /** Writes a file of the consumer's project. */
  write(name: string, text: string): void {
    mkdirSync(this.project, { recursive: true });
    writeFileSync(join(this.project, name), text);
  }

  /** Runs Node.js in the consumer's project. */
  node(args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, args, { cwd: this.project, env: this.#environment(), encoding: 'utf8' });
  }

  /** Runs a command that the package brings, by its own first line. */
  command(name: string, args: string[]): { status: number | null; stdout: string; stderr: string } {
    const path = join(this.project, 'node_modules', '.bin', name);
    return spawnSync(path, args, { cwd: this.project, env: this.#environment(), encoding: 'utf8' });
  }

  /** Paths of the package's files, relative to its folder. */
  files(): string[] {
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder, join(entry.parentPath ?? entry.path, entry.name)))
      .sort();
  }

  remove(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const own = Object.entries(cleanEnvironment()).filter(([name]) => !/^(XDG_|ORT_)/.test(name));
    return { ...Object.fromEntries(own), PATH: this.#path, HOME: this.home };
  }
}

/** Without the settings that the npm which runs the tests hands down, and without placard's own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|PLACARD_|NODE_ENV|VITEST)/i.test(name)),
  );
}

function runNpm(args: string[], cwd: string, env: NodeJS.ProcessEnv): void {
  execFileSync(process.execPath, [npmProgram(), ...args], { cwd, env, stdio: 'pipe', maxBuffer: 2 ** 26 });
}

/** npm's program: the one that runs the tests, or the one on PATH. */
function npmProgram(): string {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.js$/.test(running)) return running;
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(':')];
  const found = folders.map((folder) => join(folder, 'npm')).find((path) => existsSync(path));
  if (!found) throw new Error('npm was not found.');
  return realpathSync(found);
}

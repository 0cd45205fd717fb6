import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** The longer side of a stored background. */
const side = 640;

/** Licenses that let the pictures be used, changed and passed on with what is drawn over them; others are refused. */
const accepted = /^(CC0|CC-BY|public-domain)/;

/** Packages, and of each the pictures without text: chosen by eye, as no license says what a picture shows. */
const sources = JSON.parse(readFileSync(fileURLToPath(new URL('backgrounds.json', import.meta.url)), 'utf8'));

/**
 * Makes backgrounds/*.webp and backgrounds/SOURCES.md from Debian packages, which are unpacked but not installed.
 * @param {string} folder the materials folder
 * @param {'small' | 'full'} set
 * @param {(message: string) => void} report
 */
export async function makeBackgrounds(folder, set, report) {
  const out = join(folder, 'backgrounds');
  mkdirSync(out, { recursive: true });
  for (const source of sources.filter((candidate) => set === 'full' || candidate.set === 'small')) {
    const credits = join(out, `${source.package}.md`);
    if (readdirSync(out).includes(basename(credits))) {
      report(`${source.package} is there`);
      continue;
    }
    const unpacked = mkdtempSync(join(tmpdir(), 'placard-backgrounds-'));
    try {
      const rows = await picturesOf(source, unpacked, out);
      // Written last: a package counts as done when its credits are there.
      writeFileSync(credits, `## ${source.package}\n\n| pictures | license | by |\n|---|---|---|\n${rows.join('')}`);
      report(`${source.package}: ${rows.length} pictures`);
    } finally {
      rmSync(unpacked, { recursive: true });
    }
  }
  writeSources(out);
}

async function picturesOf(source, unpacked, out) {
  execFileSync('apt-get', ['-qq', 'download', source.package], { cwd: unpacked, stdio: ['ignore', 'ignore', 'pipe'] });
  const archive = readdirSync(unpacked).find((name) => name.endsWith('.deb'));
  execFileSync('dpkg-deb', ['-x', archive, 'files'], { cwd: unpacked });
  const root = join(unpacked, 'files');
  const terms = readTerms(readFileSync(join(root, 'usr/share/doc', source.package, 'copyright'), 'utf8'));
  const rows = [];
  for (const file of source.files) {
    const { license, holders } = termsOf(terms, `${source.origin}/${file}`);
    if (!accepted.test(license)) throw new Error(`${source.package}: ${file} has the license ${license}`);
    const stem = `${source.package}-${file.slice(0, -extname(file).length)}`.replace(/[^\w.-]+/g, '-');
    const picture = join(root, source.folder, file);
    await (source.tiles ? writeTiles(picture, join(out, stem)) : writeWhole(picture, join(out, stem)));
    rows.push(`| ${stem}*.webp | ${license} | ${holders} |\n`);
  }
  return rows;
}

/** A photograph whole, in quarters and in ninths: near and far views of what it shows. */
async function writeTiles(picture, stem) {
  const { width, height } = await sharp(picture).metadata();
  for (const parts of [1, 2, 3]) {
    for (let index = 0; index < parts * parts; index++) {
      const area = { width: Math.floor(width / parts), height: Math.floor(height / parts) };
      const left = (index % parts) * area.width;
      const top = Math.floor(index / parts) * area.height;
      await store(sharp(picture).extract({ left, top, ...area }), `${stem}-${parts}-${index}.webp`);
    }
  }
}

function writeWhole(picture, stem) {
  return store(sharp(picture), `${stem}.webp`);
}

async function store(picture, path) {
  const resized = picture
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .flatten()
    .toColorspace('srgb');
  await resized.webp({ quality: 86 }).toFile(`${path}.part`);
  renameSync(`${path}.part`, path);
}

/** The paragraphs about files of a machine-readable copyright file, in their order. */
function readTerms(text) {
  const fieldOf = (paragraph, name) =>
    new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'm').exec(paragraph)?.[1].trim() ?? '';
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => ({
      patterns: fieldOf(paragraph, 'Files').split(/\s+/).filter(Boolean),
      license: fieldOf(paragraph, 'License').split('\n')[0].trim(),
      holders: fieldOf(paragraph, 'Copyright').replace(/\s+/g, ' ').replaceAll('|', '/'),
    }))
    .filter(({ patterns }) => patterns.length > 0);
}

/** The last paragraph that names a file holds. */
function termsOf(terms, path) {
  const matches = (pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(path);
  const found = terms.findLast(({ patterns }) => patterns.some(matches));
  if (!found) throw new Error(`no terms for ${path}`);
  return found;
}

function writeSources(out) {
  const credits = readdirSync(out).filter((name) => name.endsWith('.md') && name !== 'SOURCES.md');
  const parts = credits.sort().map((name) => readFileSync(join(out, name), 'utf8'));
  const head = `# Backgrounds

Pictures of Debian packages, cut and made smaller. Who passes them on, or pictures drawn over them, names the authors below;
those under CC-BY-SA are passed on under the same license.
`;
  writeFileSync(join(out, 'SOURCES.md'), [head, ...parts].join('\n'));
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { readTerms, termsOf } from './copyright.mjs';

/** The longer side of a stored background. */
const side = 640;

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

function writeSources(out) {
  const credits = readdirSync(out).filter((name) => name.endsWith('.md') && name !== 'SOURCES.md');
  const parts = credits.sort().map((name) => readFileSync(join(out, name), 'utf8'));
  const head = `# Backgrounds

Pictures of Debian packages, cut and made smaller. Who passes them on, or pictures drawn over them, names the authors below;
those under CC-BY-SA are passed on under the same license.
`;
  writeFileSync(join(out, 'SOURCES.md'), [head, ...parts].join('\n'));
}

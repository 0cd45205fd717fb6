import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../lib/package-files.ts';
import { languageIds } from '../../lib/synth/text/languages.ts';
import { readTerms, termsOf } from '../../scripts/materials/copyright.mjs';

const copyright = `Format: 1.0
Upstream-Name: textures

Files: *
Copyright: 2001 Somebody
License: GPL-3+

Files: data/walls/*
 data/sand (old).jpg
Copyright: 2010 Ann Bell
  2011 Carl | Dorn
License: CC-BY-SA-3.0

Files: data/walls/brick?.png
Copyright: 2012 Eve
License: public-domain
 Given to all.
 .
 Without warranty.

License: GPL-3+
 This is free software.
`;

describe('the terms of backgrounds', () => {
  const terms = readTerms(copyright);

  test('are those of the last paragraph that names a file', () => {
    expect(termsOf(terms, 'data/walls/plaster.jpg').license).toBe('CC-BY-SA-3.0');
    expect(termsOf(terms, 'data/walls/plaster.jpg').holders).toBe('2010 Ann Bell 2011 Carl / Dorn');
    expect(termsOf(terms, 'data/walls/brick1.png').license).toBe('public-domain');
    expect(termsOf(terms, 'data/walls/brick11.png').license).toBe('CC-BY-SA-3.0');
  });

  test('are refused where they would bind what is drawn', () => {
    expect(() => termsOf(terms, 'data/sky.jpg')).toThrow('data/sky.jpg has the license GPL-3+');
    for (const license of ['CC-BY-NC-4.0', 'CC-BY-ND-4.0', 'GPL-2', 'GPL and CC-BY-SA', 'CC-BY-SA-3.0 and GPL-2']) {
      expect(() => termsOf([{ patterns: ['*'], license, holders: '' }], 'a.jpg')).toThrow(license);
    }
    for (const license of ['CC0', 'CC0-1.0', 'CC-BY-SA', 'CC-BY-4.0 and CC-BY-3.0', 'CC-BY-SA-4.0 or CC-BY-SA-3.0']) {
      expect(termsOf([{ patterns: ['*'], license, holders: '' }], 'a.jpg').license).toBe(license);
    }
    expect(() => termsOf(terms.slice(1), 'data/sky.jpg')).toThrow('no terms for data/sky.jpg');
  });
});

describe('the sources of materials', () => {
  const read = (name: string) => readFileSync(join(packageRoot(), 'scripts', 'materials', name), 'utf8');

  test('name each picture once', () => {
    const sources: { package: string; files: string[] }[] = JSON.parse(read('backgrounds.json'));
    const stems = sources.flatMap((source) =>
      source.files.map((file) => `${source.package}/${file.replace(/\.\w+$/, '')}`),
    );
    expect(stems.length).toBeGreaterThan(100);
    expect(new Set(stems.map((stem) => stem.replace(/[^\w.-]+/g, '-'))).size).toBe(stems.length);
  });

  test('give words of every language that texts are made in', () => {
    const script = read('word_lists.py');
    for (const language of languageIds) expect(script).toContain(`'${language}': `);
  });
});

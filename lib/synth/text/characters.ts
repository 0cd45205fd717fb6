import type { Script } from './languages.ts';

const consonants = 'bcdfghjklmnprstvwxyz';
const vowels = 'aeiou';

/** Letters of the scripts that have few: consonants, then vowels; of those that write no vowels the same twice. */
const alphabets: Partial<Record<Script, readonly [string, string]>> = {
  Latn: [consonants, vowels],
  Grek: ['βγδζθκλμνξπρστφχψ', 'αεηιουω'],
  Cyrl: ['бвгджзклмнпрстфхцчшщ', 'аеиоуыюя'],
  Hebr: ['אבגדהוזחטיכלמנסעפצקרשת', 'אוי'],
  Arab: ['بتثجحخدذرزسشصضطظعغفقكلمنهو', 'اوي'],
};

/** The characters that each country's standard puts first, as rows and cells of a double-byte encoding. */
const standards: Partial<Record<Script, Standard>> = {
  // GB 2312 level 1, Big5 level 1, JIS X 0208 level 1 and KS X 1001 hangul.
  Hans: { encoding: 'gb18030', first: 0xb0a1, last: 0xd7f9, cells: [[0xa1, 0xfe]] },
  Hant: {
    encoding: 'big5',
    first: 0xa440,
    last: 0xc67e,
    cells: [
      [0x40, 0x7e],
      [0xa1, 0xfe],
    ],
  },
  Jpan: { encoding: 'euc-jp', first: 0xb0a1, last: 0xcfd3, cells: [[0xa1, 0xfe]] },
  Kore: { encoding: 'euc-kr', first: 0xb0a1, last: 0xc8fe, cells: [[0xa1, 0xfe]] },
};

interface Standard {
  encoding: string;
  first: number;
  last: number;
  cells: [low: number, high: number][];
}

const known = new Map<Script, readonly string[]>();

/** The letters of a script; of those with thousands of characters, the few thousand in everyday use. */
export function commonCharacters(script: Script): readonly string[] {
  let characters = known.get(script);
  if (!characters) {
    const standard = standards[script];
    characters = standard ? charactersOf(standard) : [...new Set(alphabets[script]!.join(''))];
    known.set(script, characters);
  }
  return characters;
}

/** Consonants and vowels to make words up from, or undefined for scripts without letters. */
export function lettersOf(script: Script): readonly [string, string] | undefined {
  return alphabets[script];
}

function charactersOf({ encoding, first, last, cells }: Standard): string[] {
  const bytes: number[] = [];
  for (let row = first >> 8; row <= last >> 8; row++) {
    for (const [low, high] of cells) {
      for (let cell = low; cell <= high; cell++) {
        const code = (row << 8) | cell;
        if (code >= first && code <= last) bytes.push(row, cell);
      }
    }
  }
  return [...new TextDecoder(encoding).decode(Uint8Array.from(bytes))];
}

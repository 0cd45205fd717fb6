import { PlacardError } from '../../errors.ts';
import type { Random } from '../random.ts';
import { Typeface } from '../typeface.ts';
import { inRanges } from './code-ranges.ts';
import { type FaceRecord, type FontStyle, fontStyles } from './face-record.ts';
import { installLine } from './font-packages.ts';

export type StyleShares = Partial<Record<FontStyle, number>>;

/** About what streets, shops and papers show. */
const usualShares: StyleShares = {
  sans: 28,
  condensed: 10,
  round: 6,
  serif: 13,
  song: 8,
  kai: 8,
  brush: 4,
  handwriting: 8,
  display: 10,
  stencil: 1,
  typewriter: 3,
  led: 2,
  blackletter: 0.5,
};

/** Of the texts whose language is told, this many are drawn by a face that was made for it, where there is one. */
const ownLanguageShare = 0.8;

/** Between them these draw nearly every script. */
const coveringPackages = ['fonts-noto-cjk', 'fonts-dejavu-core', 'fonts-freefont-ttf'];

/** The faces of one style from one package, or of one name. */
interface Family {
  style: FontStyle;
  /** Of the records. */
  indices: number[];
}

/** Chooses typefaces by chance among those that draw a text. */
export class FontLibrary {
  readonly #records: readonly FaceRecord[];
  readonly #families: readonly Family[];
  readonly #all: Uint32Array;
  readonly #typefaces = new Map<FaceRecord, Typeface>();
  /** By character and by language, one bit for each record that draws it or is made for it; filled as they are asked for. */
  readonly #drawing = new Map<string, Uint32Array>();
  readonly #madeFor = new Map<string, Uint32Array>();

  constructor(records: readonly FaceRecord[]) {
    this.#records = records;
    const families = new Map<string, Family>();
    for (const [index, { style, package: from, name }] of records.entries()) {
      const key = `${style} ${from ?? name}`;
      const family = families.get(key);
      if (family) family.indices.push(index);
      else families.set(key, { style, indices: [index] });
    }
    this.#families = [...families.values()];
    this.#all = this.#bitsOf(() => true);
  }

  /** Whether one face draws all of a text. */
  draws(text: string): boolean {
    return this.#drawingAll(text).some((bits) => bits !== 0);
  }

  /**
   * A face that draws every character of a text: first its style is chosen by share, then its package, then the face, so
   * that a family of many weights counts as one.
   * @param options.styles shares of the styles to choose from, in any unit
   * @param options.language of the text (BCP 47): mostly faces that are made for it are chosen, where there are any
   * @throws MATERIALS_MISSING where no face of these styles draws the text
   */
  pick(random: Random, text: string, options: { styles?: StyleShares; language?: string } = {}): Typeface {
    const { styles = usualShares, language } = options;
    const own = random.chance(ownLanguageShare);
    const drawing = this.#drawingAll(text);
    const fitting = own && language ? this.#within(both(drawing, this.#allMadeFor(language)), styles) : [];
    const families = fitting.length > 0 ? fitting : this.#within(drawing, styles);
    if (families.length === 0) throw this.#missing(text, styles);
    const style = pickStyle(random, families, styles);
    const family = random.pick(families.filter((one) => one.style === style));
    return this.#typefaceOf(this.#records[random.pick(family.indices)]!);
  }

  /** The families of some styles with those of their faces whose bit is set; none without a face. */
  #within(bits: Uint32Array, styles: StyleShares): Family[] {
    const families: Family[] = [];
    for (const { style, indices } of this.#families) {
      if (!(styles[style]! > 0)) continue;
      const set = indices.filter((index) => (bits[index >>> 5]! >>> (index & 31)) & 1);
      if (set.length > 0) families.push({ style, indices: set });
    }
    return families;
  }

  #typefaceOf(record: FaceRecord): Typeface {
    let face = this.#typefaces.get(record);
    if (!face) {
      const slices = record.slices.map(({ path, ranges }, index) => ({
        family: `${record.id} ${index}`,
        path,
        ranges,
      }));
      face = new Typeface(record.name, slices, { style: record.style, language: record.language });
      this.#typefaces.set(record, face);
    }
    return face;
  }

  /** One bit for each record that draws all characters of a text. */
  #drawingAll(text: string): Uint32Array {
    let all = this.#all;
    for (const character of text) {
      const code = character.codePointAt(0)!;
      const draws = ({ slices }: FaceRecord): boolean => slices.some(({ ranges }) => inRanges(ranges, code));
      all = both(
        all,
        known(this.#drawing, character, () => this.#bitsOf(draws)),
      );
    }
    return all;
  }

  #allMadeFor(language: string): Uint32Array {
    return known(this.#madeFor, language, () => this.#bitsOf((record) => isMadeFor(record, language)));
  }

  #bitsOf(holds: (record: FaceRecord) => boolean): Uint32Array {
    const bits = new Uint32Array(Math.ceil(this.#records.length / 32));
    for (const [index, record] of this.#records.entries()) if (holds(record)) bits[index >>> 5]! |= 1 << (index & 31);
    return bits;
  }

  #missing(text: string, styles: StyleShares): PlacardError {
    const missing = [...new Set(text)].filter((character) => !this.draws(character));
    const named = missing.map((character) => {
      return `${character} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`;
    });
    const problem =
      missing.length > 0
        ? `No font draws ${named.join(', ')}`
        : this.draws(text)
          ? `No font of the styles ${Object.keys(styles).join(', ')} draws “${text}”`
          : `No single font draws all of “${text}”`;
    return new PlacardError(
      'MATERIALS_MISSING',
      `${problem}. More fonts may: npm run materials, or\n  ${installLine(coveringPackages)}`,
    );
  }
}

/** Faces of no language are made for all that have an alphabet. */
function isMadeFor(record: FaceRecord, language: string): boolean {
  if (record.language === undefined) return !/^(zh|ja|ko)\b/.test(language);
  return record.language === language || record.language.startsWith(`${language}-`);
}

function both(one: Uint32Array, other: Uint32Array): Uint32Array {
  return one.map((bits, i) => bits & other[i]!);
}

function known<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  let value = values.get(key);
  if (value === undefined) {
    value = make();
    values.set(key, value);
  }
  return value;
}

/** A style by share, of those that there are. */
function pickStyle(random: Random, families: readonly Family[], styles: StyleShares): FontStyle {
  const present = new Set(families.map(({ style }) => style));
  const among = fontStyles.filter((style) => present.has(style));
  return random.weighted(among, (style) => styles[style]!);
}

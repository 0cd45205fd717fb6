import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlacardError } from '../errors.ts';
import { packagedModels } from '../package-files.ts';

/** Which Chinese characters are only written in simplified, and which only in traditional texts. */
export interface ScriptVariants {
  /** Traditional spellings of each character that only simplified texts have. */
  traditionalOf: ReadonlyMap<string, string>;
  /** Characters that only traditional texts have. */
  traditional: ReadonlySet<string>;
  /** Of the simplified characters, those that Japanese writes, too. */
  japanese: ReadonlySet<string>;
  /** Of the traditional characters, those that Japanese writes otherwise. */
  chinese: ReadonlySet<string>;
}

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Simplified characters among so many times more traditional ones are taken for misread. */
const prevailing = 3;

let loading: Promise<ScriptVariants> | undefined;

/**
 * The spellings in models/lexicon-zh/variants.json; read on the first call and kept. A failure is not kept.
 * @throws PlacardError FILE_UNREADABLE
 */
export function loadScriptVariants(): Promise<ScriptVariants> {
  loading ??= readVariants(join(packagedModels(), 'lexicon-zh', 'variants.json')).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function readVariants(path: string): Promise<ScriptVariants> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read the Chinese spellings ${path}.`, { cause });
  });
  const { variants, japanese, chinese } = JSON.parse(text) as Record<'japanese' | 'chinese', string> & {
    variants: Record<string, string>;
  };
  return {
    traditionalOf: new Map(Object.entries(variants)),
    traditional: new Set(Object.values(variants).join('')),
    japanese: new Set(japanese),
    chinese: new Set(chinese),
  };
}

/** Lines of a picture that hold characters of another script than they are written in. */
export interface MixedScripts {
  /** For each line, whether it does. */
  mixed: boolean[];
  /** The characters that do not belong there. */
  misplaced: ReadonlySet<string>;
}

/**
 * Finds lines of traditional characters in which some were read as simplified, because recognizers have seen more of those:
 * lines with no more simplified than traditional ones, and with a single simplified one where traditional ones prevail in
 * the picture. Japanese has characters of both: what it shares with simplified Chinese is left alone unless the picture
 * has characters that Japanese has not.
 */
export function findMixedScripts(lines: readonly string[], variants: ScriptVariants): MixedScripts {
  const picture = Array.from(lines.join(''));
  const isSurelyChinese = picture.some((character) => variants.chinese.has(character));
  const misplaced = new Set(variants.traditionalOf.keys());
  if (!isSurelyChinese) for (const character of variants.japanese) misplaced.delete(character);
  const simplifiedIn = (characters: readonly string[]) =>
    characters.filter((character) => misplaced.has(character)).length;
  const traditionalIn = (characters: readonly string[]) =>
    characters.filter((character) => variants.traditional.has(character)).length;
  const prevails = traditionalIn(picture) >= prevailing * simplifiedIn(picture);
  const isJapanese = picture.some((character) => kana.test(character));
  const mixed = lines.map((line) => {
    const simplified = simplifiedIn(Array.from(line));
    const traditional = traditionalIn(Array.from(line));
    if (isJapanese || simplified === 0) return false;
    return traditional > 0 ? traditional >= simplified : simplified === 1 && prevails;
  });
  return { mixed, misplaced };
}

/** Whether `text` differs from `before` in nothing but simplified characters that became their traditional spelling. */
export function isRespelled(before: string, text: string, variants: ScriptVariants): boolean {
  const [old, respelled] = [Array.from(before), Array.from(text)];
  return (
    old.length === respelled.length &&
    old.every((character, i) => {
      const now = respelled[i]!;
      return character === now || variants.traditionalOf.get(character)?.includes(now) === true;
    })
  );
}

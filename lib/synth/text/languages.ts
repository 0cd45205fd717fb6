import { expected } from '../../errors.ts';

/** Ways of writing, by their ISO 15924 codes. */
export type Script = 'Latn' | 'Grek' | 'Cyrl' | 'Hebr' | 'Arab' | 'Hans' | 'Hant' | 'Jpan' | 'Kore';

/** What there is to know of a language to make up prices, dates and the like. */
export interface Language {
  id: string;
  script: Script;
  /** BCP 47: whose dates, numbers and letter case. */
  locale: string;
  /** ISO 4217. */
  currencies: readonly string[];
  /** Telephone numbers: `#` is any digit, `N` one from 2 to 9. */
  phones: readonly string[];
}

const euro = ['EUR'];

/** Rows of: language, script, locale, currencies, telephone numbers. */
const table: [string, Script, string, readonly string[], readonly string[]][] = [
  [
    'en',
    'Latn',
    'en-US',
    ['USD', 'GBP', 'CAD', 'AUD'],
    ['(N##) N##-####', 'N##-N##-####', '1-800-###-####', '020 7### ####'],
  ],
  ['de', 'Latn', 'de-DE', ['EUR', 'CHF'], ['0### / ## ## ##', '0##-########', '+49 ### #######', '0### ######']],
  ['fr', 'Latn', 'fr-FR', ['EUR', 'CHF'], ['0# ## ## ## ##', '0#.##.##.##.##', '+33 # ## ## ## ##']],
  ['es', 'Latn', 'es-ES', ['EUR', 'MXN', 'ARS'], ['9## ## ## ##', '6## ### ###', '+34 9## ### ###']],
  ['pt', 'Latn', 'pt-BR', ['BRL', 'EUR'], ['(##) 9####-####', '(##) ####-####', '+351 2## ### ###']],
  ['it', 'Latn', 'it-IT', euro, ['0## #######', '3## ### ####', '+39 0# ########']],
  ['nl', 'Latn', 'nl-NL', euro, ['0##-#######', '06-########', '+31 ## ### ####']],
  ['pl', 'Latn', 'pl-PL', ['PLN'], ['## ### ## ##', '### ### ###', '+48 ### ### ###']],
  ['cs', 'Latn', 'cs-CZ', ['CZK'], ['### ### ###', '+420 ### ### ###']],
  ['sk', 'Latn', 'sk-SK', euro, ['09## ### ###', '0##/#######', '+421 9## ### ###']],
  ['hu', 'Latn', 'hu-HU', ['HUF'], ['06 1 ### ####', '06-##-###-###', '+36 ## ### ####']],
  ['ro', 'Latn', 'ro-RO', ['RON'], ['07## ### ###', '021.###.##.##', '+40 7## ### ###']],
  ['tr', 'Latn', 'tr-TR', ['TRY'], ['0 (2##) ### ## ##', '0 5## ### ## ##', '444 # ###']],
  ['sv', 'Latn', 'sv-SE', ['SEK'], ['08-### ## ##', '07#-### ## ##']],
  ['da', 'Latn', 'da-DK', ['DKK'], ['## ## ## ##', '+45 #### ####']],
  ['nb', 'Latn', 'nb-NO', ['NOK'], ['## ## ## ##', '9## ## ###']],
  ['fi', 'Latn', 'fi-FI', euro, ['0## ### ####', '09 #### ####']],
  ['hr', 'Latn', 'hr-HR', euro, ['01 #### ###', '09# ### ####']],
  ['vi', 'Latn', 'vi-VN', ['VND'], ['0## ### ## ##', '09## ### ###', '(028) #### ####']],
  ['el', 'Grek', 'el-GR', euro, ['21# ### ####', '69# ### ####', '+30 2### ######']],
  ['ru', 'Cyrl', 'ru-RU', ['RUB'], ['8 (9##) ###-##-##', '+7 ### ###-##-##', '##-##-##', '8-800-###-##-##']],
  ['uk', 'Cyrl', 'uk-UA', ['UAH'], ['(0##) ###-##-##', '+38 0## ### ## ##', '0 800 ### ###']],
  ['bg', 'Cyrl', 'bg-BG', ['BGN', 'EUR'], ['02 ### ## ##', '08## ### ###']],
  ['he', 'Hebr', 'he-IL', ['ILS'], ['0#-#######', '05#-###-####', '1-700-###-###']],
  ['ar', 'Arab', 'ar-EG-u-nu-latn', ['EGP', 'AED', 'SAR'], ['0# #### ####', '+966 # ### ####']],
  ['fa', 'Arab', 'fa-IR-u-nu-latn', ['IRR'], ['0## #### ####', '09## ### ####']],
  ['zh-Hans', 'Hans', 'zh-CN', ['CNY', 'HKD'], ['1## #### ####', '0##-########', '400-###-####', '010-N#######']],
  [
    'zh-Hant',
    'Hant',
    'zh-TW',
    ['TWD', 'HKD'],
    ['02-N###-####', '(0#)N##-####', '09##-###-###', '0800-###-###', '09########'],
  ],
  ['ja', 'Jpan', 'ja-JP', ['JPY'], ['03-####-####', '0##-###-####', '090-####-####', '0120-##-####', '(0##)###-####']],
  ['ko', 'Kore', 'ko-KR', ['KRW'], ['02-N##-####', '0##-N##-####', '010-####-####', '15##-####', '1588-####']],
];

const languages = new Map<string, Language>(
  table.map(([id, script, locale, currencies, phones]) => [id, { id, script, locale, currencies, phones }]),
);

/** The languages that texts are made in. */
export const languageIds: readonly string[] = [...languages.keys()];

/** Throws ERR_PLACARD_INVALID_ARGUMENT for a language that is not in `languageIds`. */
export function languageOf(id: string): Language {
  const language = languages.get(id);
  if (!language) throw expected(`one of ${languageIds.join(', ')}`, 'languages', id);
  return language;
}

export function isRightToLeft(script: Script): boolean {
  return script === 'Hebr' || script === 'Arab';
}

/** Written without blanks between words. */
export function isUnspaced(script: Script): boolean {
  return script === 'Hans' || script === 'Hant' || script === 'Jpan';
}

/** Has thousands of characters, most of them rare. */
export function isIdeographic(script: Script): boolean {
  return isUnspaced(script) || script === 'Kore';
}

import type { Random } from '../random.ts';
import type { Language } from './languages.ts';

/** Day 0 and the last of the dates that are drawn: 1980 … 2039. */
const firstDay = Date.UTC(1980, 0, 1) / 86_400_000;
const lastDay = Date.UTC(2039, 11, 31) / 86_400_000;

const dateStyles: readonly Intl.DateTimeFormatOptions[] = [
  { dateStyle: 'short' },
  { dateStyle: 'medium' },
  { dateStyle: 'long' },
  { day: '2-digit', month: '2-digit', year: 'numeric' },
  { day: '2-digit', month: '2-digit' },
  { day: 'numeric', month: 'long' },
  { weekday: 'long' },
  { month: 'long' },
  { month: 'short', year: 'numeric' },
  { weekday: 'short', day: 'numeric', month: 'short' },
];

/** Reigns and republics that years are counted by. */
const calendars: Readonly<Record<string, string>> = { 'zh-TW': 'roc', 'ja-JP': 'japanese' };

const units = [
  '%',
  'kg',
  'g',
  'ml',
  'L',
  'cl',
  'm',
  'km',
  'cm',
  'mm',
  'm²',
  '°C',
  'kW',
  'W',
  'V',
  'GB',
  'x',
  'km/h',
  'oz',
];
const cjkUnits = ['元', '個', '杯', '份', '人', '號', '樓', '年', '折', '分', '公斤', '月', '日', '坪', '%', '包'];

/** Formatters take milliseconds to make and microseconds to use. */
const formatters = new Map<string, { format(value: number): string }>();

function formatter(key: string, make: () => { format(value: number): string }): { format(value: number): string } {
  let known = formatters.get(key);
  if (!known) {
    known = make();
    formatters.set(key, known);
  }
  return known;
}

/** Narrow, unbreakable and joining blanks become plain ones; marks of direction have no ink. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u2009\u200c\u202f]/g, ' ').replace(/[\u061c\u200e\u200f]/g, '');
}

/** Digits for the marks of a pattern: `#` any, `N` one from 2 to 9. */
export function fillPattern(random: Random, pattern: string): string {
  return pattern.replace(/[#N]/g, (mark) => String(random.integer(mark === 'N' ? 2 : 0, 9)));
}

/** "$4.99", "1 290,00 Kč", "NT$120", "12,-", "120元". */
export function price(random: Random, { locale, currencies, script }: Language): string {
  const currency = random.pick(currencies);
  // Small amounts are the common ones, and the ends are those of shops.
  const whole = Math.round(10 ** random.between(0, 4.2));
  const cents = random.pick([0, 0, 0.5, 0.9, 0.95, 0.99, random.integer(0, 99) / 100]);
  const style = random.integer(0, 9);
  if (style === 0) return `${whole},-`;
  if (style === 1) return (whole + cents).toFixed(2);
  if (style === 2 && (script === 'Hant' || script === 'Hans')) return `${whole}元`;
  if (style === 2 && script === 'Jpan') return `${whole}円`;
  const currencyDisplay = random.pick(['symbol', 'narrowSymbol', 'code'] as const);
  const display = style < 9 && currencyDisplay === 'code' ? 'symbol' : currencyDisplay;
  const format = formatter(
    `${locale} ${currency} ${display}`,
    () => new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: display }),
  );
  return plain(format.format(whole + cents));
}

export function date(random: Random, { locale }: Language): string {
  const day = random.integer(firstDay, lastDay) * 86_400_000;
  if (random.chance(0.3)) {
    const [year, month, dayOfMonth] = new Date(day).toISOString().slice(0, 10).split('-') as [string, string, string];
    const separator = random.pick(['-', '/', '.', ' ']);
    const short = random.chance(0.4) ? year.slice(2) : year;
    const parts = random.chance(0.5) ? [short, month, dayOfMonth] : [dayOfMonth, month, short];
    return parts.join(separator);
  }
  const calendar = calendars[locale] !== undefined && random.chance(0.3) ? calendars[locale] : 'gregory';
  const style = random.integer(0, dateStyles.length - 1);
  const format = formatter(
    `${locale} ${calendar} ${style}`,
    () => new Intl.DateTimeFormat(locale, { ...dateStyles[style], calendar, timeZone: 'UTC' }),
  );
  return plain(format.format(day));
}

/** "14:30", "2:30 PM", "9-18", "10:00 – 22:30". */
export function time(random: Random, { script }: Language): string {
  const clock = () => {
    const minutes = random.pick([0, 0, 30, 15, 45, random.integer(0, 59)]);
    return [random.integer(0, 23), String(minutes).padStart(2, '0')] as const;
  };
  const [hour, minute] = clock();
  const style = random.integer(0, 7);
  if (style === 0) return `${(hour % 12) + 1}:${minute} ${random.pick(['AM', 'PM', 'am', 'pm', 'a.m.', 'p.m.'])}`;
  if (style === 1) return `${hour}.${minute}`;
  if (style === 2)
    return `${String(hour).padStart(2, '0')}:${minute}:${fillPattern(random, '##').replace(/^[6-9]/, '5')}`;
  if (style <= 4) {
    const [end, endMinute] = clock();
    const dash = random.pick(['-', ' - ', '–', ' – ', '~']);
    return style === 3 ? `${hour}${dash}${end}` : `${hour}:${minute}${dash}${end}:${endMinute}`;
  }
  if (style === 5 && (script === 'Hant' || script === 'Hans'))
    return `${random.pick(['上午', '下午', '晚上', ''])}${(hour % 12) + 1}點`;
  return `${String(hour).padStart(style === 6 ? 2 : 1, '0')}:${minute}`;
}

export function phone(random: Random, language: Language): string {
  const number = fillPattern(random, random.pick(language.phones));
  const label = random.chance(0.25) ? random.pick(labelsOf(language)) : '';
  return `${label}${number}`;
}

function labelsOf({ script }: Language): readonly string[] {
  if (script === 'Hans') return ['电话：', '电话:', 'TEL:', '手机 ', '热线：'];
  if (script === 'Hant') return ['電話：', '電話:', 'TEL:', '手機 ', '專線 '];
  if (script === 'Jpan') return ['電話 ', 'TEL ', 'TEL.', '☎'];
  return ['Tel. ', 'Tel: ', 'TEL ', 'T. ', 'Fax ', '☎ '];
}

/** A count, a share, a measure: "1,250", "-20%", "0.5 L", "3折". */
export function quantity(random: Random, { locale, script }: Language): string {
  const digits = random.integer(1, 5);
  const whole = random.integer(0, 10 ** digits - 1);
  const style = random.integer(0, 5);
  if (style === 0) return String(whole).padStart(digits, '0');
  if (style === 1) return `${random.pick(['-', '+', ''])}${random.integer(1, 19) * 5}${random.pick(['%', ' %'])}`;
  if (style === 2) return `${random.pick(['No. ', '#', 'Nº ', 'Nr. ', '№ '])}${whole % 1000}`;
  const places = random.pick([0, 0, 1, 2]);
  const format = formatter(
    `${locale} ${places}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }),
  );
  const number = plain(format.format(places > 0 ? (whole % 1000) / 10 ** places : whole));
  if (style === 3) return number;
  if ((script === 'Hans' || script === 'Hant') && random.chance(0.6)) return `${number}${random.pick(cjkUnits)}`;
  return `${number}${random.pick(['', ' '])}${random.pick(units)}`;
}

/** What is reckoned or rated: "7.05×0.84=", "50/60Hz", "6*40", "1/2", "40/70/21". */
export function expression(random: Random): string {
  const number = () => String(random.integer(0, 10 ** random.integer(1, 3)) / (random.chance(0.25) ? 100 : 1));
  switch (random.integer(0, 4)) {
    case 0:
      return `${number()}${random.pick(['+', '-', '×', '÷', 'x', '*', ' + ', ' - ', ' × '])}${number()}${random.pick(['=', '', ' = '])}`;
    case 1:
      return `${number()}/${number()}${random.pick(['', '', random.pick(units)])}`;
    case 2:
      return Array.from({ length: random.integer(2, 4) }, number).join(
        random.pick(['/', '-', 'x', '×', '.', ':', ' ', ', ']),
      );
    case 3:
      return `${random.pick(['<', '>', '≤', '±', '~', '@', 'x', '*', '('])}${number()}`;
    default:
      return `${number()}${random.pick(units)}${random.pick(['', '/', '-', ' '])}${number()}${random.pick(units)}`;
  }
}

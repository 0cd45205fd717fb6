import type { Random } from './random.ts';
import { drawableLine, type Supplies } from './supplies.ts';
import { isIdeographic } from './text/languages.ts';
import type { TextLine } from './text/text-source.ts';

/** Texts that belong together, and how they stand. */
export interface Paragraph {
  /** In reading order. */
  texts: TextLine[];
  /** Ideographs one below the other, the first column on the right. */
  areColumns: boolean;
}

/** Room for text, in the size of its letters. */
interface Room {
  width: number;
  height: number;
}

/** Texts that are tried before an upright room gets rows. */
const mostTries = 4;

/** As many rows as there is room for: mostly one or two, sometimes more; in an upright room columns, where a text can stand in one. */
export function paragraphFor(random: Random, supplies: Supplies, room: Room): Paragraph {
  if (supplies.effects.takes('vertical', room.height > 1.2 * room.width ? 0.8 : 0.06, random)) {
    const most = lengthIn(room.height);
    for (let tried = 0; tried < mostTries; tried++) {
      const first = drawableLine(random, supplies, { most });
      if (!standsUpright(first)) continue;
      const columns = Math.min(random.pick([1, 1, 1, 2, 3, 4, 6, 8]), room.width / 1.3);
      return { texts: withMore(random, supplies, first, columns, most), areColumns: true };
    }
  }
  const most = lengthIn(room.width);
  const rows = Math.min(random.pick([1, 1, 1, 2, 2, 3, 4, 6]), room.height / 1.4);
  return { texts: withMore(random, supplies, drawableLine(random, supplies, { most }), rows, most), areColumns: false };
}

/** Whether a text's characters may stand one below the other. */
export function standsUpright({ script, text }: TextLine): boolean {
  return isIdeographic(script) && !/[\s\p{sc=Latin}]/u.test(text);
}

/** Texts that are too long are made smaller. */
function lengthIn(room: number): number {
  return Math.min(Math.max(Math.floor(1.6 * room), 2), 24);
}

function withMore(random: Random, supplies: Supplies, first: TextLine, count: number, most: number): TextLine[] {
  const { script } = first;
  const more = { length: Math.ceil(count) - 1 };
  return [first, ...Array.from(more, () => drawableLine(random, supplies, { most, script }))];
}

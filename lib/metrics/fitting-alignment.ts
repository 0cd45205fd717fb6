/** Where a text fits best inside a longer one. */
export interface Fit {
  /** Insertions, deletions and substitutions between the text and the span. */
  distance: number;
  /** The span: code points `start` to `end`, the end not included. */
  start: number;
  end: number;
}

/**
 * The span of `page` with the smallest edit distance to `text` (Sellers, 1980): the ends of the page cost nothing.
 * Of equal spans the first that ends; within it substitutions are preferred to deletions, deletions to insertions.
 */
export function fitInside(text: Uint32Array, page: Uint32Array): Fit {
  const width = page.length + 1;
  const table = distances(text, page);
  const last = text.length * width;
  let end = 0;
  for (let j = 1; j < width; j++) if (table[last + j]! < table[last + end]!) end = j;
  let i = text.length;
  let j = end;
  while (i > 0) {
    const here = table[i * width + j]!;
    const step = j > 0 && text[i - 1] === page[j - 1] ? 0 : 1;
    if (j > 0 && here === table[(i - 1) * width + j - 1]! + step) {
      i--;
      j--;
    } else if (here === table[(i - 1) * width + j]! + 1) i--;
    else j--;
  }
  return { distance: table[last + end]!, start: j, end };
}

/** Row i, column j: the smallest distance between the first i code points of the text and any span of the page that ends at j. */
function distances(text: Uint32Array, page: Uint32Array): Uint32Array {
  const width = page.length + 1;
  const table = new Uint32Array((text.length + 1) * width);
  for (let i = 1; i <= text.length; i++) {
    const character = text[i - 1];
    const row = i * width;
    const above = row - width;
    table[row] = i;
    for (let j = 1; j < width; j++) {
      const substituted = table[above + j - 1]! + (page[j - 1] === character ? 0 : 1);
      table[row + j] = Math.min(substituted, table[above + j]! + 1, table[row + j - 1]! + 1);
    }
  }
  return table;
}

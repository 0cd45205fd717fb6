import type { Box } from './quad.ts';

/** A part of a picture that is looked at, and the inner part of it that counts: the cores of all tiles fill the picture. */
export interface Tile {
  box: Box;
  core: Box;
}

/**
 * Covers a picture with tiles of one size, in rows.
 * @param side the most that a tile measures either way
 * @param overlap the least that neighbors share
 */
export function coverWithTiles(width: number, height: number, side: number, overlap: number): Tile[] {
  const columns = cutAxis(width, side, overlap);
  return cutAxis(height, side, overlap).flatMap((row) =>
    columns.map((column) => ({
      box: { left: column.start, top: row.start, right: column.end, bottom: row.end },
      core: { left: column.coreStart, top: row.coreStart, right: column.coreEnd, bottom: row.coreEnd },
    })),
  );
}

function cutAxis(length: number, side: number, overlap: number) {
  const extent = Math.min(length, side);
  const count = length > side ? Math.ceil((length - overlap) / (side - overlap)) : 1;
  const starts = Array.from({ length: count }, (_, i) =>
    count > 1 ? Math.round((i * (length - extent)) / (count - 1)) : 0,
  );
  const border = (i: number) => Math.round((starts[i]! + extent + starts[i + 1]!) / 2);
  return starts.map((start, i) => ({
    start,
    end: start + extent,
    coreStart: i > 0 ? border(i - 1) : 0,
    coreEnd: i + 1 < count ? border(i) : length,
  }));
}

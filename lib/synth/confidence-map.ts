import type { Polygon } from '../reading.ts';

/** A polygon on a map, and how far what the maps say inside is to be trusted, 0 … 1. */
export interface TrustedPlace {
  /** Map pixels, a pixel's center at .5. */
  polygon: Polygon;
  confidence: number;
}

/**
 * CRAFT's map of confidences: width x height levels, 255 for 1, which holds outside of all places. Where places overlap, the
 * least counts. A pixel belongs to a polygon that its center lies in (by the even-odd rule).
 */
export function confidenceMap(places: readonly TrustedPlace[], width: number, height: number): Uint8Array {
  const map = new Uint8Array(width * height).fill(255);
  for (const { polygon, confidence } of places) {
    const level = Math.round(255 * confidence);
    const rows = polygon.map(([, y]) => y);
    const bottom = Math.min(height, Math.ceil(Math.max(...rows)));
    for (let y = Math.max(0, Math.floor(Math.min(...rows))); y < bottom; y++) {
      const crossings = crossingsAt(polygon, y + 0.5);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const right = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
        for (let x = Math.max(0, Math.ceil(crossings[i]! - 0.5)); x < right; x++) {
          map[y * width + x] = Math.min(map[y * width + x]!, level);
        }
      }
    }
  }
  return map;
}

/** Where a polygon's sides cross a row, from left to right. */
function crossingsAt(polygon: Polygon, y: number): number[] {
  return polygon
    .flatMap(([x0, y0], i) => {
      const [x1, y1] = polygon[(i + 1) % polygon.length]!;
      return y0 <= y !== y1 <= y ? [x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)] : [];
    })
    .sort((a, b) => a - b);
}

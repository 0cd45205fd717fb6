import type { Point, Polygon, Quad } from '../reading.ts';

/** Text as a network draws it, in the picture's pixels: DB shrinks it, CRAFT does not. */
export interface DrawnRegion {
  /** Clockwise from the upper left. */
  quad: Quad;
  /** Mean text probability, 0 … 1. */
  score: number;
  /** The outline of bent text. */
  polygon?: Polygon;
}

/** Regions in a map's pixels as the addon gives them: quads, scores, and polygons one after the other. */
interface MapRegions {
  quads: Float32Array;
  scores: Float32Array;
  polygonCounts: Int32Array;
  polygonPoints: Float32Array;
}

/** The regions of a map in the pixels of a picture that is `scaleX` and `scaleY` times as large. */
export function toRegions(found: MapRegions, scaleX: number, scaleY: number): DrawnRegion[] {
  const place = (points: Float32Array, i: number): Point => [points[2 * i]! * scaleX, points[2 * i + 1]! * scaleY];
  let next = 0;
  return Array.from(found.scores, (score, i) => {
    const corner = (k: number) => place(found.quads, 4 * i + k);
    const region: DrawnRegion = { quad: [corner(0), corner(1), corner(2), corner(3)], score };
    const first = next;
    next += found.polygonCounts[i]!;
    if (next > first) {
      region.polygon = Array.from({ length: next - first }, (_, k) => place(found.polygonPoints, first + k));
    }
    return region;
  });
}

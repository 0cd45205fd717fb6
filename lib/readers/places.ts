import { unclipBent } from '../geometry/bent.ts';
import { clip, grow, quadHeight, quadWidth, unclip } from '../geometry/quad.ts';
import type { DrawnRegion } from '../geometry/text-regions.ts';
import type { Detector } from '../models/loaded.ts';
import type { Polygon, Quad, TextRegion } from '../reading.ts';
import { textUnclip } from '../stages/detect-db.ts';

/** Text as its detector drew it, as it is reported, and as it is cut out to be read. */
export interface Place extends TextRegion {
  drawn: DrawnRegion;
  /** Of bent text: what to cut out of it. */
  bentCrop?: Polygon;
}

/** How far a shrunk region is unclipped to be reported: what recognizers want is wider than the ink. */
const reportUnclip = 1.1;
/** Text that fills a crop is found with narrower margins, and its rows stand close: less is cut out with it than on pages. */
const rowUnclip = 1.4;
/** CRAFT's boxes hold their text; recognizers want this share of its height around it. */
const craftMargin = 0.05;

/** Of a region that DB drew. */
export function placeOfShrunk(drawn: DrawnRegion): Place {
  const { quad, score, polygon } = drawn;
  const place = { drawn, score, quad: unclip(quad, reportUnclip), crop: unclip(quad, textUnclip) };
  if (!polygon) return place;
  return { ...place, polygon: unclipBent(polygon, reportUnclip), bentCrop: unclipBent(polygon, textUnclip) };
}

/** Of a region that CRAFT drew. */
export function placeOfWord(drawn: DrawnRegion): Place {
  const margin = craftMargin * Math.min(quadWidth(drawn.quad), quadHeight(drawn.quad));
  return { drawn, ...drawn, crop: grow(drawn.quad, margin), ...(drawn.polygon && { bentCrop: drawn.polygon }) };
}

/** A place that is cut out as `crop`. */
export function placeOfCrop(crop: Quad): Place {
  return placeOfShrunk({ quad: clip(crop, textUnclip), score: 1 });
}

/** The same cut out as rows of a crop, so that none holds a part of its neighbors. */
export function placesOfRows(places: readonly Place[], { contract }: Detector): Place[] {
  if (contract.decoder === 'craft') return [...places];
  return places.map(({ drawn }) => placeOfCrop(unclip(drawn.quad, rowUnclip)));
}

#ifndef PLACARD_SHAPES_BENT_TEXT_H_
#define PLACARD_SHAPES_BENT_TEXT_H_

#include <span>
#include <vector>

#include "base/geometry.h"
#include "shapes/connected_components.h"
#include "shapes/min_area_rect.h"

namespace placard {

// The outline of a component that is a bent ribbon of text, or nothing for any other shape.
//
// In the frame of its min-area rectangle (u along the longer side, v across) a polynomial of degree 4 is fitted through the
// component's pixels, twice, the second time by cross-sections of the first: the centerline. With the component's length S
// along it and its thickness T = area / S, it is bent text if
//   - it fills less than 0.8 of its rectangle (straight text fills more, so nothing else is worked out for it),
//   - S >= 3 T and T >= 2: there is a line of text,
//   - the pixels' root mean square distance from the centerline is < 0.36 T (an even ribbon has 0.29 T; rows that have grown
//     together, crosses and blots have more),
//   - the centerline, but for T / 2 at either end, leaves its chord by at least 0.6 T (both sides together): 0.3 of the
//     text's height, as a network draws text at about half its height; straight words on photographs stay under 0.5 T,
//   - the centerline nowhere turns more sharply than a circle of radius T / 2, nor rises more steeply than 4 : 1.
// The polygon has 14 points: the ribbon's edges at 7 cross-sections at right angles to the centerline, evenly spaced along it:
// the upper side left to right (downwards along the right side, if the longer side is steeper than 45 degrees), and back along
// the other. The edges lie half a thickness to either side of the centerline, which is the pixels around the section over their
// stretch, smoothed over neighbors.
std::vector<Point> BentTextPolygon(std::span<const Run> runs, int area, const RotatedRect& rect);

}  // namespace placard

#endif  // PLACARD_SHAPES_BENT_TEXT_H_

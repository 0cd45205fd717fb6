#ifndef PLACARD_SHAPES_MIN_AREA_RECT_H_
#define PLACARD_SHAPES_MIN_AREA_RECT_H_

#include <span>
#include <vector>

#include "base/geometry.h"

namespace placard {

struct RotatedRect {
  Point center;
  double width = 0;   // along (cos angle, sin angle)
  double height = 0;
  double angle = 0;   // radians, y down, in (-pi/4, pi/4]
};

// Convex hull, clockwise in image coordinates (y down), without collinear points. `points` is sorted in place by
// y, then x, and loses doubles and points that are not finite.
void ConvexHull(std::vector<Point>* points, std::vector<Point>* hull);

// The smallest rectangle around a convex hull, by rotating calipers (Toussaint, 1983); among equally small ones the nearest to
// upright. One point or a segment give a degenerate rectangle, no point the default one.
RotatedRect MinAreaRect(std::span<const Point> hull);

// Corners clockwise (y down) starting with the one nearest to the top-left as PaddleOCR orders mini boxes: of the two
// leftmost the upper one is first.
Quad Corners(const RotatedRect& rect);

}  // namespace placard

#endif  // PLACARD_SHAPES_MIN_AREA_RECT_H_

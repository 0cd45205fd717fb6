#ifndef PLACARD_BASE_GEOMETRY_H_
#define PLACARD_BASE_GEOMETRY_H_

#include <array>

namespace placard {

// x to the right, y down, in pixels; (0, 0) is the outer corner of the first pixel unless a header says otherwise.
struct Point {
  double x = 0;
  double y = 0;
};

// Clockwise (y down) from the top-left of the reading direction.
using Quad = std::array<Point, 4>;

// Row-major 3 x 3.
using Matrix3 = std::array<double, 9>;

}  // namespace placard

#endif  // PLACARD_BASE_GEOMETRY_H_

#ifndef PLACARD_BASE_GEOMETRY_H_
#define PLACARD_BASE_GEOMETRY_H_

#include <algorithm>
#include <array>
#include <cmath>

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

inline bool IsFinite(const Quad& quad) {
  return std::all_of(quad.begin(), quad.end(),
                     [](const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); });
}

// Twice the signed area of the triangle; positive when it runs clockwise on a screen.
inline double Cross(const Point& origin, const Point& a, const Point& b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

}  // namespace placard

#endif  // PLACARD_BASE_GEOMETRY_H_

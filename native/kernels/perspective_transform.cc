#include <algorithm>
#include <cmath>

#include "kernels/homography.h"
#include "kernels/warp_perspective.h"

namespace placard {
namespace {

// Whether no three of the points lie on a line, to 1e-9 of the quad's size.
bool InGeneralPosition(const Quad& quad) {
  double size = 0;
  for (const Point& point : quad) {
    size = std::max({size, std::abs(point.x - quad[0].x), std::abs(point.y - quad[0].y)});
  }
  for (int skipped = 0; skipped < 4; ++skipped) {
    const double area = Cross(quad[(skipped + 1) % 4], quad[(skipped + 2) % 4], quad[(skipped + 3) % 4]);
    if (!(std::abs(area) > 1e-9 * size * size)) return false;
  }
  return true;
}

// The homography from the unit square (0, 0), (1, 0), (1, 1), (0, 1) to the quad (Heckbert, "Fundamentals of Texture
// Mapping and Image Warping", 1989, 2.2.3), up to a factor.
Matrix3 FromUnitSquare(const Quad& quad) {
  const auto& [a, b, c, d] = quad;
  const double sum_x = a.x - b.x + c.x - d.x, sum_y = a.y - b.y + c.y - d.y;
  const double determinant = (b.x - c.x) * (d.y - c.y) - (d.x - c.x) * (b.y - c.y);
  const double g = (sum_x * (d.y - c.y) - (d.x - c.x) * sum_y) / determinant;
  const double h = ((b.x - c.x) * sum_y - sum_x * (b.y - c.y)) / determinant;
  return {b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h, 1};
}

Quad Shifted(Quad quad, const Point& by) {
  for (Point& point : quad) point = {point.x - by.x, point.y - by.y};
  return quad;
}

}  // namespace

Result<Matrix3> PerspectiveTransform(const Quad& from, const Quad& to) {
  if (!IsFinite(from) || !IsFinite(to)) {
    return Status(Code::kInvalidArgument, "Expected finite corner coordinates for a perspective transform.");
  }
  if (!InGeneralPosition(from) || !InGeneralPosition(to)) {
    return Status(Code::kInvalidArgument,
                  "Expected four corners of which no three lie on a line for a perspective transform.");
  }
  // Small numbers around a corner lose less to cancellation than places deep in a large picture.
  const Matrix3 to_square = Adjugate(FromUnitSquare(Shifted(from, from[0])));
  const Matrix3 shifted = Multiply(FromUnitSquare(Shifted(to, to[0])), to_square);
  Matrix3 matrix = Multiply(Translation(to[0].x, to[0].y), Multiply(shifted, Translation(-from[0].x, -from[0].y)));
  double largest = 0;
  for (const double value : matrix) largest = std::max(largest, std::abs(value));
  // OpenCV's form has 1 last; where that would be a division by nothing, the largest entry is made 1.
  const double divisor = std::abs(matrix[8]) > 1e-12 * largest ? matrix[8] : largest;
  for (double& value : matrix) value /= divisor;
  return matrix;
}

Result<Matrix3> CropTransform(const Quad& quad, int width, int height) {
  if (width < 1 || height < 1) return Status(Code::kInvalidArgument, "Expected a crop of at least one pixel.");
  const double right = width, bottom = height;
  Result<Matrix3> corners = PerspectiveTransform({{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}}}, quad);
  if (!corners.ok()) return corners;
  return BetweenCenters(*corners);
}

}  // namespace placard

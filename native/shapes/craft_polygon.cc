#include "shapes/craft_polygon.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace placard {
namespace {

constexpr int kLeastSide = 10;
constexpr double kStraightHeight = 0.7;  // of the box's height: what a straight word's column has
constexpr size_t kPivots = 5;
constexpr size_t kSegments = 2 * kPivots + 1;
constexpr double kLeastSegment = 0.25;  // of the highest pivot
constexpr double kExpansion = 1.45;
constexpr double kFirstMove = 0.5, kMoveStep = 0.2;
constexpr int kMoves = 7;

// A component's pixels on a box's grid of width x height.
class WordGrid {
 public:
  WordGrid(const BitMap& pixels, const Component& bounds, const Quad& quad)
      : pixels_(pixels), origin_(quad[0]), width_(Cells(quad[0], quad[1])), height_(Cells(quad[1], quad[2])) {
    right_ = {(quad[1].x - quad[0].x) / width_, (quad[1].y - quad[0].y) / width_};
    down_ = {(quad[3].x - quad[0].x) / height_, (quad[3].y - quad[0].y) / height_};
    corner_ = {origin_.x - bounds.left, origin_.y - bounds.top};
  }

  int width() const { return width_; }
  int height() const { return height_; }

  // Whether the pixel nearest to a cell is the component's.
  bool Covers(int column, int row) const {
    const auto x = static_cast<int>(std::lrint(corner_.x + column * right_.x + row * down_.x));
    const auto y = static_cast<int>(std::lrint(corner_.y + column * right_.y + row * down_.y));
    return x >= 0 && y >= 0 && x < pixels_.width() && y < pixels_.height() && pixels_.at(x, y);
  }

  Point ToMap(const Point& point) const {
    return {origin_.x + point.x * right_.x + point.y * down_.x, origin_.y + point.x * right_.y + point.y * down_.y};
  }

 private:
  static int Cells(const Point& from, const Point& to) {
    constexpr double kSlack = 1e-6;  // a whole side is whole, whatever rounding says
    return static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) + 1 + kSlack);
  }

  const BitMap& pixels_;
  Point origin_, corner_, right_, down_;
  int width_, height_;
};

// The covered cells of a column, from the first to the last.
struct Column {
  int x, top, bottom;

  int height() const { return bottom - top + 1; }
  double center() const { return (top + bottom) * 0.5; }
};

// Columns of two covered cells and more; none at all if one of them is as high as straight text is.
std::vector<Column> BentColumns(const WordGrid& grid) {
  std::vector<Column> columns;
  for (int x = 0; x < grid.width(); ++x) {
    Column column{x, 0, grid.height() - 1};
    while (column.top < column.bottom && !grid.Covers(x, column.top)) ++column.top;
    while (column.bottom > column.top && !grid.Covers(x, column.bottom)) --column.bottom;
    if (column.height() < 2) continue;
    if (grid.height() * kStraightHeight < column.height()) return {};
    columns.push_back(column);
  }
  return columns;
}

struct Segment {
  double x = 0, center = 0;  // sums over columns
  int columns = 0;
  Column highest{0, 0, -1};

  void Include(const Column& column) {
    x += column.x;
    center += column.center();
    ++columns;
    if (column.height() > highest.height()) highest = column;
  }
  Point Mean() const { return columns > 0 ? Point{x / columns, center / columns} : Point{}; }
};

using Segments = std::array<Segment, kSegments>;

Segments SegmentsOf(const std::vector<Column>& columns, int width, bool published_walk) {
  const double step = static_cast<double>(width) / kSegments;
  Segments segments;
  size_t here = 0;
  for (const Column& column : columns) {
    while (here + 1 < kSegments && static_cast<double>(here + 1) * step <= column.x) {
      if (segments[here].columns == 0) return segments;
      ++here;
      if (published_walk) break;
    }
    segments[here].Include(column);
  }
  return segments;
}

// Whether pivots and slopes can be told.
bool IsComplete(const Segments& segments, int width, bool published_walk) {
  const size_t needed = published_walk ? kSegments - 1 : kSegments;
  int highest = 0;
  for (size_t i = 0; i < needed; ++i) {
    if (segments[i].columns == 0) return false;
    if (i % 2 == 1) highest = std::max(highest, segments[i].highest.height());
  }
  return static_cast<double>(width) / kSegments >= highest * kLeastSegment;
}

double HalfHeight(const Segments& segments) {
  std::array<int, kPivots> heights;
  for (size_t i = 0; i < kPivots; ++i) heights[i] = segments[2 * i + 1].highest.height();
  std::sort(heights.begin(), heights.end());
  return heights[kPivots / 2] * kExpansion / 2;
}

// A point of the upper side and its counterpart of the lower one.
struct Rib {
  Point top, bottom;

  Rib Moved(double dx, double dy) const { return {{top.x + dx, top.y + dy}, {bottom.x + dx, bottom.y + dy}}; }
};

Rib RibAt(const Column& pivot, const Point& before, const Point& after, double half_height) {
  const double dx = after.x - before.x, dy = after.y - before.y;
  const double scale = half_height / std::hypot(dx, dy);
  const Point center{static_cast<double>(pivot.x), pivot.center()};
  return {{center.x + dy * scale, center.y - dx * scale}, {center.x - dy * scale, center.y + dx * scale}};
}

// Whether a line one cell wide between a rib's points meets a covered cell. Of two cells as near to the line it takes the
// one nearer to its left end's row (or column, where it is steep), as OpenCV does; but OpenCV first clips a line that leaves
// the grid, which bends it by up to a cell.
bool Meets(const WordGrid& grid, const Rib& rib) {
  const auto truncated = [](double value) { return static_cast<int64_t>(std::clamp(value, -1e9, 1e9)); };
  int64_t x0 = truncated(rib.top.x), y0 = truncated(rib.top.y), x1 = truncated(rib.bottom.x), y1 = truncated(rib.bottom.y);
  if (x1 < x0) {
    std::swap(x0, x1);
    std::swap(y0, y1);
  }
  const int64_t dx = x1 - x0, dy = std::abs(y1 - y0), longer = std::max(dx, dy), shorter = std::min(dx, dy);
  for (int64_t along = 0; along <= longer; ++along) {
    const int64_t across = longer == 0 ? 0 : (2 * along * shorter + longer - 1) / (2 * longer);
    const int64_t x = x0 + (dx >= dy ? along : across);
    const int64_t y = y0 + (y1 < y0 ? -1 : 1) * (dx >= dy ? across : along);
    const bool inside = x >= 0 && y >= 0 && x < grid.width() && y < grid.height();
    if (inside && grid.Covers(static_cast<int>(x), static_cast<int>(y))) return true;
  }
  return false;
}

// The rib beyond an end: `first`, `second` and `third` are the pivots from that end on.
Rib EndRib(const WordGrid& grid, const Rib& rib, const Column& first, const Column& second, const Column& third,
           double half_height) {
  const auto slope = [](const Column& a, const Column& b) { return (b.center() - a.center()) / (b.x - a.x); };
  const double gradient = slope(first, second) + slope(second, third);
  const double outwards = first.x < second.x ? -1 : 1;
  Rib moved = rib;
  for (int i = 0; i < kMoves; ++i) {
    const double dx = outwards * 2 * half_height * (kFirstMove + i * kMoveStep);
    moved = rib.Moved(dx, gradient * dx);
    if (!Meets(grid, moved)) break;
  }
  return moved;
}

}  // namespace

std::vector<Point> CraftOutline::Of(std::span<const Run> runs, const Component& bounds, const Quad& quad) {
  const WordGrid grid(pixels_, bounds, quad);
  if (grid.width() < kLeastSide || grid.height() < kLeastSide) return {};
  pixels_.Reset(bounds.right - bounds.left + 1, bounds.bottom - bounds.top + 1);
  for (const Run& run : runs) pixels_.Fill(run.y - bounds.top, run.begin - bounds.left, run.end - bounds.left);
  const Segments segments = SegmentsOf(BentColumns(grid), grid.width(), published_walk_);
  if (!IsComplete(segments, grid.width(), published_walk_)) return {};

  const double half_height = HalfHeight(segments);
  const auto pivot = [&segments](size_t i) -> const Column& { return segments[2 * i + 1].highest; };
  std::array<Rib, kPivots + 2> ribs;
  for (size_t i = 0; i < kPivots; ++i) {
    ribs[i + 1] = RibAt(pivot(i), segments[2 * i].Mean(), segments[2 * i + 2].Mean(), half_height);
  }
  ribs.front() = EndRib(grid, ribs[1], pivot(0), pivot(1), pivot(2), half_height);
  ribs.back() = EndRib(grid, ribs[kPivots], pivot(4), pivot(3), pivot(2), half_height);

  std::vector<Point> polygon;
  for (const Rib& rib : ribs) polygon.push_back(grid.ToMap(rib.top));
  for (auto rib = ribs.rbegin(); rib != ribs.rend(); ++rib) polygon.push_back(grid.ToMap(rib->bottom));
  return polygon;
}

}  // namespace placard

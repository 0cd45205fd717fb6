#include "shapes/db_boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

#include "shapes/bent_text.h"
#include "shapes/connected_components.h"
#include "shapes/mean_probability.h"
#include "shapes/min_area_rect.h"

namespace placard {
namespace {

struct Span {
  double begin = std::numeric_limits<double>::infinity();
  double end = -std::numeric_limits<double>::infinity();

  void Include(double x) {
    begin = std::min(begin, x);
    end = std::max(end, x);
  }
};

// A convex quad by its horizontal cuts.
class QuadRows {
 public:
  explicit QuadRows(const Quad& quad) {
    for (size_t i = 0; i < 4; ++i) {
      const bool falls = quad[i].y <= quad[(i + 1) % 4].y;
      const Point& upper = falls ? quad[i] : quad[(i + 1) % 4];
      const Point& lower = falls ? quad[(i + 1) % 4] : quad[i];
      const double height = lower.y - upper.y;
      sides_[i] = {upper, lower, height > 0 ? (lower.x - upper.x) / height : 0};
      top_ = std::min(top_, upper.y);
      bottom_ = std::max(bottom_, lower.y);
    }
  }

  double top() const { return top_; }
  double bottom() const { return bottom_; }

  // Where the quad crosses the height y of [top, bottom].
  Span At(double y) const {
    Span span;
    for (const Side& side : sides_) {
      if (y < side.upper.y || y > side.lower.y) continue;
      span.Include(side.upper.x + side.slope * (y - side.upper.y));
      if (side.upper.y == side.lower.y) span.Include(side.lower.x);
    }
    return span;
  }

 private:
  struct Side {
    Point upper, lower;
    double slope;  // x over y
  };

  std::array<Side, 4> sides_;
  double top_ = std::numeric_limits<double>::infinity();
  double bottom_ = -std::numeric_limits<double>::infinity();
};

// Boxes are low and rows far apart in memory: the processor does not see by itself what comes next.
void Prefetch(const float* begin, const float* end) {
  for (const float* line = begin; line < end; line += 16) __builtin_prefetch(line);
}

int Floor(double value) {
  const int whole = static_cast<int>(value);
  return whole - (whole > value ? 1 : 0);
}

int Ceil(double value) { return -Floor(-value); }

// Over the pixels whose center lies in the quad.
float MeanInside(const MapView& map, const Quad& quad) {
  constexpr double kSlack = 1e-9;  // a center on an edge is inside, whatever rounding says
  constexpr int kAhead = 4;        // rows
  const QuadRows rows(quad);
  const int first = std::max(0, Ceil(rows.top() - 0.5 - kSlack));
  const int last = std::min(map.height - 1, Floor(rows.bottom() - 0.5 + kSlack));
  MeanProbability mean;
  for (int y = first; y <= last; ++y) {
    const Span span = rows.At(std::clamp(y + 0.5, rows.top(), rows.bottom()));
    if (!(span.begin <= span.end)) continue;
    const int begin = std::max(0, Ceil(span.begin - 0.5 - kSlack));
    const int end = std::min(map.width, Floor(span.end - 0.5 + kSlack) + 1);
    if (begin >= end) continue;
    mean.Add(map.row(y) + begin, end - begin);
    if (y + kAhead <= last) Prefetch(map.row(y + kAhead) + begin, map.row(y + kAhead) + end);
  }
  return mean.value();
}

float MeanOfRuns(const MapView& map, std::span<const Run> runs) {
  MeanProbability mean;
  for (const Run& run : runs) mean.Add(map.row(run.y) + run.begin, run.end - run.begin);
  return mean.value();
}

// The outer corners of a component that can be corners of its hull: the leftmost and rightmost at each pixel border, sorted as
// the hull wants them. `runs` rise by row, then column.
void OuterCorners(std::span<const Run> runs, std::vector<Point>* points) {
  points->clear();
  double left = 0, right = 0;  // of the row above
  for (size_t i = 0; i < runs.size();) {
    const int y = runs[i].y;
    const double row_left = runs[i].begin;
    while (i < runs.size() && runs[i].y == y) ++i;
    const double row_right = runs[i - 1].end;
    const bool first = points->empty();
    const double border = y;
    points->push_back({first ? row_left : std::min(left, row_left), border});
    points->push_back({first ? row_right : std::max(right, row_right), border});
    left = row_left;
    right = row_right;
  }
  const double bottom = runs.back().y + 1;
  points->push_back({left, bottom});
  points->push_back({right, bottom});
}

// The labels of the largest components, rising.
std::vector<int> LargestComponents(const Components& found, int most) {
  std::vector<int> labels(found.components.size());
  std::iota(labels.begin(), labels.end(), 0);
  if (labels.size() > static_cast<size_t>(most)) {
    const auto end = labels.begin() + most;
    std::nth_element(labels.begin(), end, labels.end(), [&found](int a, int b) {
      const int a_area = found.components[static_cast<size_t>(a)].area;
      const int b_area = found.components[static_cast<size_t>(b)].area;
      return a_area != b_area ? a_area > b_area : a < b;
    });
    labels.erase(end, labels.end());
    std::sort(labels.begin(), labels.end());
  }
  return labels;
}

Status Check(const MapView& map, const DbOptions& options) {
  if (map.width > 0 && map.height > 0 && (map.data == nullptr || map.stride < map.width)) {
    return {Code::kInvalidArgument, "Expected a map whose stride is at least its width."};
  }
  if (std::isnan(options.map_threshold) || std::isnan(options.box_threshold) || std::isnan(options.min_side)) {
    return {Code::kInvalidArgument, "Expected thresholds and a least side that are numbers."};
  }
  if (options.max_candidates < 0) return {Code::kInvalidArgument, "Expected max_candidates of at least 0."};
  return {};
}

class BoxFinder {
 public:
  BoxFinder(const MapView& map, const DbOptions& options) : map_(map), options_(options) {}

  // The box of one component, or nothing if it is too small or too faint. Bent text is judged by its own pixels: most of its
  // rectangle is background.
  std::optional<DbBox> BoxOf(std::span<const Run> runs, const Component& component) {
    OuterCorners(runs, &corners_);
    ConvexHull(&corners_, &hull_);
    const RotatedRect rect = MinAreaRect(hull_);
    if (std::min(rect.width, rect.height) < options_.min_side) return std::nullopt;
    DbBox box;
    box.quad = Corners(rect);
    if (options_.curves) box.polygon = BentTextPolygon(runs, component.area, rect);
    box.score = box.polygon.empty() ? MeanInside(map_, box.quad) : MeanOfRuns(map_, runs);
    if (box.score < options_.box_threshold) return std::nullopt;
    return box;
  }

 private:
  const MapView& map_;
  const DbOptions& options_;
  std::vector<Point> corners_, hull_;
};

}  // namespace

Result<std::vector<DbBox>> DbBoxes(const MapView& map, const DbOptions& options, const CancelToken* cancel) {
  PLACARD_RETURN_IF_ERROR(Check(map, options));
  if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
  Components found;
  LabelComponents(map, options.map_threshold, Connectivity::kEight, &found);
  BoxFinder finder(map, options);
  std::vector<DbBox> boxes;
  for (const int label : LargestComponents(found, options.max_candidates)) {
    if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
    const auto k = static_cast<size_t>(label);
    const std::span runs(found.runs.data() + found.offsets[k], found.runs.data() + found.offsets[k + 1]);
    if (std::optional<DbBox> box = finder.BoxOf(runs, found.components[k])) boxes.push_back(std::move(*box));
  }
  return boxes;
}

}  // namespace placard

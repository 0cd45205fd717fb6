#include "shapes/craft_boxes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "shapes/bit_map.h"
#include "shapes/connected_components.h"
#include "shapes/craft_polygon.h"
#include "shapes/mean_probability.h"
#include "shapes/min_area_rect.h"
#include "shapes/row_bits.h"

namespace placard {
namespace {

constexpr int kLeastArea = 10;                 // pixels of a component
constexpr double kMostDiamondDifference = 0.1;  // of a diamond's sides, over the shorter one

Status Check(const MapView& region, const MapView& affinity, const CraftOptions& options) {
  const auto readable = [](const MapView& map) {
    return map.width <= 0 || map.height <= 0 || (map.data != nullptr && map.stride >= map.width);
  };
  if (!readable(region) || (!options.characters && !readable(affinity))) {
    return {Code::kInvalidArgument, "Expected maps whose stride is at least their width."};
  }
  if (!options.characters && (region.width != affinity.width || region.height != affinity.height)) {
    return {Code::kInvalidArgument, "Expected a region and an affinity map of equal size."};
  }
  if (std::isnan(options.text_threshold) || std::isnan(options.low_text) || std::isnan(options.link_threshold)) {
    return {Code::kInvalidArgument, "Expected thresholds that are numbers."};
  }
  return {};
}

// The maps as bits.
struct CraftBits {
  BitMap text;    // region > low_text
  BitMap strong;  // region >= text_threshold
  BitMap either;  // text or link

  CraftBits(const MapView& region, const MapView& affinity, const CraftOptions& options) {
    const int width = region.width, height = width > 0 ? std::max(0, region.height) : 0;
    for (BitMap* bits : {&text, &strong, &either}) bits->Reset(width, height);
    const float below_text = std::nextafter(options.text_threshold, -std::numeric_limits<float>::infinity());
    for (int y = 0; y < height; ++y) {
      BitsAbove(region.row(y), width, options.low_text, text.row(y));
      BitsAbove(region.row(y), width, below_text, strong.row(y));
      if (!options.characters) BitsAbove(affinity.row(y), width, options.link_threshold, either.row(y));
      for (int word = 0; word < either.words_in_row(); ++word) either.row(y)[word] |= text.row(y)[word];
    }
  }
};

// Calls `take(begin, end)` for each stretch of set bits within the columns [begin, end) of a row.
template <typename Take>
void ForStretches(const uint64_t* row, int begin, int end, Take take) {
  while (begin < end) {
    uint64_t word = row[begin >> 6] >> (begin & 63);
    if (word == 0) {
      begin = (begin | 63) + 1;
      continue;
    }
    begin += std::countr_zero(word);
    int stop = begin;
    do {
      const int ones = std::countr_one(row[stop >> 6] >> (stop & 63));
      const int left = 64 - (stop & 63);
      stop += ones;
      if (ones < left) break;
    } while (stop < end);
    if (begin >= end) return;
    take(begin, std::min(stop, end));
    begin = stop;
  }
}

bool AnySet(const BitMap& bits, std::span<const Run> runs) {
  bool any = false;
  for (const Run& run : runs) {
    ForStretches(bits.row(run.y), run.begin, run.end, [&any](int, int) { any = true; });
    if (any) return true;
  }
  return false;
}

// The first and the last of a row's pixels.
struct RowEnds {
  int y, left, right;
};

// How far a dilation reaches, pixels.
struct Reach {
  int before, after;
};

Reach ReachOf(const Component& component) {
  const int longer = std::max(component.right - component.left, component.bottom - component.top) + 1;
  const int n = static_cast<int>(2 * std::sqrt(static_cast<double>(component.area) / longer));
  return {n / 2, (n + 1) / 2};
}

// What can be a corner of the dilated pixels' hull, by row, then column. Each row counts twice: at the highest and at the
// lowest row that it is spread to; rows that fall on one become one.
void DilatedEnds(std::span<const RowEnds> rows, const Reach& reach, int width, int height, std::vector<Point>* points) {
  points->clear();
  for (size_t upper = 0, lower = 0; lower < rows.size();) {
    const int up = upper < rows.size() ? std::max(0, rows[upper].y - reach.before) : height;
    const int down = std::min(height - 1, rows[lower].y + reach.after);
    const RowEnds& row = up <= down ? rows[upper++] : rows[lower++];
    const Point left{static_cast<double>(std::max(0, row.left - reach.before)), static_cast<double>(std::min(up, down))};
    const Point right{static_cast<double>(std::min(width - 1, row.right + reach.after)), left.y};
    if (points->empty() || points->back().y < left.y) {
      points->insert(points->end(), {left, right});
    } else {
      Point& first = (*points)[points->size() - 2];
      first.x = std::min(first.x, left.x);
      points->back().x = std::max(points->back().x, right.x);
    }
  }
}

bool IsDiamond(const RotatedRect& rect) {
  const double ratio = std::max(rect.width, rect.height) / (std::min(rect.width, rect.height) + 1e-5);
  return std::abs(1 - ratio) <= kMostDiamondDifference;
}

Quad Bounds(std::span<const Point> hull) {
  const auto [left, right] =
      std::minmax_element(hull.begin(), hull.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  const auto [top, bottom] =
      std::minmax_element(hull.begin(), hull.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  return {{{left->x, top->y}, {right->x, top->y}, {right->x, bottom->y}, {left->x, bottom->y}}};
}

// The same corners, still clockwise, from the one of least x + y on.
Quad Rolled(const Quad& quad) {
  constexpr double kSame = 1e-6;
  const auto sum = [&quad](size_t i) { return quad[i % 4].x + quad[i % 4].y; };
  size_t first = 0;
  for (size_t i = 1; i < 4; ++i) {
    if (sum(i) < sum(first)) first = i;
  }
  const auto side = [&quad](size_t i) {
    const Point &from = quad[i % 4], &to = quad[(i + 1) % 4];
    return std::hypot(to.x - from.x, to.y - from.y);
  };
  for (const size_t other : {first + 1, first + 3}) {
    if (sum(other) <= sum(first) + kSame && side(other) > side(first) + kSame) {
      first = other % 4;
      break;
    }
  }
  return {quad[first], quad[(first + 1) % 4], quad[(first + 2) % 4], quad[(first + 3) % 4]};
}

class WordFinder {
 public:
  WordFinder(const MapView& region, const CraftBits& bits, const CraftOptions& options)
      : region_(region),
        bits_(bits),
        polygons_(options.polygons && !options.characters),
        outline_(options.published_walk) {}

  // The box of one component, or nothing if it is too small or too faint.
  std::optional<CraftBox> BoxOf(std::span<const Run> runs, const Component& component) {
    if (component.area < kLeastArea || !AnySet(bits_.strong, runs)) return std::nullopt;
    CraftBox box;
    box.score = ReadText(runs);
    if (rows_.empty()) return std::nullopt;  // links alone, with a text_threshold below low_text
    DilatedEnds(rows_, ReachOf(component), region_.width, region_.height, &points_);
    ConvexHull(&points_, &hull_);
    const RotatedRect rect = MinAreaRect(hull_);
    box.quad = Rolled(IsDiamond(rect) ? Bounds(hull_) : Corners(rect));
    if (polygons_) box.polygon = outline_.Of(runs, component, box.quad);
    return box;
  }

 private:
  // Takes the text pixels' rows and gives their mean score.
  float ReadText(std::span<const Run> runs) {
    rows_.clear();
    MeanProbability mean;
    for (const Run& run : runs) {
      ForStretches(bits_.text.row(run.y), run.begin, run.end, [&](int begin, int end) {
        mean.Add(region_.row(run.y) + begin, end - begin);
        if (rows_.empty() || rows_.back().y != run.y) rows_.push_back({run.y, begin, end - 1});
        rows_.back().right = end - 1;
      });
    }
    return mean.value();
  }

  const MapView& region_;
  const CraftBits& bits_;
  const bool polygons_;
  CraftOutline outline_;
  std::vector<RowEnds> rows_;
  std::vector<Point> points_, hull_;
};

}  // namespace

Result<std::vector<CraftBox>> CraftBoxes(const MapView& region, const MapView& affinity, const CraftOptions& options,
                                         const CancelToken* cancel) {
  PLACARD_RETURN_IF_ERROR(Check(region, affinity, options));
  if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
  const CraftBits bits(region, affinity, options);
  Components found;
  LabelComponents(bits.either, Connectivity::kFour, &found);
  WordFinder finder(region, bits, options);
  std::vector<CraftBox> boxes;
  for (size_t k = 0; k < found.components.size(); ++k) {
    if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
    const std::span runs(found.runs.data() + found.offsets[k], found.runs.data() + found.offsets[k + 1]);
    if (std::optional<CraftBox> box = finder.BoxOf(runs, found.components[k])) boxes.push_back(std::move(*box));
  }
  return boxes;
}

}  // namespace placard

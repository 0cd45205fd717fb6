#include "shapes/word_split.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "shapes/bit_map.h"
#include "shapes/connected_components.h"
#include "shapes/min_area_rect.h"
#include "shapes/watershed.h"

namespace placard {
namespace {

constexpr int kOpening = 2, kMargin = 3;  // how far squares reach
constexpr double kLeastArea = 10;
constexpr int64_t kMostPixels = 1 << 24;

// A byte a pixel.
struct Plane {
  int width, height;
  std::vector<uint8_t> bytes;

  Plane(int width, int height) : width(width), height(height), bytes(static_cast<size_t>(width) * height) {}
};

Plane LevelsOf(const MapView& map) {
  Plane levels(map.width, map.height);
  for (int y = 0; y < map.height; ++y) {
    std::transform(map.row(y), map.row(y) + map.width, levels.bytes.begin() + static_cast<ptrdiff_t>(y) * map.width,
                   [](float value) {
                     const float positive = value > 0 ? value : 0;
                     return static_cast<uint8_t>(255 * (positive < 1 ? positive : 1) + .5F);
                   });
  }
  return levels;
}

// 1 for levels of which `is_set` holds.
template <typename IsSet>
Plane Mask(const Plane& levels, IsSet is_set) {
  Plane mask(levels.width, levels.height);
  std::transform(levels.bytes.begin(), levels.bytes.end(), mask.bytes.begin(),
                 [is_set](uint8_t level) { return static_cast<uint8_t>(is_set(level)); });
  return mask;
}

// The threshold t for which the classes of levels up to t and above it differ most (Otsu, "A threshold selection method from
// gray-level histograms", 1979); of equal ones the least.
int OtsuThreshold(const Plane& levels) {
  std::array<int, 256> counts{};
  double total = 0;
  for (const uint8_t level : levels.bytes) {
    ++counts[level];
    total += level;
  }
  const auto pixels = static_cast<double>(levels.bytes.size());
  double below = 0, sum_below = 0, most = 0;
  int best = 0;
  for (int t = 0; t < 256; ++t) {
    below += counts[static_cast<size_t>(t)];
    sum_below += static_cast<double>(t) * counts[static_cast<size_t>(t)];
    const double above = pixels - below;
    if (below == 0 || above == 0) continue;
    const double apart = sum_below / below - (total - sum_below) / above;
    const double variance = below * above * apart * apart;
    if (variance > most) {
      most = variance;
      best = t;
    }
  }
  return best;
}

// Each pixel becomes what `better` prefers of the pixels up to `reach` away along one axis.
template <typename Better>
void SpreadAlong(ptrdiff_t step, int count, ptrdiff_t across, int lines, int reach, Better better, std::vector<uint8_t>* bytes) {
  std::vector<uint8_t> line(static_cast<size_t>(count));
  for (int k = 0; k < lines; ++k) {
    uint8_t* first = bytes->data() + k * across;
    for (int i = 0; i < count; ++i) line[static_cast<size_t>(i)] = first[i * step];
    for (int i = 0; i < count; ++i) {
      uint8_t best = line[static_cast<size_t>(i)];
      for (int near = std::max(0, i - reach); near <= std::min(count - 1, i + reach); ++near) {
        best = better(best, line[static_cast<size_t>(near)]);
      }
      first[i * step] = best;
    }
  }
}

template <typename Better>
Plane Spread(Plane plane, int reach, Better better) {
  SpreadAlong(1, plane.width, plane.width, plane.height, reach, better, &plane.bytes);
  SpreadAlong(plane.width, plane.height, 1, plane.width, reach, better, &plane.bytes);
  return plane;
}

Plane Dilated(Plane plane, int reach) {
  return Spread(std::move(plane), reach, [](uint8_t a, uint8_t b) { return std::max(a, b); });
}

Plane Opened(Plane plane, int reach) {
  return Dilated(Spread(std::move(plane), reach, [](uint8_t a, uint8_t b) { return std::min(a, b); }), reach);
}

// A step of the chamfer distance and its length, 2^-16 pixels.
struct ChamferStep {
  int x, y, length;
};

// Borgefors ("Distance transformations in digital images", 1986) with the lengths that come nearest to Euclid's over
// squares of side 5. The opposite steps are those of the way back.
constexpr std::array<ChamferStep, 8> kChamferSteps = {{{-1, -2, 143976},
                                                       {1, -2, 143976},
                                                       {-2, -1, 143976},
                                                       {-1, -1, 91750},
                                                       {0, -1, 65536},
                                                       {1, -1, 91750},
                                                       {2, -1, 143976},
                                                       {-1, 0, 65536}}};

// Of each pixel to the next one that is 0 in the mask.
std::vector<int> DistancesOf(const Plane& mask) {
  constexpr int kFar = 1 << 30;
  const int width = mask.width, height = mask.height;
  std::vector<int> distances(mask.bytes.size());
  std::transform(mask.bytes.begin(), mask.bytes.end(), distances.begin(), [](uint8_t set) { return set ? kFar : 0; });
  const auto shorten = [&](int x, int y, int direction) {
    int& distance = distances[static_cast<size_t>(y * width + x)];
    for (const auto& [dx, dy, length] : kChamferSteps) {
      const int from_x = x + direction * dx, from_y = y + direction * dy;
      if (from_x < 0 || from_y < 0 || from_x >= width || from_y >= height) continue;
      distance = std::min(distance, distances[static_cast<size_t>(from_y * width + from_x)] + length);
    }
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) shorten(x, y, 1);
  }
  for (int y = height - 1; y >= 0; --y) {
    for (int x = width - 1; x >= 0; --x) shorten(x, y, -1);
  }
  return distances;
}

// Where characters may be, and where they are for certain.
struct Places {
  Plane possible, certain;
};

Places ByOtsu(const Plane& levels) {
  const int threshold = OtsuThreshold(levels);
  const Plane text = Opened(Mask(levels, [threshold](uint8_t level) { return level > threshold; }), kOpening);
  const std::vector<int> distances = DistancesOf(text);
  const int64_t most = *std::max_element(distances.begin(), distances.end());
  Plane certain(levels.width, levels.height);
  std::transform(distances.begin(), distances.end(), certain.bytes.begin(),
                 [most](int64_t distance) { return static_cast<uint8_t>(5 * distance > most); });
  return {Dilated(text, kMargin), std::move(certain)};
}

Places ByThresholds(const Plane& levels) {
  const int most = *std::max_element(levels.bytes.begin(), levels.bytes.end());
  return {Opened(Mask(levels, [most](uint8_t level) { return 5 * level > most; }), kOpening),
          Mask(levels, [most](uint8_t level) { return 5 * level > 3 * most; })};
}

constexpr int32_t kNoText = 1;  // the basin of what is no text; the characters' follow

// Gives the number of characters.
int Mark(const Places& places, Connectivity connectivity, std::vector<int32_t>* labels) {
  const int width = places.certain.width, height = places.certain.height;
  std::transform(places.possible.bytes.begin(), places.possible.bytes.end(), labels->begin(),
                 [](uint8_t possible) { return possible ? 0 : kNoText; });
  BitMap bits;
  bits.Reset(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (places.certain.bytes[static_cast<size_t>(y * width + x)]) bits.Fill(y, x, x + 1);
    }
  }
  Components found;
  LabelComponents(bits, connectivity, &found);
  for (const Run& run : found.runs) {
    std::fill_n(labels->begin() + run.y * width + run.begin, run.end - run.begin, kNoText + 1 + run.label);
  }
  return static_cast<int>(found.components.size());
}

// The outer corners of each basin's pixels, as far as they can be corners of its hull.
std::vector<std::vector<Point>> CornersOf(std::span<const int32_t> labels, int width, int height, int count) {
  std::vector<std::vector<Point>> corners(static_cast<size_t>(count));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int32_t label = labels[static_cast<size_t>(y * width + x)];
      if (label <= kNoText) continue;
      const auto at = [&](int column) { return column < width ? labels[static_cast<size_t>(y * width + column)] : 0; };
      const double left = x;
      while (at(x + 1) == label) ++x;
      for (const double column : {left, x + 1.0}) {
        for (const double row : {y, y + 1}) corners[static_cast<size_t>(label - kNoText - 1)].push_back({column, row});
      }
    }
  }
  return corners;
}

double CenterX(const Quad& quad) { return quad[0].x + quad[1].x + quad[2].x + quad[3].x; }

}  // namespace

Result<std::vector<Quad>> SplitWord(const MapView& region, SplitPreset preset, const CancelToken* cancel) {
  if (region.width <= 0 || region.height <= 0) return std::vector<Quad>();
  if (region.data == nullptr || region.stride < region.width) {
    return Status(Code::kInvalidArgument, "Expected a map whose stride is at least its width.");
  }
  if (static_cast<int64_t>(region.width) * region.height > kMostPixels) {
    return Status(Code::kInvalidArgument, "Expected the map of one word, of at most 16777216 pixels.");
  }
  if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
  const Plane levels = LevelsOf(region);
  const bool is_otsu = preset == SplitPreset::kOtsu;
  const Places places = is_otsu ? ByOtsu(levels) : ByThresholds(levels);
  std::vector<int32_t> labels(levels.bytes.size());
  const int count = Mark(places, is_otsu ? Connectivity::kEight : Connectivity::kFour, &labels);
  if (cancel != nullptr) PLACARD_RETURN_IF_ERROR(cancel->Check());
  Watershed(levels.bytes, region.width, region.height, labels);
  std::vector<Quad> quads;
  std::vector<Point> hull;
  for (std::vector<Point>& points : CornersOf(labels, region.width, region.height, count)) {
    ConvexHull(&points, &hull);
    const RotatedRect rect = MinAreaRect(hull);
    const bool is_wanted = is_otsu ? !hull.empty() : rect.width * rect.height >= kLeastArea;
    if (is_wanted) quads.push_back(Corners(rect));
  }
  std::stable_sort(quads.begin(), quads.end(), [](const Quad& a, const Quad& b) { return CenterX(a) < CenterX(b); });
  return quads;
}

}  // namespace placard

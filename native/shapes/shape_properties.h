#ifndef PLACARD_SHAPES_SHAPE_PROPERTIES_H_
#define PLACARD_SHAPES_SHAPE_PROPERTIES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/fuzz_input.h"
#include "base/geometry.h"
#include "shapes/connected_components.h"
#include "shapes/craft_boxes.h"
#include "shapes/db_boxes.h"
#include "shapes/min_area_rect.h"
#include "shapes/nms.h"
#include "shapes/word_split.h"

// What holds for any input, for fuzzers (test/fuzz) and for the tests that repeat them on a seeded corpus.
namespace placard {

inline bool IsFinitePoint(const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

struct FuzzMap {
  std::vector<float> values;
  MapView view;
};

inline FuzzMap TakeMap(FuzzInput* input, int width, int height) {
  const int padding = input->Below(5);
  FuzzMap map;
  map.values.resize(static_cast<size_t>((width + padding) * height));
  for (float& value : map.values) value = input->Probability();
  map.view = {map.values.data(), width, height, width + padding};
  return map;
}

// A ribbon of text from side to side, so that bent words come about.
inline void DrawRibbon(FuzzInput* input, FuzzMap* map) {
  int top = map->view.height / 2;
  for (int x = 0; x < map->view.width; ++x) {
    const uint8_t byte = input->Byte();
    top = std::clamp(top + byte % 3 - 1, 0, map->view.height);
    const int bottom = std::min(map->view.height, top + 1 + byte / 3 % 8);
    for (int y = top; y < bottom; ++y) map->values[static_cast<size_t>(y * map->view.stride + x)] = 1;
  }
}

// Every pixel above the threshold is in one run, runs of a component are in order, bounds and areas are theirs.
inline void CheckComponents(const MapView& map, float threshold, Connectivity connectivity) {
  static thread_local Components found;
  LabelComponents(map, threshold, connectivity, &found);
  PLACARD_REQUIRE(found.offsets.size() == found.components.size() + 1);
  PLACARD_REQUIRE(found.offsets.front() == 0 && found.offsets.back() == static_cast<int>(found.runs.size()));
  int64_t pixels = 0;
  for (int y = 0; y < map.height; ++y) pixels += std::count_if(map.row(y), map.row(y) + map.width, [=](float v) { return v > threshold; });
  for (size_t k = 0; k < found.components.size(); ++k) {
    const Component& component = found.components[k];
    PLACARD_REQUIRE(found.offsets[k] < found.offsets[k + 1]);
    int area = 0;
    for (int i = found.offsets[k]; i < found.offsets[k + 1]; ++i) {
      const Run& run = found.runs[static_cast<size_t>(i)];
      PLACARD_REQUIRE(run.label == static_cast<int>(k) && run.begin < run.end);
      PLACARD_REQUIRE(run.begin >= component.left && run.end - 1 <= component.right);
      PLACARD_REQUIRE(run.y >= component.top && run.y <= component.bottom);
      PLACARD_REQUIRE(map.row(run.y)[run.begin] > threshold && map.row(run.y)[run.end - 1] > threshold);
      area += run.end - run.begin;
    }
    PLACARD_REQUIRE(area == component.area);
    pixels -= area;
  }
  PLACARD_REQUIRE(pixels == 0);
}

inline void CheckBoxes(const MapView& map, const DbOptions& options) {
  const Result<std::vector<DbBox>> boxes = DbBoxes(map, options, nullptr);
  if (!boxes.ok()) {
    PLACARD_REQUIRE(boxes.status().code() == Code::kInvalidArgument);
    return;
  }
  PLACARD_REQUIRE(static_cast<int>(boxes->size()) <= options.max_candidates);
  // A rectangle reaches past the map by less than the map's own extent.
  const double reach = 1 + map.width + map.height;
  for (const DbBox& box : *boxes) {
    PLACARD_REQUIRE(box.score >= options.box_threshold && box.score >= 0 && box.score <= 1);
    PLACARD_REQUIRE(box.polygon.empty() || (options.curves && box.polygon.size() == 14));
    for (const Point& point : box.quad) PLACARD_REQUIRE(std::abs(point.x) <= 2 * reach && std::abs(point.y) <= 2 * reach);
    for (const Point& point : box.polygon) PLACARD_REQUIRE(std::abs(point.x) <= 2 * reach && std::abs(point.y) <= 2 * reach);
  }
}

// Corners are clockwise and may lie as far outside of the map as a rectangle around its pixels' centers reaches.
inline void CheckWords(const MapView& region, const MapView& affinity, const CraftOptions& options) {
  const Result<std::vector<CraftBox>> boxes = CraftBoxes(region, affinity, options, nullptr);
  if (!boxes.ok()) {
    PLACARD_REQUIRE(boxes.status().code() == Code::kInvalidArgument);
    return;
  }
  PLACARD_REQUIRE(static_cast<int>(boxes->size()) * 10 <= region.width * region.height);
  const double reach = 1 + region.width + region.height;
  for (const CraftBox& box : *boxes) {
    PLACARD_REQUIRE(box.score >= 0 && box.score <= 1);
    for (size_t i = 0; i < 4; ++i) {
      const Point& corner = box.quad[i];
      PLACARD_REQUIRE(std::abs(corner.x) <= 2 * reach && std::abs(corner.y) <= 2 * reach);
      PLACARD_REQUIRE(Cross(corner, box.quad[(i + 1) % 4], box.quad[(i + 2) % 4]) >= -1e-6);
      PLACARD_REQUIRE(corner.x + corner.y >= box.quad[0].x + box.quad[0].y - 1e-5);
    }
    PLACARD_REQUIRE(box.polygon.empty() || (options.polygons && !options.characters && box.polygon.size() == 14));
    for (const Point& point : box.polygon) PLACARD_REQUIRE(std::hypot(point.x, point.y) <= 50 * reach * reach);
  }
}

// Characters come from left to right, and their rectangles reach past the map by less than its own extent.
inline void CheckSplit(const MapView& region, SplitPreset preset) {
  const Result<std::vector<Quad>> quads = SplitWord(region, preset, nullptr);
  PLACARD_REQUIRE(quads.ok());
  const auto sum_x = [](const Quad& quad) { return quad[0].x + quad[1].x + quad[2].x + quad[3].x; };
  const double reach = 1 + region.width + region.height;
  for (size_t i = 0; i < quads->size(); ++i) {
    const Quad& quad = (*quads)[i];
    PLACARD_REQUIRE(i == 0 || sum_x((*quads)[i - 1]) <= sum_x(quad));
    for (const Point& corner : quad) PLACARD_REQUIRE(std::abs(corner.x) <= reach && std::abs(corner.y) <= reach);
    PLACARD_REQUIRE(Cross(quad[0], quad[1], quad[2]) > 0);
  }
}

// Finite points lie in their rectangle; any others at least end in an answer.
inline void CheckRectangle(std::vector<Point> points) {
  const bool tame = std::all_of(points.begin(), points.end(), [](const Point& point) {
    return std::abs(point.x) < 1e6 && std::abs(point.y) < 1e6;
  });
  const std::vector<Point> all = points;
  std::vector<Point> hull;
  ConvexHull(&points, &hull);
  PLACARD_REQUIRE(hull.size() <= points.size());
  PLACARD_REQUIRE(points.empty() == hull.empty());
  const RotatedRect rect = MinAreaRect(hull);
  const Quad corners = Corners(rect);
  if (!tame) return;
  const double c = std::cos(rect.angle), s = std::sin(rect.angle);
  for (const Point& point : all) {
    const double dx = point.x - rect.center.x, dy = point.y - rect.center.y;
    const double slack = 1e-6 * (1 + std::abs(point.x) + std::abs(point.y) + rect.width + rect.height);
    PLACARD_REQUIRE(std::abs(dx * c + dy * s) <= rect.width / 2 + slack);
    PLACARD_REQUIRE(std::abs(dy * c - dx * s) <= rect.height / 2 + slack);
  }
  PLACARD_REQUIRE(std::all_of(corners.begin(), corners.end(), IsFinitePoint));
}

inline void CheckNms(const std::vector<Quad>& boxes, const std::vector<float>& scores, const std::vector<int32_t>& classes,
                     double threshold) {
  for (size_t i = 0; i + 1 < boxes.size(); ++i) {
    const double iou = QuadIou(boxes[i], boxes[i + 1]);
    PLACARD_REQUIRE(iou >= 0 && iou <= 1);
  }
  const std::vector<int> kept = Nms(boxes, scores, classes, threshold);
  std::vector<bool> seen(boxes.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    const auto index = static_cast<size_t>(kept[i]);
    PLACARD_REQUIRE(index < boxes.size() && !seen[index]);
    seen[index] = true;
    PLACARD_REQUIRE(std::all_of(boxes[index].begin(), boxes[index].end(), IsFinitePoint));
    PLACARD_REQUIRE(i == 0 || scores[static_cast<size_t>(kept[i - 1])] >= scores[index]);
  }
}

inline double TakeCoordinate(FuzzInput* input, uint8_t kind) {
  switch (kind % 3) {
    case 0: return input->Byte();
    case 1: return input->Take<int16_t>() / 16.0;
    default: return input->Take<double>();
  }
}

// One fuzzer input: a map and its boxes, points and their rectangle, quads and their suppression.
inline void CheckShapes(const uint8_t* data, size_t size) {
  FuzzInput input(data, size);
  const uint8_t kind = input.Byte();
  if (kind % 2 == 0) {
    DbOptions options;
    options.map_threshold = input.Probability();
    options.box_threshold = input.Probability();
    options.min_side = input.Below(40) / 4.0;
    options.max_candidates = input.Below(300) - 2;
    options.curves = kind % 4 == 0;
    const int width = input.Below(130), height = input.Below(48);
    FuzzMap map = TakeMap(&input, width, height);
    if (kind % 128 >= 64) DrawRibbon(&input, &map);
    CheckComponents(map.view, options.map_threshold, kind % 8 < 4 ? Connectivity::kFour : Connectivity::kEight);
    CheckBoxes(map.view, options);
    const FuzzMap links = TakeMap(&input, width, height);
    CraftOptions words{options.box_threshold, options.map_threshold, options.box_threshold};
    words.characters = kind % 16 < 4;
    words.polygons = true;
    words.published_walk = kind % 32 < 16;
    CheckWords(map.view, links.view, words);
    CheckSplit(links.view, kind % 64 < 32 ? SplitPreset::kOtsu : SplitPreset::kThresholds);
    return;
  }
  std::vector<Point> points;
  while (!input.empty() && points.size() < 400) points.push_back({TakeCoordinate(&input, kind), TakeCoordinate(&input, kind)});
  std::vector<Quad> boxes;
  std::vector<float> scores;
  std::vector<int32_t> classes;
  for (size_t i = 0; i + 4 <= points.size(); i += 4) {
    boxes.push_back({points[i], points[i + 1], points[i + 2], points[i + 3]});
    scores.push_back(static_cast<float>(std::sqrt(points[i].x)));  // NaN for a negative
    classes.push_back(static_cast<int32_t>(i % 3));
  }
  CheckNms(boxes, scores, kind % 4 == 1 ? classes : std::vector<int32_t>(), kind / 255.0);
  CheckRectangle(points);
}

}  // namespace placard

#endif  // PLACARD_SHAPES_SHAPE_PROPERTIES_H_

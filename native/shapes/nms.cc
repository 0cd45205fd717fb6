#include "shapes/nms.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace placard {
namespace {

// A convex polygon with room for two clipped quads' eight corners.
struct Clipped {
  std::array<Point, 8> points;
  size_t size = 0;

  void Add(const Point& point) {
    if (size < points.size()) points[size++] = point;
  }
};

// Shoelace; positive when clockwise on a screen (y down).
double SignedArea(const Point* points, size_t count) {
  double twice = 0;
  for (size_t i = 0; i < count; ++i) {
    const Point& a = points[i];
    const Point& b = points[(i + 1) % count];
    twice += a.x * b.y - a.y * b.x;
  }
  return twice / 2;
}

struct Bounds {
  double left, top, right, bottom;
};

Bounds BoundsOf(const Quad& quad) {
  Bounds bounds{quad[0].x, quad[0].y, quad[0].x, quad[0].y};
  for (const Point& point : quad) {
    bounds.left = std::min(bounds.left, point.x);
    bounds.right = std::max(bounds.right, point.x);
    bounds.top = std::min(bounds.top, point.y);
    bounds.bottom = std::max(bounds.bottom, point.y);
  }
  return bounds;
}

bool AreApart(const Bounds& a, const Bounds& b) {
  return a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom;
}

// The part of `polygon` on the inner (right-hand) side of the line from `a` to `b`.
Clipped ClipBySide(const Clipped& polygon, const Point& a, const Point& b) {
  const auto side = [&](const Point& p) { return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x); };
  Clipped inside;
  for (size_t i = 0; i < polygon.size; ++i) {
    const Point& from = polygon.points[i];
    const Point& to = polygon.points[(i + 1) % polygon.size];
    const double from_side = side(from), to_side = side(to);
    if (from_side >= 0) inside.Add(from);
    if ((from_side > 0 && to_side < 0) || (from_side < 0 && to_side > 0)) {
      const double share = from_side / (from_side - to_side);
      inside.Add({from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share});
    }
  }
  return inside;
}

// The quad moved by -origin and clockwise.
Quad Placed(const Quad& quad, const Point& origin) {
  Quad placed;
  for (size_t i = 0; i < 4; ++i) placed[i] = {quad[i].x - origin.x, quad[i].y - origin.y};
  if (SignedArea(placed.data(), 4) < 0) std::swap(placed[1], placed[3]);
  return placed;
}

// Both finite, with bounds that overlap. Sutherland and Hodgman's clipping, close to the origin for the digits' sake.
double OverlapRatio(const Quad& a, const Quad& b) {
  const Point origin = a[0];
  const Quad first = Placed(a, origin), second = Placed(b, origin);
  const double first_area = SignedArea(first.data(), 4), second_area = SignedArea(second.data(), 4);
  if (!(first_area > 0) || !(second_area > 0)) return 0;
  Clipped common;
  for (const Point& point : first) common.Add(point);
  for (size_t i = 0; i < 4 && common.size > 0; ++i) common = ClipBySide(common, second[i], second[(i + 1) % 4]);
  const double smaller = std::min(first_area, second_area);
  const double shared = std::clamp(SignedArea(common.points.data(), common.size), 0.0, smaller);
  const double ratio = shared / (first_area + second_area - shared);
  return std::isfinite(ratio) ? ratio : 0;
}

struct Candidate {
  int index;
  int32_t kind;
  Bounds bounds;
};

}  // namespace

double QuadIou(const Quad& a, const Quad& b) {
  if (!IsFinite(a) || !IsFinite(b) || AreApart(BoundsOf(a), BoundsOf(b))) return 0;
  return OverlapRatio(a, b);
}

std::vector<int> Nms(std::span<const Quad> boxes, std::span<const float> scores, std::span<const int32_t> classes,
                     double threshold) {
  size_t count = std::min(boxes.size(), scores.size());
  if (!classes.empty()) count = std::min(count, classes.size());
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < count; ++i) {
    if (std::isnan(scores[i]) || !IsFinite(boxes[i])) continue;
    candidates.push_back({static_cast<int>(i), classes.empty() ? 0 : classes[i], BoundsOf(boxes[i])});
  }
  // Classes lie together, so that a box is compared with its own class only.
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    const float a_score = scores[static_cast<size_t>(a.index)], b_score = scores[static_cast<size_t>(b.index)];
    return a_score != b_score ? a_score > b_score : a.index < b.index;
  });
  std::vector<int> kept;
  size_t kept_begin = 0;  // of the present class in `winners`
  std::vector<Candidate> winners;
  for (const Candidate& candidate : candidates) {
    if (!winners.empty() && winners.back().kind != candidate.kind) kept_begin = winners.size();
    const Quad& box = boxes[static_cast<size_t>(candidate.index)];
    const auto suppresses = [&](const Candidate& winner) {
      const double overlap = AreApart(winner.bounds, candidate.bounds)
                                 ? 0
                                 : OverlapRatio(boxes[static_cast<size_t>(winner.index)], box);
      return overlap > threshold;
    };
    const auto first = winners.begin() + static_cast<ptrdiff_t>(kept_begin);
    if (std::none_of(first, winners.end(), suppresses)) winners.push_back(candidate);
  }
  for (const Candidate& winner : winners) kept.push_back(winner.index);
  std::sort(kept.begin(), kept.end(), [&](int a, int b) {
    const float a_score = scores[static_cast<size_t>(a)], b_score = scores[static_cast<size_t>(b)];
    return a_score != b_score ? a_score > b_score : a < b;
  });
  return kept;
}

}  // namespace placard

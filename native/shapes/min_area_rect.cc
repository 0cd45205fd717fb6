#include "shapes/min_area_rect.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace placard {
namespace {

bool ComesFirst(const Point& a, const Point& b) { return a.y != b.y ? a.y < b.y : a.x < b.x; }

// Adds `point` to the chain that begins at hull[first], taking back points that it makes needless.
void AddToChain(const Point& point, size_t first, std::vector<Point>* hull) {
  while (hull->size() >= first + 2 && !(Cross((*hull)[hull->size() - 2], hull->back(), point) > 0)) hull->pop_back();
  hull->push_back(point);
}

// A rectangle with a side along hull edge `edge`: how far the hull reaches along the edge's direction and across it, in units of
// the edge's length, from the edge's first point.
struct Support {
  double least = 0;
  double most = 0;
  double across = 0;
};

class Calipers {
 public:
  explicit Calipers(std::span<const Point> hull) : hull_(hull) {}

  // To be asked with rising edges: the three touching points only move on.
  Support Around(size_t edge) {
    const Point& from = At(edge);
    const Point& to = At(edge + 1);
    const Point along{to.x - from.x, to.y - from.y};
    const Point across{-along.y, along.x};
    // Clockwise from the edge's end, the hull first goes on along the edge, then away from it, then back.
    right_ = Climb(std::max(right_, edge + 1), along);
    far_ = Climb(std::max(far_, right_), across);
    left_ = Climb(std::max(left_, far_), {-along.x, -along.y});
    const double square = along.x * along.x + along.y * along.y;
    return {Reach(left_, from, along) / square, Reach(right_, from, along) / square, Reach(far_, from, across) / square};
  }

 private:
  // Places go on rising past the hull's end; a division would cost more than all else here.
  const Point& At(size_t place) const {
    while (place >= hull_.size()) place -= hull_.size();
    return hull_[place];
  }

  double Reach(size_t place, const Point& from, const Point& direction) const {
    const Point& point = At(place);
    return (point.x - from.x) * direction.x + (point.y - from.y) * direction.y;
  }

  // From `place` on, for as long as the next point reaches further in `direction`; equal ones are passed too.
  size_t Climb(size_t place, const Point& direction) const {
    const size_t limit = place + hull_.size();
    while (place < limit && Reach(place + 1, At(place), direction) >= 0) ++place;
    return place;
  }

  std::span<const Point> hull_;
  size_t right_ = 0, far_ = 0, left_ = 0;
};

// The same rectangle with its angle in (-pi/4, pi/4].
RotatedRect Normalized(RotatedRect rect) {
  constexpr double kQuarter = std::numbers::pi / 2;
  const double turns = std::ceil(rect.angle / kQuarter - 0.5);
  rect.angle -= turns * kQuarter;
  if (std::fmod(std::abs(turns), 2) == 1) std::swap(rect.width, rect.height);
  return rect;
}

// `edge` runs from `from` along (cos, sin) of the rectangle's angle.
RotatedRect ToRect(const Point& from, const Point& edge, const Support& support) {
  const double length = std::hypot(edge.x, edge.y);
  const double along = (support.least + support.most) / 2;
  const double across = support.across / 2;
  RotatedRect rect;
  rect.center = {from.x + edge.x * along - edge.y * across, from.y + edge.y * along + edge.x * across};
  rect.width = (support.most - support.least) * length;
  rect.height = support.across * length;
  rect.angle = std::atan2(edge.y, edge.x);
  return Normalized(rect);
}

// For points so close together or so far apart that products of their coordinates are no numbers.
RotatedRect UprightRect(std::span<const Point> hull) {
  double left = hull[0].x, right = hull[0].x, top = hull[0].y, bottom = hull[0].y;
  for (const Point& point : hull) {
    left = std::min(left, point.x);
    right = std::max(right, point.x);
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  }
  return {{left / 2 + right / 2, top / 2 + bottom / 2}, right - left, bottom - top, 0};
}

}  // namespace

void ConvexHull(std::vector<Point>* points, std::vector<Point>* hull) {
  hull->clear();
  std::erase_if(*points, [](const Point& point) { return !std::isfinite(point.x) || !std::isfinite(point.y); });
  // A component's outline comes sorted.
  if (!std::is_sorted(points->begin(), points->end(), ComesFirst)) std::sort(points->begin(), points->end(), ComesFirst);
  points->erase(std::unique(points->begin(), points->end(),
                            [](const Point& a, const Point& b) { return a.x == b.x && a.y == b.y; }),
                points->end());
  if (points->empty()) return;
  for (const Point& point : *points) AddToChain(point, 0, hull);  // down the right side
  const size_t bottom = hull->size() - 1;
  for (auto point = points->rbegin(); point != points->rend(); ++point) AddToChain(*point, bottom, hull);
  hull->pop_back();  // the first point again
}

RotatedRect MinAreaRect(std::span<const Point> hull) {
  if (hull.empty()) return {};
  if (hull.size() == 1) return {.center = hull[0]};
  if (hull.size() == 2) {
    return ToRect(hull[0], {hull[1].x - hull[0].x, hull[1].y - hull[0].y}, {.least = 0, .most = 1, .across = 0});
  }
  // Areas that differ by rounding only are the same; of those the rectangle nearest to upright is taken, so that the answer
  // does not depend on how a symmetric shape lies.
  constexpr double kSame = 1e-9;
  Calipers calipers(hull);
  const auto edge_at = [hull](size_t i) {
    const Point& next = hull[i + 1 < hull.size() ? i + 1 : 0];
    return Point{next.x - hull[i].x, next.y - hull[i].y};
  };
  size_t best = hull.size();
  Support best_support;
  double best_area = 0, best_slant = 0;
  for (size_t i = 0; i < hull.size(); ++i) {
    const Point edge = edge_at(i);
    const Support support = calipers.Around(i);
    const double square = edge.x * edge.x + edge.y * edge.y;
    const double area = (support.most - support.least) * support.across * square;
    const double slant = std::min(edge.x * edge.x, edge.y * edge.y) / square;
    const bool smaller = area < best_area * (1 - kSame);
    const bool straighter = area <= best_area * (1 + kSame) && slant < best_slant - kSame;
    if (!std::isfinite(area) || !std::isfinite(slant)) continue;
    if (best < hull.size() && !smaller && !straighter) continue;
    best = i;
    best_support = support;
    best_area = area;
    best_slant = slant;
  }
  return best < hull.size() ? ToRect(hull[best], edge_at(best), best_support) : UprightRect(hull);
}

Quad Corners(const RotatedRect& rect) {
  const Point u{std::cos(rect.angle) * rect.width / 2, std::sin(rect.angle) * rect.width / 2};
  const Point v{-std::sin(rect.angle) * rect.height / 2, std::cos(rect.angle) * rect.height / 2};
  const Point& c = rect.center;
  const Quad clockwise = {{{c.x - u.x - v.x, c.y - u.y - v.y},
                           {c.x + u.x - v.x, c.y + u.y - v.y},
                           {c.x + u.x + v.x, c.y + u.y + v.y},
                           {c.x - u.x + v.x, c.y - u.y + v.y}}};
  // The corner that is second from the left is next to the leftmost: the opposite one is rightmost.
  size_t leftmost = 0;
  for (size_t i = 1; i < 4; ++i) {
    if (clockwise[i].x < clockwise[leftmost].x) leftmost = i;
  }
  const size_t before = (leftmost + 3) % 4, after = (leftmost + 1) % 4;
  const size_t second = clockwise[before].x < clockwise[after].x ? before : after;
  const size_t first = clockwise[second].y < clockwise[leftmost].y ? second : leftmost;
  Quad corners;
  for (size_t i = 0; i < 4; ++i) corners[i] = clockwise[(first + i) % 4];
  return corners;
}

}  // namespace placard

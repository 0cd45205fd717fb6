#include "shapes/bent_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

namespace placard {
namespace {

constexpr double kStraightFill = 0.8;
constexpr double kLeastThickness = 2;
constexpr double kLeastLength = 3;        // thicknesses
constexpr double kMostScatter = 0.36;     // thicknesses
constexpr double kLeastDeviation = 0.6;   // thicknesses
constexpr double kSteepest = 4;
constexpr int kSections = 7;
constexpr int kSamples = 96;              // of the centerline, for its length
constexpr int kMostPixels = 16384;        // looked at; a larger component is sampled on a grid

// Coordinates along and across the longer side of a rectangle, from its center.
struct Frame {
  Point center;
  Point u;  // to the right or, if it is steeper than 45 degrees, down
  double half_length;

  explicit Frame(const RotatedRect& rect) : center(rect.center), half_length(std::max(rect.width, rect.height) / 2) {
    u = {std::cos(rect.angle), std::sin(rect.angle)};
    if (rect.height > rect.width) u = {-u.y, u.x};
    const bool steep = std::abs(u.y) > std::abs(u.x);
    if ((steep ? u.y : u.x) < 0) u = {-u.x, -u.y};
  }

  Point FromMap(double x, double y) const {
    return {(x - center.x) * u.x + (y - center.y) * u.y, (y - center.y) * u.x - (x - center.x) * u.y};
  }
  Point ToMap(double along, double across) const {
    return {center.x + along * u.x - across * u.y, center.y + along * u.y + across * u.x};
  }
};

// v = f(u), a polynomial in x = u / half_length.
struct Centerline {
  static constexpr size_t kTerms = 5;
  std::array<double, kTerms> factors{};
  double half_length = 1;

  double At(double u) const {
    const double x = u / half_length;
    double value = 0;
    for (size_t i = kTerms; i-- > 0;) value = value * x + factors[i];
    return value;
  }
  double Slope(double u) const {
    const double x = u / half_length;
    double value = 0;
    for (size_t i = kTerms; i-- > 1;) value = value * x + static_cast<double>(i) * factors[i];
    return value / half_length;
  }
  double SecondDerivative(double u) const {
    const double x = u / half_length;
    double value = 0;
    for (size_t i = kTerms; i-- > 2;) value = value * x + static_cast<double>(i * (i - 1)) * factors[i];
    return value / (half_length * half_length);
  }
};

// Pixel centers in the frame, each standing for `weight` pixels.
struct Cloud {
  std::vector<Point> points;
  double weight = 1;
};

Cloud PixelsOf(std::span<const Run> runs, int area, const Frame& frame) {
  const int step = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(area) / kMostPixels)));
  Cloud cloud;
  for (const Run& run : runs) {
    if (run.y % step != 0) continue;
    for (int x = run.begin + (step - run.begin % step) % step; x < run.end; x += step) {
      cloud.points.push_back(frame.FromMap(x + 0.5, run.y + 0.5));
    }
  }
  if (!cloud.points.empty()) cloud.weight = static_cast<double>(area) / static_cast<double>(cloud.points.size());
  return cloud;
}

using NormalMatrix = std::array<std::array<double, Centerline::kTerms>, Centerline::kTerms>;

// Solves the symmetric system in place by elimination; nothing if it does not determine its unknowns.
bool Solve(NormalMatrix* matrix, std::array<double, Centerline::kTerms>* values) {
  constexpr size_t n = Centerline::kTerms;
  auto& m = *matrix;
  for (size_t column = 0; column < n; ++column) {
    if (!(m[column][column] > 1e-9)) return false;
    for (size_t row = column + 1; row < n; ++row) {
      const double factor = m[row][column] / m[column][column];
      for (size_t k = column; k < n; ++k) m[row][k] -= factor * m[column][k];
      (*values)[row] -= factor * (*values)[column];
    }
  }
  for (size_t row = n; row-- > 0;) {
    for (size_t k = row + 1; k < n; ++k) (*values)[row] -= m[row][k] * (*values)[k];
    (*values)[row] /= m[row][row];
  }
  return true;
}

// Least squares over all points.
std::optional<Centerline> Fit(const std::vector<Point>& points, double half_length) {
  constexpr size_t n = Centerline::kTerms;
  std::array<double, 2 * n - 1> powers{};
  std::array<double, n> moments{};
  for (const Point& point : points) {
    const double x = point.x / half_length;
    double power = 1;
    for (size_t i = 0; i < powers.size(); ++i, power *= x) {
      powers[i] += power;
      if (i < n) moments[i] += power * point.y;
    }
  }
  const double scale = 1 / static_cast<double>(points.size());
  NormalMatrix matrix;
  for (size_t row = 0; row < n; ++row) {
    for (size_t column = 0; column < n; ++column) matrix[row][column] = powers[row + column] * scale;
    moments[row] *= scale;
  }
  if (!Solve(&matrix, &moments)) return std::nullopt;
  return Centerline{moments, half_length};
}

// A pixel's nearest point on the centerline, as its u, and the signed distance from it.
struct Foot {
  double u;
  double distance;
};

Foot FootOf(const Point& point, const Centerline& line) {
  double u = point.x;
  for (int round = 0; round < 3; ++round) {
    const double slope = line.Slope(u);
    const double error = (u - point.x) + (line.At(u) - point.y) * slope;
    u = std::clamp(u - error / (1 + slope * slope), -line.half_length, line.half_length);
  }
  const double slope = line.Slope(u);
  const double distance = ((point.y - line.At(u)) - (point.x - u) * slope) / std::sqrt(1 + slope * slope);
  return {u, distance};
}

std::vector<Foot> FeetOf(const std::vector<Point>& points, const Centerline& line) {
  std::vector<Foot> feet;
  feet.reserve(points.size());
  for (const Point& point : points) feet.push_back(FootOf(point, line));
  return feet;
}

// The line through the middle of the pixels. A first fit takes them column by column and so leans outwards where a ribbon's
// slanted ends are cut; the second takes them by cross-sections of the first.
std::optional<Centerline> MiddleOf(const std::vector<Point>& points, double half_length) {
  const std::optional<Centerline> first = Fit(points, half_length);
  if (!first) return std::nullopt;
  std::vector<Point> leveled;
  leveled.reserve(points.size());
  for (const Foot& foot : FeetOf(points, *first)) {
    leveled.push_back({foot.u, first->At(foot.u) + foot.distance * std::hypot(1.0, first->Slope(foot.u))});
  }
  return Fit(leveled, half_length);
}

// The centerline between two u, by its length.
class Ruler {
 public:
  Ruler(const Centerline& line, double begin, double end) : begin_(begin), step_((end - begin) / kSamples) {
    for (int i = 1; i <= kSamples; ++i) {
      const double rise = line.At(begin + i * step_) - line.At(begin + (i - 1) * step_);
      lengths_[static_cast<size_t>(i)] = lengths_[static_cast<size_t>(i - 1)] + std::hypot(step_, rise);
    }
  }

  double total() const { return lengths_.back(); }

  double LengthTo(double u) const {
    const double place = step_ > 0 ? std::clamp((u - begin_) / step_, 0.0, static_cast<double>(kSamples)) : 0;
    const auto i = std::min(static_cast<size_t>(place), static_cast<size_t>(kSamples - 1));
    return lengths_[i] + (place - static_cast<double>(i)) * (lengths_[i + 1] - lengths_[i]);
  }

  double At(double length) const {
    const auto after = std::upper_bound(lengths_.begin() + 1, lengths_.end() - 1, length);
    const auto i = static_cast<size_t>(after - lengths_.begin()) - 1;
    const double width = lengths_[i + 1] - lengths_[i];
    return begin_ + (static_cast<double>(i) + (width > 0 ? (length - lengths_[i]) / width : 0)) * step_;
  }

 private:
  double begin_, step_;
  std::array<double, kSamples + 1> lengths_{};
};

// Whether text of this thickness can follow the line: it is nowhere too steep or too sharp.
bool IsGentle(const Centerline& line, double begin, double end, double thickness) {
  for (int i = 0; i <= kSamples; ++i) {
    const double u = begin + (end - begin) * i / kSamples;
    const double slope = line.Slope(u);
    const double curvature = std::abs(line.SecondDerivative(u)) / std::pow(1 + slope * slope, 1.5);
    if (std::abs(slope) > kSteepest || curvature * thickness > 2) return false;
  }
  return true;
}

// How far the line leaves its chord, both sides together.
double Deviation(const Centerline& line, double begin, double end) {
  const double chord_slope = (line.At(end) - line.At(begin)) / (end - begin);
  double above = 0, below = 0;
  for (int i = 0; i <= kSamples; ++i) {
    const double u = begin + (end - begin) * i / kSamples;
    const double leaves = line.At(u) - (line.At(begin) + chord_slope * (u - begin));
    above = std::min(above, leaves);
    below = std::max(below, leaves);
  }
  return (below - above) / std::hypot(1.0, chord_slope);
}

using Thicknesses = std::array<double, kSections>;

// Section k takes the pixels nearest to it along the line; the first and last have half a stretch.
Thicknesses Measure(const Cloud& cloud, const std::vector<Foot>& feet, const Ruler& ruler) {
  const double spacing = ruler.total() / (kSections - 1);
  Thicknesses pixels{};
  for (const Foot& foot : feet) {
    pixels[static_cast<size_t>(std::lround(ruler.LengthTo(foot.u) / spacing))] += cloud.weight;
  }
  for (size_t k = 0; k < kSections; ++k) pixels[k] /= k == 0 || k == kSections - 1 ? spacing / 2 : spacing;
  return pixels;
}

// Weights 1, 2, 1. The ends of a region are rounded: they take at least their neighbor's thickness.
Thicknesses Smooth(Thicknesses measured) {
  measured.front() = std::max(measured.front(), measured[1]);
  measured.back() = std::max(measured.back(), measured[kSections - 2]);
  Thicknesses smooth;
  for (size_t k = 0; k < kSections; ++k) {
    const double before = measured[k == 0 ? 0 : k - 1];
    const double after = measured[std::min<size_t>(k + 1, kSections - 1)];
    smooth[k] = (before + 2 * measured[k] + after) / 4;
  }
  return smooth;
}

std::vector<Point> Outline(const Frame& frame, const Centerline& line, const Ruler& ruler, const Thicknesses& thicknesses) {
  std::vector<Point> polygon(2 * kSections);
  for (size_t k = 0; k < kSections; ++k) {
    const double u = ruler.At(ruler.total() * static_cast<double>(k) / (kSections - 1));
    const double slope = line.Slope(u), reach = thicknesses[k] / 2 / std::hypot(1.0, slope);
    polygon[k] = frame.ToMap(u + slope * reach, line.At(u) - reach);
    polygon[2 * kSections - 1 - k] = frame.ToMap(u - slope * reach, line.At(u) + reach);
  }
  return polygon;
}

}  // namespace

std::vector<Point> BentTextPolygon(std::span<const Run> runs, int area, const RotatedRect& rect) {
  if (!(area < kStraightFill * rect.width * rect.height)) return {};
  const Frame frame(rect);
  const Cloud cloud = PixelsOf(runs, area, frame);
  if (cloud.points.size() < 2 * kSections) return {};
  const std::optional<Centerline> line = MiddleOf(cloud.points, frame.half_length);
  if (!line) return {};

  const std::vector<Foot> feet = FeetOf(cloud.points, *line);
  double begin = frame.half_length, end = -frame.half_length, squares = 0;
  for (const Foot& foot : feet) {
    begin = std::min(begin, foot.u);
    end = std::max(end, foot.u);
    squares += foot.distance * foot.distance;
  }
  if (!(end > begin)) return {};
  const Ruler ruler(*line, begin, end);
  const double thickness = area / ruler.total();
  if (thickness < kLeastThickness || ruler.total() < kLeastLength * thickness) return {};
  if (!(std::sqrt(squares / static_cast<double>(feet.size())) < kMostScatter * thickness)) return {};
  if (!IsGentle(*line, begin, end, thickness)) return {};
  // Within half a thickness of its ends the middle of a slanted parallelogram turns too.
  const double deviation = Deviation(*line, ruler.At(thickness / 2), ruler.At(ruler.total() - thickness / 2));
  if (!(deviation >= kLeastDeviation * thickness)) return {};
  return Outline(frame, *line, ruler, Smooth(Measure(cloud, feet, ruler)));
}

}  // namespace placard

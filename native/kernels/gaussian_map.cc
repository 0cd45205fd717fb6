#include "kernels/gaussian_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/warp_perspective.h"

namespace placard {
namespace {

// Pixels of the Gaussian's picture a side: between neighbors it is straight to a tenth of a level.
constexpr int kSide = 256;

// Lengths are of half the picture's side; pairs are of a region and of an affinity.
struct Recipe {
  double sigma;
  bool zero_corners = false;
  bool round = false;
  std::array<double, 2> frame = {1, 1};   // half side of the part that lies on the quad
  std::array<double, 2> grow_x = {1, 1};  // by which the quad's corners move away from where its diagonals cross
  std::array<double, 2> grow_y = {1, 1};
  bool within_map = false;  // the moved corners are
};

constexpr double kVisible = 3.33;  // standard deviations: less than a level is left
// What the authors' published network answers: of half the width and height of letters' ink, medians over drawn words of its
// region map's deviation.
constexpr double kPaperSigma = .68;
constexpr double kPaperGrowth = kPaperSigma * kVisible;

constexpr std::array<Recipe, 4> kRecipes = {{
    {.sigma = 1 / kVisible, .grow_x = {kPaperGrowth, kPaperGrowth}, .grow_y = {kPaperGrowth, kPaperGrowth}},
    {.sigma = .5, .zero_corners = true},
    {.sigma = 1 / 3.34, .frame = {.43384, .58320}},  // sqrt(-2 log(.35)) and sqrt(-2 log(.15)) standard deviations
    {.sigma = .4, .round = true, .grow_x = {1.5, 1}, .grow_y = {1.5, 1.5}, .within_map = true},
}};

class GaussianPicture {
 public:
  explicit GaussianPicture(const Recipe& recipe) : pixels_(kSide * kSide) {
    const double least = recipe.zero_corners ? std::exp(-1 / (recipe.sigma * recipe.sigma)) : 0;
    const auto place = [](int i) { return (i + .5) * 2 / kSide - 1; };
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double square = place(x) * place(x) + place(y) * place(y);
        const double value = std::exp(-square / (2 * recipe.sigma * recipe.sigma));
        if (recipe.round && square > 1) continue;
        pixels_[static_cast<size_t>(y * kSide + x)] = static_cast<uint8_t>(255 * (value - least) / (1 - least) + .5);
      }
    }
  }

  ImageView view() const { return {pixels_.data(), kSide, kSide, 1, kSide}; }

 private:
  std::vector<uint8_t> pixels_;
};

const GaussianPicture& PictureOf(GaussianPreset preset) {
  static const std::array<GaussianPicture, 4> pictures = {
      GaussianPicture(kRecipes[0]), GaussianPicture(kRecipes[1]), GaussianPicture(kRecipes[2]), GaussianPicture(kRecipes[3])};
  return pictures[static_cast<size_t>(preset)];
}

// Whichever way round it goes.
bool IsConvex(const Quad& quad) {
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (size_t i = 0; i < 4; ++i) {
    const double turn = Cross(quad[i], quad[(i + 1) % 4], quad[(i + 2) % 4]);
    if (std::isnan(turn)) return false;
    least = std::min(least, turn);
    most = std::max(most, turn);
  }
  return least > 0 || most < 0;
}

// Of a convex quad.
Point DiagonalsCross(const Quad& quad) {
  const double above = Cross(quad[0], quad[1], quad[2]), below = Cross(quad[0], quad[2], quad[3]);
  const Point &from = quad[1], &to = quad[3];
  const double share = above / (above + below);
  return {from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
}

struct Bounds {
  double left, top, right, bottom;
};

Bounds BoundsOf(const Quad& quad) {
  const auto [left, right] = std::minmax({quad[0].x, quad[1].x, quad[2].x, quad[3].x});
  const auto [top, bottom] = std::minmax({quad[0].y, quad[1].y, quad[2].y, quad[3].y});
  return {left, top, right, bottom};
}

Quad QuadOf(const Bounds& box) {
  return {{{box.left, box.top}, {box.right, box.top}, {box.right, box.bottom}, {box.left, box.bottom}}};
}

Point Moved(const Matrix3& m, const Point& point) {
  const double w = m[6] * point.x + m[7] * point.y + m[8];
  return {(m[0] * point.x + m[1] * point.y + m[2]) / w, (m[3] * point.x + m[4] * point.y + m[5]) / w};
}

// Whether points of a convex quad go to infinity.
bool HasHorizon(const Matrix3& m, const Quad& quad) {
  const auto w = [&m](const Point& point) { return m[6] * point.x + m[7] * point.y + m[8]; };
  const auto [least, most] = std::minmax({w(quad[0]), w(quad[1]), w(quad[2]), w(quad[3])});
  return !(least * most > 0);
}

// From the place of a pixel whose number (x, y) is counted from (left, top) to that of a picture's pixel.
Matrix3 BetweenPixels(Matrix3 m, int left, int top) {
  for (size_t row = 0; row < 9; row += 3) m[row + 2] += m[row] * (left + .5) + m[row + 1] * (top + .5);
  for (size_t column = 0; column < 3; ++column) {
    m[column] -= .5 * m[6 + column];
    m[3 + column] -= .5 * m[6 + column];
  }
  return m;
}

class GaussianDrawer {
 public:
  GaussianDrawer(GaussianPreset preset, GaussianKind kind, const MutableImageView& map)
      : recipe_(kRecipes[static_cast<size_t>(preset)]),
        kind_(static_cast<size_t>(kind)),
        picture_(PictureOf(preset).view()),
        map_(map) {}

  void Draw(const Quad& quad) {
    const Quad corners = Grown(quad);
    if (!IsConvex(corners)) return;
    const double low = kSide / 2 * (1 - recipe_.frame[kind_]), high = kSide - low;
    const Quad frame = QuadOf({low, low, high, high});
    const Result<Matrix3> to_map = PerspectiveTransform(frame, corners), to_picture = PerspectiveTransform(corners, frame);
    if (!to_map.ok() || !to_picture.ok()) return;
    Quad drawn = QuadOf({0, 0, kSide, kSide});
    // What lies beyond the map's horizon then comes from outside of the picture.
    if (HasHorizon(*to_map, drawn)) return;
    for (Point& corner : drawn) corner = Moved(*to_map, corner);
    DrawWithin(BoundsOf(drawn), *to_picture);
  }

 private:
  Quad Grown(const Quad& quad) const {
    const Point center = DiagonalsCross(quad);
    const double by_x = recipe_.grow_x[kind_], by_y = recipe_.grow_y[kind_];
    Quad grown;
    for (size_t i = 0; i < 4; ++i) {
      Point& corner = grown[i];
      corner = {center.x + (quad[i].x - center.x) * by_x, center.y + (quad[i].y - center.y) * by_y};
      if (!recipe_.within_map) continue;
      corner = {std::clamp(corner.x, 0.0, static_cast<double>(map_.width)),
                std::clamp(corner.y, 0.0, static_cast<double>(map_.height))};
    }
    return grown;
  }

  void DrawWithin(const Bounds& bounds, const Matrix3& to_picture) {
    const int left = static_cast<int>(std::clamp(std::floor(bounds.left), 0.0, static_cast<double>(map_.width)));
    const int top = static_cast<int>(std::clamp(std::floor(bounds.top), 0.0, static_cast<double>(map_.height)));
    const int right = static_cast<int>(std::clamp(std::ceil(bounds.right), 0.0, static_cast<double>(map_.width)));
    const int bottom = static_cast<int>(std::clamp(std::ceil(bounds.bottom), 0.0, static_cast<double>(map_.height)));
    const int width = right - left, height = bottom - top;
    if (width <= 0 || height <= 0) return;
    warped_.resize(static_cast<size_t>(width) * height);
    const MutableImageView part{warped_.data(), width, height, 1, width};
    WarpPerspective(picture_, BetweenPixels(to_picture, left, top), {.mode = Border::kConstant}, part);
    for (int y = 0; y < height; ++y) {
      uint8_t* to = map_.row(top + y) + left;
      std::transform(part.row(y), part.row(y) + width, to, to, [](uint8_t a, uint8_t b) { return std::max(a, b); });
    }
  }

  const Recipe& recipe_;
  const size_t kind_;
  const ImageView picture_;
  const MutableImageView map_;
  std::vector<uint8_t> warped_;
};

}  // namespace

void GaussianMap(std::span<const Quad> quads, GaussianPreset preset, GaussianKind kind, const MutableImageView& map) {
  GaussianDrawer drawer(preset, kind, map);
  for (const Quad& quad : quads) drawer.Draw(quad);
}

}  // namespace placard

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/cpu_level_test.h"
#include "shapes/craft_boxes.h"
#include "shapes/drawn_words.h"
#include "shapes/min_area_rect.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The steps of CRAFT's boxes pixel by pixel.
class PlainCraft {
 public:
  PlainCraft(const DrawnWords& words, const CraftOptions& options) : words_(words), options_(options) {}

  std::vector<Quad> Boxes() {
    std::vector<Quad> boxes;
    for (int y = 0; y < height(); ++y) {
      for (int x = 0; x < width(); ++x) {
        if (taken_[Place(x, y)] || !(IsText(x, y) || IsLink(x, y))) continue;
        AddBox(Flood(x, y), &boxes);
      }
    }
    return boxes;
  }

 private:
  struct Pixel {
    int x, y;
  };

  int width() const { return words_.region.width; }
  int height() const { return words_.region.height; }
  size_t Place(int x, int y) const { return static_cast<size_t>(y * width() + x); }
  bool IsText(int x, int y) const { return words_.region.at(x, y) > options_.low_text; }
  bool IsLink(int x, int y) const { return !options_.characters && words_.affinity.at(x, y) > options_.link_threshold; }

  std::vector<Pixel> Flood(int x, int y) {
    std::vector<Pixel> pixels = {{x, y}};
    taken_[Place(x, y)] = true;
    for (size_t i = 0; i < pixels.size(); ++i) {
      const auto [x, y] = pixels[i];
      for (const Pixel next : {Pixel{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}}) {
        if (next.x < 0 || next.y < 0 || next.x >= width() || next.y >= height()) continue;
        if (taken_[Place(next.x, next.y)] || (!IsText(next.x, next.y) && !IsLink(next.x, next.y))) continue;
        taken_[Place(next.x, next.y)] = true;
        pixels.push_back(next);
      }
    }
    return pixels;
  }

  void AddBox(const std::vector<Pixel>& pixels, std::vector<Quad>* boxes) const {
    float peak = -kInfinity;
    int left = width(), right = 0, top = height(), bottom = 0;
    for (const Pixel& p : pixels) {
      peak = std::max(peak, words_.region.at(p.x, p.y));
      left = std::min(left, p.x);
      right = std::max(right, p.x);
      top = std::min(top, p.y);
      bottom = std::max(bottom, p.y);
    }
    const double area = static_cast<double>(pixels.size()), w = right - left + 1, h = bottom - top + 1;
    if (area < 10 || peak < options_.text_threshold) return;
    const int side = 1 + static_cast<int>(std::sqrt(area * std::min(w, h) / (w * h)) * 2);
    std::vector<Point> dilated, hull;
    for (const Pixel& p : pixels) {
      if (!IsText(p.x, p.y)) continue;
      // OpenCV's anchor is the kernel's pixel side / 2.
      for (int dy = side / 2 - side + 1; dy <= side / 2; ++dy) {
        for (int dx = side / 2 - side + 1; dx <= side / 2; ++dx) {
          const int x = p.x + dx, y = p.y + dy;
          if (x >= 0 && y >= 0 && x < width() && y < height()) dilated.push_back({double(x), double(y)});
        }
      }
    }
    if (dilated.empty()) return;
    ConvexHull(&dilated, &hull);
    const RotatedRect rect = MinAreaRect(hull);
    Quad quad = Corners(rect);
    if (std::abs(1 - std::max(rect.width, rect.height) / (std::min(rect.width, rect.height) + 1e-5)) <= .1) {
      const auto by_x = std::minmax_element(hull.begin(), hull.end(), [](auto& a, auto& b) { return a.x < b.x; });
      const auto by_y = std::minmax_element(hull.begin(), hull.end(), [](auto& a, auto& b) { return a.y < b.y; });
      const double x0 = by_x.first->x, y0 = by_y.first->y, x1 = by_x.second->x, y1 = by_y.second->y;
      quad = {{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
    }
    boxes->push_back(quad);
  }

  const DrawnWords& words_;
  const CraftOptions& options_;
  std::vector<bool> taken_ = std::vector<bool>(static_cast<size_t>(words_.region.width * words_.region.height));
};

double Distance(const Quad& a, const Quad& b) {
  double worst = 0;
  for (const Point& p : a) {
    double nearest = kInfinity;
    for (const Point& q : b) nearest = std::min(nearest, std::hypot(p.x - q.x, p.y - q.y));
    worst = std::max(worst, nearest);
  }
  return worst;
}

class CraftStepsTest : public CpuLevelTest {};

TEST_P(CraftStepsTest, BoxesAgreeWithTheStepsPixelByPixel) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> draw(0, 1);
  size_t compared = 0;
  for (int trial = 0; trial < 150; ++trial) {
    DrawnWords words(20 + static_cast<int>(random() % 90), 8 + static_cast<int>(random() % 60), trial % 3);
    const int width = words.region.width, height = words.region.height;
    for (int i = 0; i < 10; ++i) {
      words.Character(width * draw(random), height * draw(random), 1 + 5 * draw(random), 1 + 4 * draw(random),
                      draw(random) + .4);
      words.Link(width * draw(random), height * draw(random), 1 + 5 * draw(random), draw(random));
    }
    for (int i = 0; i < 40; ++i) {
      const int x = static_cast<int>(width * draw(random)), y = static_cast<int>(height * draw(random));
      words.region.at(x, y) = i % 3 == 0 ? kNan : static_cast<float>(draw(random));
    }
    CraftOptions options;
    options.characters = trial % 5 == 0;
    options.text_threshold = trial % 4 == 0 ? .2F : .7F;
    const std::vector<Quad> expected = PlainCraft(words, options).Boxes();
    const auto actual = CraftBoxes(words.region.view(), words.affinity.view(), options, nullptr);
    ASSERT_EQ(actual->size(), expected.size()) << trial;
    for (size_t i = 0; i < expected.size(); ++i) ASSERT_LT(Distance((*actual)[i].quad, expected[i]), 1e-6) << trial;
    compared += expected.size();
  }
  EXPECT_GT(compared, 300U);
}

PLACARD_EVERY_CPU_LEVEL(CraftStepsTest);

}  // namespace
}  // namespace placard

#ifndef PLACARD_SHAPES_DRAWN_WORDS_H_
#define PLACARD_SHAPES_DRAWN_WORDS_H_

#include <algorithm>
#include <cmath>
#include <numbers>

#include "shapes/drawn_map.h"

namespace placard {

// CRAFT's two maps for tests to draw words on, as the network draws them: Gaussians, the larger of two where they meet.
// Coordinates have (0, 0) at the first pixel's center.
struct DrawnWords {
  DrawnMap region, affinity;

  DrawnWords(int width, int height, int padding = 0)
      : region(width, height, padding), affinity(width, height, padding) {}

  void Character(double x, double y, double sigma_x, double sigma_y, double peak = 1) {
    AddGaussian(&region, x, y, sigma_x, sigma_y, peak);
  }
  void Link(double x, double y, double sigma, double peak = .9) { AddGaussian(&affinity, x, y, sigma, sigma, peak); }

  // The reference's bent word of seven characters, from (30, 70) on; it needs 200 x 100 pixels.
  void BentWord() {
    const auto x = [](int i) { return 30.0 + 22 * i; };
    const auto y = [](int i) { return 70.0 - static_cast<int>(30 * std::sin(std::numbers::pi * i / 6)); };
    for (int i = 0; i < 7; ++i) Character(x(i), y(i), 7, 8);
    for (int i = 0; i < 6; ++i) Link((x(i) + x(i + 1)) / 2, (y(i) + y(i + 1)) / 2, 6);
  }

 private:
  static void AddGaussian(DrawnMap* map, double x, double y, double sigma_x, double sigma_y, double peak) {
    for (int row = 0; row < map->height; ++row) {
      for (int column = 0; column < map->width; ++column) {
        const double dx = (column - x) / sigma_x, dy = (row - y) / sigma_y;
        float& value = map->at(column, row);
        value = std::max(value, static_cast<float>(peak * std::exp(-(dx * dx + dy * dy) / 2)));
      }
    }
  }
};

}  // namespace placard

#endif  // PLACARD_SHAPES_DRAWN_WORDS_H_

#ifndef PLACARD_SHAPES_DRAWN_MAP_H_
#define PLACARD_SHAPES_DRAWN_MAP_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "base/image_view.h"

namespace placard {

// A map for tests to draw on. Coordinates of shapes have (0, 0) at the first pixel's outer corner; a shape covers the pixels
// whose center is in it.
struct DrawnMap {
  int width, height, stride;
  std::vector<float> values;

  // Padding is text: reading it would be seen.
  DrawnMap(int width, int height, int padding = 0, float fill = 0)
      : width(width), height(height), stride(width + padding),
        values(static_cast<size_t>(stride) * static_cast<size_t>(height), 1) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) at(x, y) = fill;
    }
  }

  // '#' is 1.
  explicit DrawnMap(const std::vector<std::string>& rows)
      : DrawnMap(static_cast<int>(rows[0].size()), static_cast<int>(rows.size())) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) at(x, y) = rows[static_cast<size_t>(y)][static_cast<size_t>(x)] == '#';
    }
  }

  float& at(int x, int y) { return values[Place(x, y)]; }
  float at(int x, int y) const { return values[Place(x, y)]; }
  MapView view() const { return {values.data(), width, height, stride}; }

  // `covers(x, y)` of a pixel's center says whether it gets `value`.
  template <typename Covers>
  void Draw(float value, Covers covers) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        if (covers(x + 0.5, y + 0.5)) at(x, y) = value;
      }
    }
  }

  // A rectangle `length` along `angle` (radians) and `thickness` across.
  void DrawBar(double center_x, double center_y, double length, double thickness, double angle, float value = 1) {
    const double c = std::cos(angle), s = std::sin(angle);
    Draw(value, [=](double x, double y) {
      const double dx = x - center_x, dy = y - center_y;
      return std::abs(dx * c + dy * s) <= length / 2 && std::abs(dy * c - dx * s) <= thickness / 2;
    });
  }

  // A ring's part: `thickness` around `radius`, up to `half_angle` to either side of the direction `middle` (radians, y down).
  void DrawArc(double center_x, double center_y, double radius, double thickness, double middle, double half_angle,
               float value = 1) {
    Draw(value, [=](double x, double y) {
      const double dx = x - center_x, dy = y - center_y;
      const double away = std::remainder(std::atan2(dy, dx) - middle, 2 * std::acos(-1.0));
      return std::abs(std::hypot(dx, dy) - radius) <= thickness / 2 && std::abs(away) <= half_angle;
    });
  }

 private:
  size_t Place(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(stride) + static_cast<size_t>(x);
  }
};

}  // namespace placard

#endif  // PLACARD_SHAPES_DRAWN_MAP_H_

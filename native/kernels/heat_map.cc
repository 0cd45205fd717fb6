#include "kernels/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace placard {
namespace {

using Color = std::array<uint8_t, 3>;

// Evenly spaced over [0, 1], straight lines between.
constexpr std::array<Color, 9> kStops = {{{0, 0, 4},
                                          {33, 12, 74},
                                          {87, 16, 110},
                                          {138, 34, 106},
                                          {188, 55, 84},
                                          {228, 90, 49},
                                          {249, 142, 9},
                                          {249, 203, 53},
                                          {252, 255, 164}}};

constexpr std::array<Color, 256> Colors() {
  std::array<Color, 256> colors{};
  constexpr size_t kSteps = kStops.size() - 1;
  for (size_t i = 0; i < colors.size(); ++i) {
    const size_t stop = std::min(i * kSteps / 255, kSteps - 1), part = i * kSteps - stop * 255;  // of 255
    for (size_t c = 0; c < 3; ++c) {
      colors[i][c] = static_cast<uint8_t>((kStops[stop][c] * (255 - part) + kStops[stop + 1][c] * part + 127) / 255);
    }
  }
  return colors;
}

constexpr std::array<Color, 256> kColors = Colors();

// Two neighbors and how much the second counts.
struct Blend {
  int first, second;
  float part;
};

std::vector<Blend> BlendsOf(int source, int destination) {
  std::vector<Blend> blends(static_cast<size_t>(destination));
  const double scale = static_cast<double>(source) / destination;
  for (int i = 0; i < destination; ++i) {
    const double place = std::clamp((i + 0.5) * scale - 0.5, 0.0, source - 1.0);
    const int first = static_cast<int>(place);
    blends[static_cast<size_t>(i)] = {first, std::min(first + 1, source - 1), static_cast<float>(place - first)};
  }
  return blends;
}

float Clamped(float value) {
  const float positive = value > 0 ? value : 0;
  return positive < 1 ? positive : 1;
}

float Between(float first, float second, float part) { return first + (second - first) * part; }

}  // namespace

void HeatMap(const MapView& map, const ImageView& picture, const MutableImageView& destination) {
  const std::vector<Blend> columns = BlendsOf(map.width, destination.width);
  const std::vector<Blend> rows = BlendsOf(map.height, destination.height);
  std::vector<float> line(static_cast<size_t>(map.width));
  for (int y = 0; y < destination.height; ++y) {
    const Blend& row = rows[static_cast<size_t>(y)];
    for (int x = 0; x < map.width; ++x) {
      line[static_cast<size_t>(x)] = Between(Clamped(map.row(row.first)[x]), Clamped(map.row(row.second)[x]), row.part);
    }
    const uint8_t* under = picture.empty() ? nullptr : picture.row(y);
    uint8_t* out = destination.row(y);
    for (const auto& [first, second, part] : columns) {
      const float value = Between(line[static_cast<size_t>(first)], line[static_cast<size_t>(second)], part);
      for (const uint8_t color : kColors[static_cast<size_t>(value * 255 + 0.5F)]) {
        *out++ = under == nullptr ? color : static_cast<uint8_t>((color + *under++ + 1) / 2);
      }
    }
  }
}

}  // namespace placard

#ifndef PLACARD_KERNELS_NOISE_PLANES_H_
#define PLACARD_KERNELS_NOISE_PLANES_H_

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "kernels/color_planes.h"
#include "kernels/noise_picture.h"

namespace placard {

// For tests: planes of reproducible noise, 0 ... 255. All that is not a pixel is so large that it shows where a kernel uses it.
inline ColorPlanes NoisePlanes(int width, int height, int margin, uint32_t seed = 1) {
  constexpr float kNotAPixel = 1e9F;
  ColorPlanes planes(width, height, margin);
  const NoisePicture noise(width, height, 3, seed);
  for (int c = 0; c < 3; ++c) {
    for (int y = -margin; y < height + margin; ++y) {
      std::fill_n(planes.row(c, y) - margin, width + 2 * margin + ColorPlanes::kSlack, kNotAPixel);
    }
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) planes.row(c, y)[x] = noise.view().row(y)[3 * x + c];
    }
  }
  return planes;
}

// For tests: the pixels alone, row by row, plane by plane.
inline std::vector<float> ValuesOf(const ColorPlanes& planes) {
  std::vector<float> values;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < planes.height(); ++y) values.insert(values.end(), planes.row(c, y), planes.row(c, y) + planes.width());
  }
  return values;
}

// For tests: the largest difference to what `expected(channel, x, y)` says.
inline double WorstDifference(const ColorPlanes& planes, const std::function<double(int c, int x, int y)>& expected) {
  double worst = 0;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < planes.height(); ++y) {
      for (int x = 0; x < planes.width(); ++x) {
        const double difference = std::abs(planes.row(c, y)[x] - expected(c, x, y));
        worst = difference <= worst ? worst : difference;  // NaN is worst
      }
    }
  }
  return worst;
}

}  // namespace placard

#endif  // PLACARD_KERNELS_NOISE_PLANES_H_

#ifndef PLACARD_KERNELS_LIGHT_H_
#define PLACARD_KERNELS_LIGHT_H_

#include <array>
#include <vector>

#include "kernels/color_planes.h"

namespace placard {

// A soft spot: 1 + (gain - 1) * exp(-distance² / (2 radius²)) times the light around (x, y). radius > 0.
struct LightSpot {
  float x, y, radius, gain;
};

// Gains of red, green and blue at the corners: top left, top right, bottom right, bottom left.
using CornerGains = std::array<std::array<float, 3>, 4>;

// Multiplies the levels by the corners' gains, bilinear between the picture's corners, and by the spots'.
void ShedLight(const CornerGains& corners, const std::vector<LightSpot>& spots, const ColorPlanes& planes);

}  // namespace placard

#endif  // PLACARD_KERNELS_LIGHT_H_

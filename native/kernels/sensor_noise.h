#ifndef PLACARD_KERNELS_SENSOR_NOISE_H_
#define PLACARD_KERNELS_SENSOR_NOISE_H_

#include <cstdint>

#include "kernels/color_planes.h"

namespace placard {

// Fills planes with numbers of mean 0 and variance 1: the share `luma_share` of the variance (0 ... 1) is the same in all three,
// the rest each plane's own. A number depends on the seed and its place alone, and is the sum of the four bytes of a hash: near
// enough to normal, and the same on every machine.
void UnitNoise(uint32_t seed, double luma_share, const ColorPlanes& noise);

// Adds noise, times `unit`, of the deviation sqrt(read² + shot² * level / 128) to each level.
void AddNoise(const ColorPlanes& noise, double unit, double read, double shot, const ColorPlanes& planes);

}  // namespace placard

#endif  // PLACARD_KERNELS_SENSOR_NOISE_H_

#include "kernels/light.h"

#include <cmath>
#include <cstddef>

#include "base/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/light.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

// gains[x] *= 1 + weight * across[x].
void MultiplySpot(const float* across, float weight, int width, float* gains) {
  const Floats d;
  const FloatVector factor = hn::Set(d, weight);
  for (int x = 0; x < width; x += kLanes) {
    const FloatVector gain = hn::LoadU(d, gains + x);
    hn::StoreU(hn::MulAdd(gain, hn::Mul(factor, hn::LoadU(d, across + x)), gain), d, gains + x);
  }
}

// row[x] *= (start + x * step) * gains[x].
void MultiplyRow(const float* gains, float start, float step, int width, float* row) {
  const Floats d;
  for (int x = 0; x < width; x += kLanes) {
    const FloatVector gain = hn::MulAdd(hn::Iota(d, x), hn::Set(d, step), hn::Set(d, start));
    hn::StoreU(hn::Mul(hn::LoadU(d, row + x), hn::Mul(gain, hn::LoadU(d, gains + x))), d, row + x);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {
namespace {

float Bell(double distance, double radius) {
  return static_cast<float>(std::exp(-0.5 * distance * distance / (radius * radius)));
}

}  // namespace

void ShedLight(const CornerGains& corners, const std::vector<LightSpot>& spots, const ColorPlanes& planes) {
  const int width = planes.width(), height = planes.height();
  const size_t row_floats = static_cast<size_t>(width) + ColorPlanes::kSlack;
  // A Gaussian is the product of one along each axis.
  std::vector<float> across(row_floats * spots.size()), gains(row_floats);
  for (size_t i = 0; i < spots.size(); ++i) {
    for (int x = 0; x < width; ++x) across[i * row_floats + x] = Bell(x + 0.5 - spots[i].x, spots[i].radius);
  }
  const auto multiply_spot = PLACARD_DISPATCH(MultiplySpot);
  const auto multiply_row = PLACARD_DISPATCH(MultiplyRow);
  for (int y = 0; y < height; ++y) {
    gains.assign(row_floats, 1.0F);
    for (size_t i = 0; i < spots.size(); ++i) {
      const float weight = (spots[i].gain - 1) * Bell(y + 0.5 - spots[i].y, spots[i].radius);
      multiply_spot(&across[i * row_floats], weight, width, gains.data());
    }
    const float down = (static_cast<float>(y) + 0.5F) / static_cast<float>(height);
    for (int c = 0; c < 3; ++c) {
      const float left = corners[0][c] + down * (corners[3][c] - corners[0][c]);
      const float right = corners[1][c] + down * (corners[2][c] - corners[1][c]);
      const float step = (right - left) / static_cast<float>(width);
      multiply_row(gains.data(), left + step / 2, step, width, planes.row(c, y));
    }
  }
}

}  // namespace placard
#endif  // HWY_ONCE

#include "shapes/row_bits.h"

#include <cstddef>
#include <cstdint>

#include "base/cpu_features.h"
#include "base/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shapes/row_bits.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void CompareRow(const float* values, int count, float threshold, uint64_t* bits) {
  const hn::CappedTag<float, 64> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto limit = hn::Set(d, threshold);
  int i = 0;
  for (; i + 64 <= count; i += 64) {
    uint64_t word = 0;
    for (int offset = 0; offset < 64; offset += lanes) {
      word |= hn::BitsFromMask(d, hn::Gt(hn::LoadU(d, values + i + offset), limit)) << offset;
    }
    *bits++ = word;
  }
  if (i == count) return;
  uint64_t word = 0;
  for (int offset = 0; i + offset < count; ++offset) {
    word |= static_cast<uint64_t>(values[i + offset] > threshold) << offset;
  }
  *bits = word;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {

void BitsAbove(const float* values, int count, float threshold, uint64_t* bits) {
  if (count > 0) PLACARD_DISPATCH(CompareRow)(values, count, threshold, bits);
}

}  // namespace placard
#endif  // HWY_ONCE

#include "sequence/row_scan.h"

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/cpu_features.h"
#include "base/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sequence/row_scan.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

// `a` where it is greater, so that a NaN in `a` loses. x86's maximum does just that: its second operand wins unless the
// first is greater.
template <class V>
HWY_INLINE V Greater(V a, V b) {
#if HWY_ARCH_X86
  return hn::Max(a, b);
#else
  return hn::IfThenElse(hn::Gt(a, b), a, b);
#endif
}

// The greatest of a block; -infinity if nothing is greater.
HWY_INLINE float BlockMaximum(const float* values, size_t count) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  auto a = hn::Set(d, kMinusInfinity);
  auto b = a, c = a, e = a;
  size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    a = Greater(hn::LoadU(d, values + i), a);
    b = Greater(hn::LoadU(d, values + i + lanes), b);
    c = Greater(hn::LoadU(d, values + i + 2 * lanes), c);
    e = Greater(hn::LoadU(d, values + i + 3 * lanes), e);
  }
  for (; i + lanes <= count; i += lanes) a = Greater(hn::LoadU(d, values + i), a);
  float best = hn::ReduceMax(d, hn::Max(hn::Max(a, b), hn::Max(c, e)));
  for (; i < count; ++i) best = values[i] > best ? values[i] : best;
  return best;
}

HWY_INLINE size_t FirstEqual(const float* values, size_t count, float wanted) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto target = hn::Set(d, wanted);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const intptr_t first = hn::FindFirstTrue(d, hn::Eq(hn::LoadU(d, values + i), target));
    if (first >= 0) return i + static_cast<size_t>(first);
  }
  while (i < count && values[i] != wanted) ++i;
  return i;
}

// Finds the block first and the index in it afterwards: carrying indices along would double the work on every value.
RowMaximum FindMaximum(const float* values, int count) {
  constexpr size_t kBlock = 1024;
  const size_t total = static_cast<size_t>(count);
  float best = kMinusInfinity;
  size_t best_block = total;
  for (size_t begin = 0; begin < total; begin += kBlock) {
    const float value = BlockMaximum(values + begin, begin + kBlock < total ? kBlock : total - begin);
    if (value > best) {
      best = value;
      best_block = begin;
    }
  }
  if (best_block == total) return {};
  const size_t offset = FirstEqual(values + best_block, total - best_block, best);
  return {static_cast<int>(best_block + offset), best};
}

// exp(x) for x in [-87, 0]: 2^n * exp(r) with |r| <= ln(2) / 2, exp(r) by its Taylor series to r^7.
template <class D, class V>
HWY_INLINE V Exp(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto n = hn::Round(hn::Mul(x, hn::Set(d, 1.44269504F)));
  // ln(2) in two parts, the first short enough for n * part to be exact.
  auto r = hn::NegMulAdd(n, hn::Set(d, 0.693359375F), x);
  r = hn::NegMulAdd(n, hn::Set(d, -2.12194440e-4F), r);
  auto series = hn::Set(d, 1.0F / 5040);
  for (const float factor : {1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F}) {
    series = hn::MulAdd(series, r, hn::Set(d, factor));
  }
  const auto power = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127)));
  return hn::Mul(series, hn::BitCast(d, power));
}

template <class D, class V>
HWY_INLINE V ExpOrZero(D d, V x) {
  const auto lowest = hn::Set(d, -87.0F);
  const auto counts = hn::Ge(x, lowest);
  return hn::IfThenElseZero(counts, Exp(d, hn::IfThenElse(counts, x, lowest)));
}

double SumExp(const float* values, int count, float maximum) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const size_t total = static_cast<size_t>(count);
  const auto offset = hn::Set(d, maximum);
  auto a = hn::Zero(d);
  auto b = a;
  size_t i = 0;
  for (; i + 2 * lanes <= total; i += 2 * lanes) {
    a = hn::Add(a, ExpOrZero(d, hn::Sub(hn::LoadU(d, values + i), offset)));
    b = hn::Add(b, ExpOrZero(d, hn::Sub(hn::LoadU(d, values + i + lanes), offset)));
  }
  double sum = hn::ReduceSum(d, hn::Add(a, b));
  const hn::CappedTag<float, 1> one;
  for (; i < total; ++i) sum += hn::GetLane(ExpOrZero(one, hn::Set(one, values[i] - maximum)));
  return sum;
}

int Collect(const float* values, int count, float floor, int* indices) {
  const hn::ScalableTag<float> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto least = hn::Set(d, floor);
  int i = 0;
  int found = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto mask = hn::Ge(hn::LoadU(d, values + i), least);
    if (HWY_LIKELY(hn::AllFalse(d, mask))) continue;
    for (uint64_t bits = hn::BitsFromMask(d, mask); bits != 0; bits &= bits - 1) {
      indices[found++] = i + __builtin_ctzll(bits);
    }
  }
  for (; i < count; ++i) {
    if (values[i] >= floor) indices[found++] = i;
  }
  return found;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {

RowMaximum MaximumOf(const float* values, int count) {
  return count > 0 ? PLACARD_DISPATCH(FindMaximum)(values, count) : RowMaximum();
}

double ExpSum(const float* values, int count, float maximum) {
  return count > 0 ? PLACARD_DISPATCH(SumExp)(values, count, maximum) : 0;
}

int CollectAtLeast(const float* values, int count, float floor, int* indices) {
  return count > 0 ? PLACARD_DISPATCH(Collect)(values, count, floor, indices) : 0;
}

}  // namespace placard
#endif  // HWY_ONCE

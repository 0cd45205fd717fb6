#include "kernels/development.h"

#include "base/simd_targets.h"
#include "kernels/normalization.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/development.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

constexpr float kLn2 = 0.69314718F;

// log2 of positive normal numbers. With x = m * 2^e, m in [sqrt(1/2), sqrt(2)): e + 2 / ln 2 * artanh((m - 1) / (m + 1)).
HWY_INLINE FloatVector Log2(FloatVector x) {
  const Floats d;
  const Ints di;
  // So that the exponent's bits count from sqrt(1/2).
  const auto root_half = hn::BitCast(di, hn::Set(d, 0.70710678F));
  const auto exponent = hn::ShiftRight<23>(hn::Sub(hn::BitCast(di, x), root_half));
  const FloatVector mantissa = hn::BitCast(d, hn::Sub(hn::BitCast(di, x), hn::ShiftLeft<23>(exponent)));
  const FloatVector one = hn::Set(d, 1.0F);
  const FloatVector s = hn::Div(hn::Sub(mantissa, one), hn::Add(mantissa, one)), square = hn::Mul(s, s);
  FloatVector series = hn::MulAdd(square, hn::Set(d, 1.0F / 7), hn::Set(d, 1.0F / 5));
  series = hn::MulAdd(square, series, hn::Set(d, 1.0F / 3));
  series = hn::MulAdd(square, series, one);
  return hn::MulAdd(hn::Mul(s, series), hn::Set(d, 2 / kLn2), hn::ConvertTo(d, exponent));
}

// 2^x for |x| <= 126: the whole part in the exponent, the rest by the exponential's series.
HWY_INLINE FloatVector Exp2(FloatVector x) {
  const Floats d;
  const Ints di;
  const auto whole = hn::NearestInt(x);
  const FloatVector rest = hn::Mul(hn::Sub(x, hn::ConvertTo(d, whole)), hn::Set(d, kLn2));
  constexpr float kInverseFactorials[] = {1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1, 1};
  FloatVector series = hn::Set(d, 1.0F / 720);
  for (const float factor : kInverseFactorials) series = hn::MulAdd(series, rest, hn::Set(d, factor));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, series), hn::ShiftLeft<23>(whole)));
}

// x^gamma for 0 <= x <= 1.
HWY_INLINE FloatVector Power(FloatVector x, FloatVector gamma) {
  const Floats d;
  const FloatVector least = hn::Set(d, 1e-6F);
  const FloatVector exponent = hn::Max(hn::Mul(gamma, Log2(hn::Max(x, least))), hn::Set(d, -126.0F));
  return hn::IfThenElseZero(hn::Gt(x, hn::Zero(d)), Exp2(exponent));
}

void SharpenRow(const float* blurred, float amount, int width, float* row) {
  const Floats d;
  const FloatVector factor = hn::Set(d, amount);
  for (int x = 0; x < width; x += kLanes) {
    const FloatVector level = hn::LoadU(d, row + x);
    hn::StoreU(hn::MulAdd(hn::Sub(level, hn::LoadU(d, blurred + x)), factor, level), d, row + x);
  }
}

HWY_INLINE FloatVector Toned(FloatVector level, const ToneCurve& curve) {
  const Floats d;
  const FloatVector linear = hn::MulAdd(level, hn::Set(d, curve.gain / 255), hn::Set(d, curve.lift));
  const FloatVector clamped = hn::Clamp(linear, hn::Zero(d), hn::Set(d, 1.0F));
  return hn::Mul(curve.gamma == 1 ? clamped : Power(clamped, hn::Set(d, curve.gamma)), hn::Set(d, 255.0F));
}

// Tones three rows in place.
void ToneRows(const ToneCurve& curve, int width, float* const (&rows)[3]) {
  const Floats d;
  const FloatVector saturation = hn::Set(d, curve.saturation);
  for (int x = 0; x < width; x += kLanes) {
    FloatVector colors[3], luma = hn::Zero(d);
    for (int c = 0; c < 3; ++c) {
      colors[c] = Toned(hn::LoadU(d, rows[c] + x), curve);
      luma = hn::MulAdd(colors[c], hn::Set(d, kLumaWeights[c]), luma);
    }
    for (int c = 0; c < 3; ++c) {
      const FloatVector color = curve.saturation == 1 ? colors[c] : Lerp(luma, colors[c], saturation);
      hn::StoreU(color, d, rows[c] + x);
    }
  }
}

void DevelopKernel(const ColorPlanes& planes, const ToneCurve& curve, const MutableImageView& destination) {
  for (int y = 0; y < planes.height(); ++y) {
    float* const rows[3] = {planes.row(0, y), planes.row(1, y), planes.row(2, y)};
    ToneRows(curve, planes.width(), rows);
    const auto load = [&](int c, size_t x) PLACARD_INLINE_LAMBDA { return hn::LoadU(Floats(), rows[c] + x); };
    StoreRounded<3>(load, static_cast<size_t>(planes.width()), destination.row(y));
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {

void Sharpen(const ColorPlanes& blurred, double amount, const ColorPlanes& planes) {
  const auto sharpen_row = PLACARD_DISPATCH(SharpenRow);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < planes.height(); ++y) {
      sharpen_row(blurred.row(c, y), static_cast<float>(amount), planes.width(), planes.row(c, y));
    }
  }
}

void Develop(const ColorPlanes& planes, const ToneCurve& curve, const MutableImageView& destination) {
  PLACARD_DISPATCH(DevelopKernel)(planes, curve, destination);
}

}  // namespace placard
#endif  // HWY_ONCE

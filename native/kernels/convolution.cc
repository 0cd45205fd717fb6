#include "kernels/convolution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "base/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/convolution.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

// A tap as a distance in the source.
struct Offset {
  ptrdiff_t floats;
  float weight;
};

template <int kVectors>
HWY_INLINE void ConvolveBlock(const float* source, const Offset* offsets, size_t count, float* destination) {
  const Floats d;
  FloatVector sums[kVectors];
  for (int k = 0; k < kVectors; ++k) sums[k] = hn::Zero(d);
  for (size_t i = 0; i < count; ++i) {
    const float* from = source + offsets[i].floats;
    const FloatVector weight = hn::Set(d, offsets[i].weight);
    HWY_UNROLL(4)
    for (int k = 0; k < kVectors; ++k) sums[k] = hn::MulAdd(hn::LoadU(d, from + k * kLanes), weight, sums[k]);
  }
  HWY_UNROLL(4)
  for (int k = 0; k < kVectors; ++k) hn::StoreU(sums[k], d, destination + k * kLanes);
}

void ConvolveKernel(const ColorPlanes& source, const Taps& taps, const ColorPlanes& destination) {
  constexpr int kVectors = 4, kBlock = kVectors * static_cast<int>(kLanes);
  std::vector<Offset> offsets;
  for (const Tap& tap : taps) offsets.push_back({tap.dy * source.stride() + tap.dx, tap.weight});
  const int width = source.width();
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < source.height(); ++y) {
      const float* from = source.row(c, y);
      float* to = destination.row(c, y);
      int x = 0;
      for (; x + kBlock <= width; x += kBlock) ConvolveBlock<kVectors>(from + x, offsets.data(), offsets.size(), to + x);
      for (; x < width; x += kLanes) ConvolveBlock<1>(from + x, offsets.data(), offsets.size(), to + x);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {
namespace {

Taps Normalized(Taps taps) {
  double sum = 0;
  for (const Tap& tap : taps) sum += tap.weight;
  for (Tap& tap : taps) tap.weight = static_cast<float>(tap.weight / sum);
  return taps;
}

Taps Gaussian(double deviation, int dx, int dy) {
  const int reach = std::max(static_cast<int>(std::ceil(3 * deviation)), 1);
  Taps taps;
  for (int i = -reach; i <= reach; ++i) {
    taps.push_back({i * dx, i * dy, static_cast<float>(std::exp(-0.5 * i * i / (deviation * deviation)))});
  }
  return Normalized(std::move(taps));
}

// The place in 0 ... size - 1 that a mirror shows at `place`.
int Mirrored(int place, int size) {
  if (size == 1) return 0;
  const int period = 2 * (size - 1);
  const int within = ((place % period) + period) % period;
  return within < size ? within : period - within;
}

// Fills the margin as far as `reach`.
void MirrorMargin(const ColorPlanes& planes, int reach) {
  const int width = planes.width(), height = planes.height();
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height; ++y) {
      float* row = planes.row(c, y);
      for (int i = 1; i <= reach; ++i) {
        row[-i] = row[Mirrored(-i, width)];
        row[width - 1 + i] = row[Mirrored(width - 1 + i, width)];
      }
    }
    const size_t bytes = (static_cast<size_t>(width) + 2 * reach) * sizeof(float);
    for (int i = 1; i <= reach; ++i) {
      for (const int y : {-i, height - 1 + i}) {
        std::memcpy(planes.row(c, y) - reach, planes.row(c, Mirrored(y, height)) - reach, bytes);
      }
    }
  }
}

}  // namespace

Taps DiskTaps(double radius) {
  // A pixel counts as much as it lies inside, by samples of it.
  constexpr int kSamples = 8;
  const int reach = static_cast<int>(std::ceil(radius + 0.5)) - 1;
  Taps taps;
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      int inside = 0;
      for (int i = 0; i < kSamples * kSamples; ++i) {
        const double x = dx + (i % kSamples + 0.5) / kSamples - 0.5, y = dy + (i / kSamples + 0.5) / kSamples - 0.5;
        if (x * x + y * y < radius * radius) ++inside;
      }
      if (inside > 0) taps.push_back({dx, dy, static_cast<float>(inside)});
    }
  }
  return taps.empty() ? Taps{{0, 0, 1}} : Normalized(std::move(taps));
}

Taps SegmentTaps(double x, double y) {
  // Points along the segment, each shared by the four pixels around it.
  constexpr int kSamplesPerPixel = 8;
  const int count = static_cast<int>(std::ceil(std::hypot(x, y) * kSamplesPerPixel)) + 1;
  const int across = static_cast<int>(std::abs(x) / 2) + 1, down = static_cast<int>(std::abs(y) / 2) + 1;
  const int columns = 2 * across + 1;
  std::vector<double> weights(static_cast<size_t>(columns) * (2 * down + 1));
  for (int i = 0; i < count; ++i) {
    const double part = (i + 0.5) / count - 0.5;
    const double px = part * x + across, py = part * y + down;
    const int left = static_cast<int>(px), top = static_cast<int>(py);
    const double right_share = px - left, low_share = py - top;
    double* corner = &weights[static_cast<size_t>(top) * columns + left];
    corner[0] += (1 - right_share) * (1 - low_share);
    corner[1] += right_share * (1 - low_share);
    corner[columns] += (1 - right_share) * low_share;
    corner[columns + 1] += right_share * low_share;
  }
  Taps taps;
  for (int i = 0; i < static_cast<int>(weights.size()); ++i) {
    if (weights[i] > 0) taps.push_back({i % columns - across, i / columns - down, static_cast<float>(weights[i])});
  }
  return Normalized(std::move(taps));
}

Taps GaussianRow(double deviation) { return Gaussian(deviation, 1, 0); }
Taps GaussianColumn(double deviation) { return Gaussian(deviation, 0, 1); }

int ReachOf(const Taps& taps) {
  int reach = 0;
  for (const Tap& tap : taps) reach = std::max({reach, std::abs(tap.dx), std::abs(tap.dy)});
  return reach;
}

void Convolve(const ColorPlanes& source, const Taps& taps, const ColorPlanes& destination) {
  MirrorMargin(source, ReachOf(taps));
  PLACARD_DISPATCH(ConvolveKernel)(source, taps, destination);
}

}  // namespace placard
#endif  // HWY_ONCE

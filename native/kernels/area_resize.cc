#include "kernels/area_resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/simd_targets.h"
#include "kernels/scratch_buffer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/area_resize.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

// sum[x] = sum of weights[k] * row(first + k)[x], x < width rounded up to whole vectors.
void SumRows(const ColorPlanes& source, int channel, int first, const std::vector<float>& weights, float* sum) {
  const Floats d;
  const float* top = source.row(channel, first);
  for (int x = 0; x < source.width(); x += kLanes) {
    FloatVector total = hn::Zero(d);
    for (size_t k = 0; k < weights.size(); ++k) {
      total = hn::MulAdd(hn::LoadU(d, top + k * source.stride() + x), hn::Set(d, weights[k]), total);
    }
    hn::StoreU(total, d, sum + x);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {
namespace {

// The source samples that an output sample is the weighted mean of.
struct Window {
  int first;
  std::vector<float> weights;
};

std::vector<Window> WindowsOf(int source_size, int size) {
  const double step = static_cast<double>(source_size) / size, extent = std::max(step, 1.0);
  std::vector<Window> windows;
  for (int i = 0; i < size; ++i) {
    // Beyond the edges nothing counts.
    const double middle = (i + 0.5) * step;
    const double begin = std::max(middle - extent / 2, 0.0);
    const double end = std::min(middle + extent / 2, static_cast<double>(source_size));
    Window window{std::min(static_cast<int>(begin), source_size - 1), {}};
    for (int place = window.first; place < source_size; ++place) {
      const double covered = std::min(end, place + 1.0) - std::max(begin, static_cast<double>(place));
      if (place > window.first && covered <= 1e-9) break;
      window.weights.push_back(static_cast<float>(covered / (end - begin)));
    }
    windows.push_back(std::move(window));
  }
  return windows;
}

}  // namespace

Status AreaResize(const ColorPlanes& source, const ColorPlanes& destination) {
  const std::vector<Window> columns = WindowsOf(source.width(), destination.width());
  const std::vector<Window> rows = WindowsOf(source.height(), destination.height());
  const ScratchBuffer<float> sums(static_cast<size_t>(source.width()) + ColorPlanes::kSlack);
  if (sums.data() == nullptr) return {Code::kOutOfMemory, "No memory for a row of a picture."};
  const auto sum_rows = PLACARD_DISPATCH(SumRows);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < destination.height(); ++y) {
      sum_rows(source, c, rows[y].first, rows[y].weights, sums.data());
      float* to = destination.row(c, y);
      for (const auto& [first, weights] : columns) {
        const float* from = sums.data() + first;
        float sum = 0;
        for (size_t k = 0; k < weights.size(); ++k) sum += weights[k] * from[k];
        *to++ = sum;
      }
    }
  }
  return {};
}

}  // namespace placard
#endif  // HWY_ONCE

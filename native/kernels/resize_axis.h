#ifndef PLACARD_KERNELS_RESIZE_AXIS_H_
#define PLACARD_KERNELS_RESIZE_AXIS_H_

#include <algorithm>
#include <cmath>

namespace placard {

// Where an output sample of a bilinear resize lies along one axis: between source samples `index` and `index + 1`,
// `weight` of the way to the second. The weight is 0 where there is no second one (index = source_size - 1).
struct ResizeTap {
  int index;
  float weight;
};

// Half-pixel centers, edges replicated: position = (i + 0.5) * source_size / size - 0.5, clamped to the source's samples.
inline ResizeTap ResizeTapAt(int i, int size, int source_size) {
  const double scale = static_cast<double>(source_size) / size;
  const double position = std::clamp((i + 0.5) * scale - 0.5, 0.0, source_size - 1.0);
  const int index = static_cast<int>(position);
  return {index, static_cast<float>(position - index)};
}

}  // namespace placard

#endif  // PLACARD_KERNELS_RESIZE_AXIS_H_

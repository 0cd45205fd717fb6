#ifndef PLACARD_KERNELS_BORDER_H_
#define PLACARD_KERNELS_BORDER_H_

#include <cstdint>

namespace placard {

// What a sample outside the source is: the nearest pixel, a constant, or the mirror about the edge pixel's center
// (OpenCV's BORDER_REPLICATE, BORDER_CONSTANT, BORDER_REFLECT_101).
enum class Border { kReplicate, kConstant, kReflect101 };

struct BorderRule {
  Border mode = Border::kReplicate;
  uint8_t value[3] = {0, 0, 0};  // for kConstant
};

}  // namespace placard

#endif  // PLACARD_KERNELS_BORDER_H_

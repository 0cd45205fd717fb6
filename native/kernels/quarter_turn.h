#ifndef PLACARD_KERNELS_QUARTER_TURN_H_
#define PLACARD_KERNELS_QUARTER_TURN_H_

#include "base/image_view.h"

namespace placard {

// Turns a 3-channel picture clockwise by 90 degrees `turns` times (0 ... 3). The destination has the turned size.
void QuarterTurn(const ImageView& source, int turns, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_QUARTER_TURN_H_

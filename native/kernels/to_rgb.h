#ifndef PLACARD_KERNELS_TO_RGB_H_
#define PLACARD_KERNELS_TO_RGB_H_

#include "base/image_view.h"

namespace placard {

// 8-bit gray (1 channel), gray + alpha (2), RGB (3) or RGBA (4) to RGB; `bgr` says that 3 and 4 channels come as BGR(A). Alpha
// is laid on white: value * a + 255 * (1 - a), rounded to nearest. Equal sizes; destination has 3 channels.
void ToRgb(const ImageView& source, bool bgr, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_TO_RGB_H_

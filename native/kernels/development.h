#ifndef PLACARD_KERNELS_DEVELOPMENT_H_
#define PLACARD_KERNELS_DEVELOPMENT_H_

#include "base/image_view.h"
#include "kernels/color_planes.h"

namespace placard {

// level' = 255 * clamp(gain * level / 255 + lift, 0, 1) ^ gamma; then every channel moves away from the Rec. 601 luma, or toward
// it: luma + saturation * (level' - luma). gamma > 0.
struct ToneCurve {
  float gain = 1;
  float lift = 0;
  float gamma = 1;
  float saturation = 1;
};

// Unsharp masking: adds `amount` of the difference to a blurred copy of equal size.
void Sharpen(const ColorPlanes& blurred, double amount, const ColorPlanes& planes);

// Rounded to nearest, 0 ... 255, into a destination of the planes' size and 3 channels; the planes are toned in place. Powers are
// right to 1e-5.
void Develop(const ColorPlanes& planes, const ToneCurve& curve, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_DEVELOPMENT_H_

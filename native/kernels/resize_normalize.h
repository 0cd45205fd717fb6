#ifndef PLACARD_KERNELS_RESIZE_NORMALIZE_H_
#define PLACARD_KERNELS_RESIZE_NORMALIZE_H_

#include "base/image_view.h"
#include "kernels/normalization.h"

namespace placard {

// Scales `source` (1 or 3 channels) bilinearly to destination.width x destination.height (half-pixel centers, edges
// replicated: OpenCV's INTER_LINEAR), orders the channels or takes their luma, normalizes, and writes planes. Weights along a
// row have 14 bits, everything else is float: exact to 0.008 gray levels, and never rounded to 8 bits. Sizes >= 1; empty source
// or destination writes nothing.
void ResizeNormalize(const ImageView& source, const Normalization& normalization, const PlanarView& destination);

// Bilinear 8-bit resize, rounded to nearest; the same geometry.
void Resize(const ImageView& source, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_RESIZE_NORMALIZE_H_

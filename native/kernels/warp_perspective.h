#ifndef PLACARD_KERNELS_WARP_PERSPECTIVE_H_
#define PLACARD_KERNELS_WARP_PERSPECTIVE_H_

#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"
#include "kernels/border.h"
#include "kernels/normalization.h"

namespace placard {

// The homography that takes from[i] to to[i]. kInvalidArgument if three points of a quad are collinear or a coordinate
// is not finite.
Result<Matrix3> PerspectiveTransform(const Quad& from, const Quad& to);

// The homography from the pixels of a width x height crop to the source pixels of `quad` (corners on corners: the crop's
// outer corners land on the quad's points), in the pixel-center convention that the warps below take.
Result<Matrix3> CropTransform(const Quad& quad, int width, int height);

// destination(x, y) = source(matrix * (x, y, 1)), bilinear; (0, 0) is the center of the first pixel, and `matrix` maps
// destination to source, as OpenCV's warpPerspective with WARP_INVERSE_MAP. 1 or 3 channels, equal on both sides.
void WarpPerspective(const ImageView& source, const Matrix3& matrix, const BorderRule& border,
                     const MutableImageView& destination);

// The same straight into a network's input: color order or luma, normalization and planes as ResizeNormalize. Each output pixel
// is the mean of oversample x oversample bilinear samples on a regular grid inside it (1 is plain bilinear): a crop that is
// several times larger than the network's input keeps its strokes.
void WarpPerspectiveNormalize(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample,
                              const Normalization& normalization, const PlanarView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_WARP_PERSPECTIVE_H_

#ifndef PLACARD_KERNELS_OVERLAY_PERSPECTIVE_H_
#define PLACARD_KERNELS_OVERLAY_PERSPECTIVE_H_

#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"
#include "kernels/color_planes.h"

namespace placard {

// How many pixels of a flat picture lie along a step of one pixel to the right and down at (x, y), where `matrix` maps points
// to points of that picture.
struct PixelSteps {
  double across;
  double down;
};
PixelSteps PixelStepsAt(const Matrix3& matrix, double x, double y);

// Bilinear samples that stand for `pixels` of them along an axis: one for each, though a quarter of one may go without; from 1 to
// kMostSamples.
inline constexpr int kMostSamples = 8;
int SamplesAlong(double pixels);

// Lays `layer` (RGBA, opacity not multiplied in, transparent beyond its edges) over `planes`. `matrix` maps the points of the
// planes to the layer's, up to a factor of either sign; the points of both are continuous, (0, 0) being the outer corner of the
// first pixel. What lies behind the viewer is not drawn.
//
// A pixel is the mean of a regular grid of bilinear samples, SamplesAlong either axis; where the layer becomes smaller by half or
// more, it is halved first, by means weighted with opacity. kOutOfMemory if there is none for a copy of the layer.
Status OverlayPerspective(const ImageView& layer, const Matrix3& matrix, const ColorPlanes& planes);

}  // namespace placard

#endif  // PLACARD_KERNELS_OVERLAY_PERSPECTIVE_H_

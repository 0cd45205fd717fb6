#ifndef PLACARD_KERNELS_AREA_RESIZE_H_
#define PLACARD_KERNELS_AREA_RESIZE_H_

#include "base/status.h"
#include "kernels/color_planes.h"

namespace placard {

// Resizes to the destination's size: along each axis a pixel is the mean of the source's over its own extent (OpenCV's INTER_AREA
// where the picture becomes smaller) or over one source pixel's where that is more, which is bilinear interpolation. kOutOfMemory
// if there is none for a row.
Status AreaResize(const ColorPlanes& source, const ColorPlanes& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_AREA_RESIZE_H_

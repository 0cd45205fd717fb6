#ifndef PLACARD_KERNELS_CAMERA_H_
#define PLACARD_KERNELS_CAMERA_H_

#include <cstdint>
#include <vector>

#include "base/cancel.h"
#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"
#include "kernels/color_planes.h"
#include "kernels/development.h"
#include "kernels/light.h"

namespace placard {

// What lens, sensor and processing do to a picture, in the order of the fields; the defaults do nothing. Lengths are pixels of the
// picture before the sensor, levels those of 0 ... 255.
struct CameraSettings {
  CornerGains light = {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}}};
  std::vector<LightSpot> spots;
  double defocus = 0;  // radius of the disk that a point becomes
  double blur = 0;     // deviation of the lens's Gaussian
  Point motion;        // the way of a point while the shutter is open
  double read_noise = 0;
  double shot_noise = 0;  // at level 128
  double luma_share = 0;  // of the noise, 0 ... 1
  double grain = 0;       // deviation of the Gaussian that smears the noise, sensor pixels
  double sharpen = 0;     // of the difference to a Gaussian of one sensor pixel
  ToneCurve curve;
  uint32_t seed = 0;  // of the noise
};

// A picture to lay over another.
struct FlatLayer {
  ImageView pixels;  // RGBA
  Matrix3 matrix;    // from the picture's points to the layer's
};

// Draws the layers over the background, one above the other, and photographs the width x height picture with a sensor of the
// destination's size. The background lies below through `matrix`, its border going on as its mirror image; points are continuous
// as in overlay_perspective.h. The same arguments give the same bytes. kOutOfMemory, or kCancelled between steps.
Status Photograph(const ImageView& background, const Matrix3& matrix, int width, int height, const std::vector<FlatLayer>& layers,
                  const CameraSettings& camera, const CancelToken& cancel, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_CAMERA_H_

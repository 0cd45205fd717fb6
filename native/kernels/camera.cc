#include "kernels/camera.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "kernels/area_resize.h"
#include "kernels/convolution.h"
#include "kernels/homography.h"
#include "kernels/overlay_perspective.h"
#include "kernels/sensor_noise.h"
#include "kernels/warp_perspective.h"

namespace placard {
namespace {

Status OutOfMemory(int width, int height) {
  return {Code::kOutOfMemory,
          "No memory to photograph a picture of " + std::to_string(width) + " x " + std::to_string(height) + "."};
}

// The blurs of the lens in turn; each is one convolution.
std::vector<Taps> LensTaps(const CameraSettings& camera) {
  std::vector<Taps> steps;
  if (camera.defocus > 0) steps.push_back(DiskTaps(camera.defocus));
  if (camera.blur > 0) {
    steps.push_back(GaussianRow(camera.blur));
    steps.push_back(GaussianColumn(camera.blur));
  }
  if (camera.motion.x != 0 || camera.motion.y != 0) steps.push_back(SegmentTaps(camera.motion.x, camera.motion.y));
  return steps;
}

int ReachOf(const std::vector<Taps>& steps) {
  int reach = 0;
  for (const Taps& taps : steps) reach = std::max(reach, ReachOf(taps));
  return reach;
}

// Gaussian along both axes, by way of `between`; `blurred` may be `planes`.
void Blur(double deviation, const ColorPlanes& planes, const ColorPlanes& between, const ColorPlanes& blurred) {
  Convolve(planes, GaussianRow(deviation), between);
  Convolve(between, GaussianColumn(deviation), blurred);
}

// What smeared noise of unit variance is multiplied by to have it again: independent numbers' variances add up.
double UnitOfGrain(double grain) {
  double variance = 0;
  for (const Tap& tap : GaussianRow(grain)) variance += static_cast<double>(tap.weight) * tap.weight;
  return 1 / variance;  // the root of both axes' product
}

void DrawBackground(const ImageView& background, const Matrix3& matrix, const ColorPlanes& planes) {
  const double right = planes.width(), bottom = planes.height();
  double most = 0;
  for (const Point& corner : {Point{0, 0}, {right, 0}, {right, bottom}, {0, bottom}}) {
    const PixelSteps steps = PixelStepsAt(matrix, corner.x, corner.y);
    most = std::max({most, steps.across, steps.down});
  }
  const Normalization as_they_are{{1, 1, 1}, {0, 0, 0}, false, false};
  WarpPerspectiveNormalize(background, BetweenCenters(matrix), {Border::kReflect101}, SamplesAlong(most), as_they_are,
                           planes.view());
}

// Noise, sharpening and tone of what fell on the sensor.
Status Process(const ColorPlanes& planes, ColorPlanes spare, const CameraSettings& camera, const CancelToken& cancel,
               const MutableImageView& destination) {
  const bool noisy = camera.read_noise > 0 || camera.shot_noise > 0;
  if (noisy || camera.sharpen > 0) {
    const ColorPlanes field(planes.width(), planes.height(), planes.margin());
    if (!spare.ok()) spare = ColorPlanes(planes.width(), planes.height(), planes.margin());
    if (!field.ok() || !spare.ok()) return OutOfMemory(planes.width(), planes.height());
    if (noisy) {
      UnitNoise(camera.seed, camera.luma_share, field);
      if (camera.grain > 0) Blur(camera.grain, field, spare, field);
      AddNoise(field, camera.grain > 0 ? UnitOfGrain(camera.grain) : 1, camera.read_noise, camera.shot_noise, planes);
      PLACARD_RETURN_IF_ERROR(cancel.Check());
    }
    if (camera.sharpen > 0) {
      Blur(1, planes, spare, field);
      Sharpen(field, camera.sharpen, planes);
    }
  }
  Develop(planes, camera.curve, destination);
  return {};
}

}  // namespace

Status Photograph(const ImageView& background, const Matrix3& matrix, int width, int height, const std::vector<FlatLayer>& layers,
                  const CameraSettings& camera, const CancelToken& cancel, const MutableImageView& destination) {
  const std::vector<Taps> lens = LensTaps(camera);
  const int sensor_reach = std::max(camera.sharpen > 0 ? ReachOf(GaussianRow(1)) : 0,
                                    camera.grain > 0 ? ReachOf(GaussianRow(camera.grain)) : 0);
  const int margin = std::max(ReachOf(lens), sensor_reach);
  ColorPlanes planes(width, height, margin), spare;
  if (!planes.ok()) return OutOfMemory(width, height);
  DrawBackground(background, matrix, planes);
  for (const FlatLayer& layer : layers) {
    PLACARD_RETURN_IF_ERROR(cancel.Check());
    PLACARD_RETURN_IF_ERROR(OverlayPerspective(layer.pixels, layer.matrix, planes));
  }
  if (!camera.spots.empty() || camera.light != CameraSettings().light) ShedLight(camera.light, camera.spots, planes);
  if (!lens.empty()) spare = ColorPlanes(width, height, margin);
  for (const Taps& taps : lens) {
    PLACARD_RETURN_IF_ERROR(cancel.Check());
    if (!spare.ok()) return OutOfMemory(width, height);
    Convolve(planes, taps, spare);
    std::swap(planes, spare);
  }
  PLACARD_RETURN_IF_ERROR(cancel.Check());
  if (destination.width == width && destination.height == height) {
    return Process(planes, std::move(spare), camera, cancel, destination);
  }
  const ColorPlanes sensor(destination.width, destination.height, sensor_reach);
  if (!sensor.ok()) return OutOfMemory(destination.width, destination.height);
  PLACARD_RETURN_IF_ERROR(AreaResize(planes, sensor));
  return Process(sensor, {}, camera, cancel, destination);
}

}  // namespace placard

#ifndef PLACARD_KERNELS_CONVOLUTION_H_
#define PLACARD_KERNELS_CONVOLUTION_H_

#include <vector>

#include "kernels/color_planes.h"

namespace placard {

// What a point becomes, weight by weight: destination(x, y) = sum of weight * source(x + dx, y + dy).
struct Tap {
  int dx, dy;
  float weight;
};
using Taps = std::vector<Tap>;

// The taps below sum up to 1.

// A disk, its edge antialiased: a point out of focus. radius > 0, pixels.
Taps DiskTaps(double radius);
// A segment from (-x / 2, -y / 2) to (x / 2, y / 2), antialiased: the way of a point while the shutter is open.
Taps SegmentTaps(double x, double y);
// A Gaussian sampled to three deviations, along one axis. deviation > 0.
Taps GaussianRow(double deviation);
Taps GaussianColumn(double deviation);

// Largest |dx| or |dy|: the margin that Convolve needs.
int ReachOf(const Taps& taps);

// Beyond its edges the source goes on as its mirror image about the edge pixels' centers: its margin is filled so. Source and
// destination have equal size and margin and may not overlap.
void Convolve(const ColorPlanes& source, const Taps& taps, const ColorPlanes& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_CONVOLUTION_H_

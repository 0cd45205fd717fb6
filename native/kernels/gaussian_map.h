#ifndef PLACARD_KERNELS_GAUSSIAN_MAP_H_
#define PLACARD_KERNELS_GAUSSIAN_MAP_H_

#include <span>

#include "base/geometry.h"
#include "base/image_view.h"

namespace placard {

// Ways to draw CRAFT's ground truth (Baek et al., "Character Region Awareness for Text Detection", 2019, gives no numbers).
// Of a quad with half sides of length 1:
//   kPaper          standard deviation .68, as the authors' network answers; drawn as far as it can be seen
//   kBrooklyn       standard deviation .5, ends at the quad's sides, stretched so that the corners are 0
//   kBacktime       the quad's sides lie where a region's Gaussian is .35, an affinity's .15; drawn as far as it can be seen
//   kBacktimeCraft  the corners are moved away from where the diagonals cross to 1.5 times their distance, within the map;
//                   standard deviation .4 of that, nothing outside the inscribed ellipse. An affinity's quad grows in y alone.
// The last three are those of two reimplementations that trained networks were published with.
enum class GaussianPreset { kPaper, kBrooklyn, kBacktime, kBacktimeCraft };

// What a quad is around: a character, or what links two.
enum class GaussianKind { kRegion, kAffinity };

// Draws a Gaussian for each quad onto a map of one channel, 255 at its center, warped as the quad is; what the map holds
// stays where it is higher. Coordinates are map pixels, the first one's center at (.5, .5). Nothing is drawn of a quad that is
// not convex, nor of one in such perspective that its Gaussian would reach beyond the horizon.
void GaussianMap(std::span<const Quad> quads, GaussianPreset preset, GaussianKind kind, const MutableImageView& map);

}  // namespace placard

#endif  // PLACARD_KERNELS_GAUSSIAN_MAP_H_

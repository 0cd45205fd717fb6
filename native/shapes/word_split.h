#ifndef PLACARD_SHAPES_WORD_SPLIT_H_
#define PLACARD_SHAPES_WORD_SPLIT_H_

#include <vector>

#include "base/cancel.h"
#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"

namespace placard {

// Where characters are for certain, and where there may be some:
//   kOtsu        text is what Otsu's threshold says, opened by a square of side 5; some lie within three pixels of it, and for
//                certain where the distance to what is no text is more than a fifth of the largest
//   kThresholds  some are where the score is more than a fifth of the highest, opened by a square of side 5; for certain
//                where it is more than three fifths
// Both as published with reimplementations of CRAFT's training.
enum class SplitPreset { kOtsu, kThresholds };

// The characters of one word by the region map of its crop (scores of [0, 1]; others count as the nearest, NaN as 0): basins
// of a watershed over the map, one for each connected place that is certain (with 8 neighbors for kOtsu, 4 for
// kThresholds). A quad is the smallest rectangle around a basin's pixels, in map pixels, whose first has its center at (.5, .5);
// of kThresholds one of less than 10 square pixels is left out. The quads come by their center's x. `cancel` may be null.
Result<std::vector<Quad>> SplitWord(const MapView& region, SplitPreset preset, const CancelToken* cancel);

}  // namespace placard

#endif  // PLACARD_SHAPES_WORD_SPLIT_H_

#ifndef PLACARD_SHAPES_DB_BOXES_H_
#define PLACARD_SHAPES_DB_BOXES_H_

#include <vector>

#include "base/cancel.h"
#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"

namespace placard {

struct DbOptions {
  float map_threshold = 0.3F;   // a pixel is text above this probability
  float box_threshold = 0.4F;   // mean probability inside the shrunk rectangle that a box needs
  double min_side = 3;          // shorter side of the shrunk rectangle, map pixels
  int max_candidates = 1000;    // components looked at, largest first
  bool curves = true;           // give polygons for bent text
};

// A text region in map pixels, as the network draws it: shrunk. (0, 0) is the outer corner of the map's first pixel.
struct DbBox {
  Quad quad;                    // the min-area rectangle around the component's pixels
  float score = 0;              // mean probability over the pixels whose center lies in that rectangle; over the component's
                                // own pixels if it is bent
  std::vector<Point> polygon;   // empty, or 14 points: 7 along the upper side left to right, 7 back along the lower;
                                // shapes/bent_text.h has the rule
};

// Differentiable-binarization post-processing (Liao et al., 2020): components of the thresholded map, their min-area
// rectangles and scores. Boxes come in row-major order of their first pixel. Probabilities are clamped to [0, 1] for
// the score, NaN to 0. Unclipping them is the caller's. `cancel` may be null; it is asked between
// components. kInvalidArgument for a map without data or with too small a stride and for options that are NaN.
Result<std::vector<DbBox>> DbBoxes(const MapView& map, const DbOptions& options, const CancelToken* cancel);

}  // namespace placard

#endif  // PLACARD_SHAPES_DB_BOXES_H_

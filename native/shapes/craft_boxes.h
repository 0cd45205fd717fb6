#ifndef PLACARD_SHAPES_CRAFT_BOXES_H_
#define PLACARD_SHAPES_CRAFT_BOXES_H_

#include <vector>

#include "base/cancel.h"
#include "base/geometry.h"
#include "base/image_view.h"
#include "base/status.h"

namespace placard {

struct CraftOptions {
  float text_threshold = 0.7F;  // highest region score that a component needs
  float low_text = 0.4F;        // a pixel of more region score is text
  float link_threshold = 0.4F;  // a pixel of more affinity links
  bool characters = false;      // of the region map alone: no links, no polygons
  bool polygons = false;        // give polygons for bent words
  bool published_walk = false;  // in polygons, the published code's slip; shapes/craft_polygon.h tells
};

// A word, or a character, in map pixels as CRAFT counts them: (0, 0) is the center of the map's first pixel. A map is half
// as large as the network's input, and its networks learned from labels whose coordinates were halved: (x, y) stands for
// (2 x, 2 y) of the input. (Taking pixels' centers for it, (2 x + 1, 2 y + 1), was measured to cost 0.8 points of ICDAR
// 2015's H.)
struct CraftBox {
  Quad quad;                   // clockwise; of least x + y first, of two such corners the one before the longer side
  float score = 0;             // mean region score over the component's text pixels, each clamped to [0, 1]
  std::vector<Point> polygon;  // empty, or 14 points; shapes/craft_polygon.h has the rule
};

// Words from CRAFT's region and affinity maps, which have equal size (Baek et al., "Character Region Awareness for Text
// Detection", 2019, and the code published with it). Text pixels T have more region score than low_text, link pixels L more
// affinity than link_threshold, NaN is neither.
//   - Components of T or L with 4 neighbors; one of less than 10 pixels, or whose region score stays below text_threshold,
//     is dropped.
//   - Of the others T is dilated by a square of side n + 1, n = floor(2 sqrt(area / longer side of the component's
//     bounds)), that reaches n / 2 to the left and up and (n + 1) / 2 to the right and down (integer division), within the
//     map.
//   - The box is the min-area rectangle around these pixels' centers, or their bounds if its sides differ by a tenth at
//     most.
// Boxes come in row-major order of their component's first pixel. With `characters` the affinity map is not read and may be
// empty. `cancel` may be null; it is asked between components. kInvalidArgument for maps without data, with too small a
// stride or of different sizes and for options that are NaN.
Result<std::vector<CraftBox>> CraftBoxes(const MapView& region, const MapView& affinity, const CraftOptions& options,
                                         const CancelToken* cancel);

}  // namespace placard

#endif  // PLACARD_SHAPES_CRAFT_BOXES_H_

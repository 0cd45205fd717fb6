#ifndef PLACARD_KERNELS_HEAT_MAP_H_
#define PLACARD_KERNELS_HEAT_MAP_H_

#include "base/image_view.h"

namespace placard {

// A network's map as a picture for people: values of [0, 1] (others count as the nearest, NaN as 0) from black over violet,
// red and orange to light yellow, even in lightness (after matplotlib's colormap inferno, CC0). The map, of one pixel or
// more, is scaled to the destination (3 channels) bilinearly, corner on corner, its outermost values going on to the
// border. `picture` is empty, or RGB of the destination's size: each pixel is then the mean of the picture's and the map's
// color.
void HeatMap(const MapView& map, const ImageView& picture, const MutableImageView& destination);

}  // namespace placard

#endif  // PLACARD_KERNELS_HEAT_MAP_H_

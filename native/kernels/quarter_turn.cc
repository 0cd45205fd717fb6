#include "kernels/quarter_turn.h"

#include <algorithm>

namespace placard {

void QuarterTurn(const ImageView& source, int turns, const MutableImageView& destination) {
  // Tiles keep both the rows read and the columns written in the cache.
  constexpr int kTile = 32;
  const uint8_t* origin = source.data;
  ptrdiff_t step_x = 3, step_y = source.stride;
  const ptrdiff_t last_x = static_cast<ptrdiff_t>(source.width - 1) * 3, last_y = (source.height - 1) * source.stride;
  if (turns == 1) {
    origin += last_y, step_x = -source.stride, step_y = 3;
  } else if (turns == 2) {
    origin += last_y + last_x, step_x = -3, step_y = -source.stride;
  } else if (turns == 3) {
    origin += last_x, step_x = source.stride, step_y = -3;
  }
  for (int top = 0; top < destination.height; top += kTile) {
    for (int left = 0; left < destination.width; left += kTile) {
      const int bottom = std::min(top + kTile, destination.height), right = std::min(left + kTile, destination.width);
      for (int y = top; y < bottom; ++y) {
        const uint8_t* in = origin + y * step_y + left * step_x;
        uint8_t* out = destination.row(y) + static_cast<ptrdiff_t>(left) * 3;
        for (int x = left; x < right; ++x, in += step_x, out += 3) {
          out[0] = in[0], out[1] = in[1], out[2] = in[2];
        }
      }
    }
  }
}

}  // namespace placard

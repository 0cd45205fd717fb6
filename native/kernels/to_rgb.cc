#include "kernels/to_rgb.h"

#include <cstring>

namespace placard {
namespace {

uint8_t OnWhite(uint8_t value, uint8_t alpha) {
  const unsigned sum = value * alpha + 255u * (255u - alpha) + 127u;
  return static_cast<uint8_t>(sum / 255u);
}

template <int channels>
void ConvertRow(const uint8_t* in, int width, bool bgr, uint8_t* out) {
  constexpr bool kGray = channels <= 2;
  constexpr bool kAlpha = channels % 2 == 0;
  const int red = !kGray && bgr ? 2 : 0;
  for (int x = 0; x < width; ++x, in += channels, out += 3) {
    for (int c = 0; c < 3; ++c) {
      const uint8_t value = kGray ? in[0] : in[c == 1 ? 1 : c == 0 ? red : 2 - red];
      out[c] = kAlpha ? OnWhite(value, in[channels - 1]) : value;
    }
  }
}

}  // namespace

void ToRgb(const ImageView& source, bool bgr, const MutableImageView& destination) {
  for (int y = 0; y < source.height; ++y) {
    const uint8_t* in = source.row(y);
    uint8_t* out = destination.row(y);
    switch (source.channels) {
      case 1: ConvertRow<1>(in, source.width, bgr, out); break;
      case 2: ConvertRow<2>(in, source.width, bgr, out); break;
      case 4: ConvertRow<4>(in, source.width, bgr, out); break;
      default:
        if (bgr) {
          ConvertRow<3>(in, source.width, bgr, out);
        } else {
          std::memcpy(out, in, static_cast<size_t>(source.width) * 3);
        }
    }
  }
}

}  // namespace placard

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "kernels/cell_strip.h"
#include "kernels/mosaic.h"
#include "kernels/quarter_turn.h"
#include "kernels/resize_normalize.h"
#include "kernels/to_rgb.h"
#include "kernels/warp_perspective.h"

namespace placard {
namespace {

constexpr int kLongestSide = 1 << 16;

Status OutOfMemory(int width, int height) {
  return {Code::kOutOfMemory,
          "No memory for a picture of " + std::to_string(width) + " x " + std::to_string(height) + "."};
}

// An operation that makes one 3-channel image of a known size with `fill`.
Napi::Value MakeImage(const Arguments& arguments, int width, int height, std::function<Status(const MutableImageView&)> fill,
                      std::vector<Napi::ObjectReference> pinned = {}) {
  auto image = std::make_shared<Image>();
  Operation operation;
  operation.task = [=, clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    *image = AllocateImage(width, height, 3);
    if (image->view.data == nullptr) return OutOfMemory(width, height);
    return fill(image->view);
  };
  operation.result = [image](Napi::Env env) -> Napi::Value { return ImageHandle::New(env, std::move(*image)); };
  operation.pinned = std::move(pinned);
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// imageFromPixels({data: Uint8Array, width, height, channels: 1-4, stride, bgr}): `data` is read until the promise settles
// and must neither change nor be transferred before.
Napi::Value ImageFromPixels(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "pixels");
  const Napi::Value data = arguments.Get("data");
  if (!data.IsTypedArray() || data.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    arguments.Expected("a Uint8Array", "data");
  }
  const Napi::Uint8Array bytes = data.As<Napi::Uint8Array>();
  const int width = arguments.Integer("width", 1, kLongestSide), height = arguments.Integer("height", 1, kLongestSide);
  const int channels = arguments.Integer("channels", 1, 4);
  const int stride = arguments.IntegerOr("stride", width * channels, 1 << 30, width * channels);
  if (bytes.ByteLength() < static_cast<size_t>(stride) * (height - 1) + static_cast<size_t>(width) * channels) {
    arguments.Expected("width x height x channels bytes", "data.length");
  }
  const ImageView source{bytes.Data(), width, height, channels, stride};
  const bool bgr = arguments.Boolean("bgr");
  std::vector<Napi::ObjectReference> pinned;
  pinned.push_back(Napi::Persistent(data.As<Napi::Object>()));
  return MakeImage(
      arguments, width, height,
      [=](const MutableImageView& image) -> Status {
        ToRgb(source, bgr, image);
        return {};
      },
      std::move(pinned));
}

// imagePixels({image}) -> Uint8Array of width x height x 3, RGB.
Napi::Value ImagePixels(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "pixels");
  const Image image = arguments.GetImage("image");
  const size_t row = static_cast<size_t>(image.view.width) * 3;
  Napi::Uint8Array pixels = NewBytes(arguments.env(), row * image.view.height);
  // Nobody else has the array before the promise settles: the pool may write to it.
  const auto kept = std::make_shared<Napi::ObjectReference>(Napi::Persistent(pixels.As<Napi::Object>()));
  Operation operation;
  operation.task = [image, row, to = pixels.Data(), clock = arguments.context().clock](int) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    for (int y = 0; y < image.view.height; ++y) std::copy_n(image.view.row(y), row, to + y * row);
    return {};
  };
  operation.result = [kept](Napi::Env) -> Napi::Value { return kept->Value(); };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// imageRegion(image, left, top, width, height): a view of the same pixels; synchronous, copies nothing.
Napi::Value ImageRegion(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "region");
  Image image = arguments.GetImage("image");
  const int left = arguments.Integer("left", 0, image.view.width - 1);
  const int top = arguments.Integer("top", 0, image.view.height - 1);
  image.view.width = arguments.Integer("width", 1, image.view.width - left);
  image.view.height = arguments.Integer("height", 1, image.view.height - top);
  image.view.data = image.view.row(top) + left * 3;
  return ImageHandle::New(info.Env(), std::move(image));
}

// turnImage({image, turns: 0-3}): clockwise quarter turns.
Napi::Value TurnImage(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "turn");
  const Image image = arguments.GetImage("image");
  const int turns = arguments.Integer("turns", 0, 3);
  const bool swap = turns % 2 == 1;
  return MakeImage(arguments, swap ? image.view.height : image.view.width, swap ? image.view.width : image.view.height,
                   [=](const MutableImageView& turned) -> Status {
                     QuarterTurn(image.view, turns, turned);
                     return {};
                   });
}

// resizeImage({image, width, height}).
Napi::Value ResizeImage(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "resize");
  const Image image = arguments.GetImage("image");
  return MakeImage(arguments, arguments.Integer("width", 1, kLongestSide), arguments.Integer("height", 1, kLongestSide),
                   [=](const MutableImageView& resized) -> Status {
                     Resize(image.view, resized);
                     return {};
                   });
}

// warpImage({image, matrix: Float32Array(9) destination to source, width, height, border?, borderValue?}).
Napi::Value WarpImage(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "warp");
  const Image image = arguments.GetImage("image");
  const std::vector<float> values = arguments.Floats("matrix");
  if (values.size() != 9) arguments.Expected("9 numbers", "matrix");
  Matrix3 matrix;
  for (size_t i = 0; i < 9; ++i) {
    if (!std::isfinite(values[i])) arguments.Expected("finite numbers", "matrix");
    matrix[i] = values[i];
  }
  const BorderRule border = arguments.GetBorder();
  return MakeImage(arguments, arguments.Integer("width", 1, kLongestSide), arguments.Integer("height", 1, kLongestSide),
                   [=](const MutableImageView& warped) -> Status {
                     WarpPerspective(image.view, matrix, border, warped);
                     return {};
                   });
}

// mosaicImage({image, block, seed}).
Napi::Value MosaicImage(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "mosaic");
  const Image image = arguments.GetImage("image");
  const int block = arguments.Integer("block", 1, kLongestSide);
  const auto seed = static_cast<uint64_t>(arguments.Number("seed", 0, 9007199254740991.0));
  return MakeImage(arguments, image.view.width, image.view.height, [=](const MutableImageView& coarse) -> Status {
    Mosaic(image.view, block, seed, coarse);
    return {};
  });
}

// randomResizeImage({image, smallest, largest, seed, width, height}).
Napi::Value RandomResizeImage(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "randomResize");
  const Image image = arguments.GetImage("image");
  const int smallest = arguments.Integer("smallest", 1, kLongestSide);
  const int largest = arguments.Integer("largest", smallest, kLongestSide);
  const auto seed = static_cast<uint64_t>(arguments.Number("seed", 0, 9007199254740991.0));
  return MakeImage(arguments, arguments.Integer("width", 1, kLongestSide), arguments.Integer("height", 1, kLongestSide),
                   [=](const MutableImageView& resized) -> Status {
                     RandomResize(image.view, smallest, largest, seed, resized);
                     return {};
                   });
}

using FillCrop = std::function<Status(const MutableImageView& crop, int index)>;

// An operation that makes an array of 3-channel images, image i of sizes[2i] x sizes[2i + 1].
Napi::Value MakeImages(const Arguments& arguments, std::vector<int32_t> sizes, FillCrop fill) {
  for (const int32_t side : sizes) {
    if (side < 1 || side > kLongestSide) arguments.Expected("sides of 1 ... 65536", "sizes");
  }
  const int count = static_cast<int>(sizes.size() / 2);
  auto crops = std::make_shared<std::vector<Image>>(count);
  Operation operation;
  operation.count = count;
  operation.task = [=, clock = arguments.context().clock, sizes = std::move(sizes)](int i) -> Status {
    const WorkTimer timer(clock.get(), Work::kKernels);
    Image crop = AllocateImage(sizes[2 * i], sizes[2 * i + 1], 3);
    if (crop.view.data == nullptr) return OutOfMemory(sizes[2 * i], sizes[2 * i + 1]);
    PLACARD_RETURN_IF_ERROR(fill(crop.view, i));
    (*crops)[i] = std::move(crop);
    return {};
  };
  operation.result = [crops](Napi::Env env) -> Napi::Value {
    Napi::Array array = Napi::Array::New(env, crops->size());
    for (uint32_t i = 0; i < crops->size(); ++i) array[i] = ImageHandle::New(env, std::move((*crops)[i]));
    return array;
  };
  return Job::Start(arguments.env(), arguments.context(), std::move(operation));
}

// rectifyImages({image, quads: Float32Array(8n), sizes: Int32Array(2n) width and height}) -> Image[].
Napi::Value RectifyImages(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "rectify");
  const Image image = arguments.GetImage("image");
  const std::vector<Quad> quads = arguments.Quads("quads");
  std::vector<int32_t> sizes = arguments.Integers("sizes");
  if (sizes.size() != quads.size() * 2) arguments.Expected("2 numbers a quad", "sizes");
  const BorderRule border = arguments.GetBorder();
  return MakeImages(arguments, std::move(sizes), [=](const MutableImageView& crop, int i) -> Status {
    const Result<Matrix3> matrix = CropTransform(quads[i], crop.width, crop.height);
    if (!matrix.ok()) return matrix.status();
    WarpPerspective(image.view, *matrix, border, crop);
    return {};
  });
}

// rectifyStrips({image, quads: Float32Array(8n), widths: Int32Array(n), counts: Int32Array(strips), height}) -> Image[]: strip i is
// the next counts[i] quads, rectified and laid side by side.
Napi::Value RectifyStrips(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "rectify");
  const Image image = arguments.GetImage("image");
  const std::vector<Quad> quads = arguments.Quads("quads");
  const std::vector<int32_t> widths = arguments.Integers("widths"), counts = arguments.Integers("counts");
  const int height = arguments.Integer("height", 1, 4096);
  if (widths.size() != quads.size()) arguments.Expected("a number a quad", "widths");
  std::vector<int32_t> sizes, firsts;
  int64_t next = 0;
  for (const int32_t count : counts) {
    if (count < 1 || next + count > static_cast<int64_t>(quads.size())) arguments.Expected("counts of all quads", "counts");
    int64_t width = 0;
    for (int64_t k = next; k < next + count; ++k) {
      if (widths[k] < 1) arguments.Expected("widths of at least 1", "widths");
      width += widths[k];
    }
    if (width > kLongestSide) arguments.Expected("strips of at most 65536 columns", "widths");
    firsts.push_back(static_cast<int32_t>(next));
    sizes.insert(sizes.end(), {static_cast<int32_t>(width), height});
    next += count;
  }
  if (next != static_cast<int64_t>(quads.size())) arguments.Expected("counts of all quads", "counts");
  return MakeImages(arguments, std::move(sizes), [=](const MutableImageView& strip, int i) -> Status {
    int left = 0;
    for (int k = firsts[i]; k < firsts[i] + counts[i]; ++k) {
      const Result<Matrix3> matrix = CropTransform(quads[k], widths[k], height);
      if (!matrix.ok()) return matrix.status();
      WarpPerspective(image.view, *matrix, {}, {strip.data + 3 * left, widths[k], height, 3, strip.stride});
      left += widths[k];
    }
    return {};
  });
}

// cellStrips({images, cells: Int32Array(n), height}) -> Image[]: columns of stacked characters as rows.
Napi::Value CellStrips(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "cellStrips");
  const std::vector<Image> images = arguments.Images("images");
  const std::vector<int32_t> cells = arguments.Integers("cells");
  const int height = arguments.Integer("height", 1, 4096);
  if (cells.size() != images.size()) arguments.Expected("a number an image", "cells");
  std::vector<int32_t> sizes;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] < 1 || cells[i] > images[i].view.height) arguments.Expected("1 ... its image's height", "cells");
    sizes.push_back(cells[i] * height);
    sizes.push_back(height);
  }
  return MakeImages(arguments, std::move(sizes), [=](const MutableImageView& strip, int i) -> Status {
    CellStrip(images[i].view, CellCuts(images[i].view, cells[i]), strip);
    return {};
  });
}

}  // namespace

void InitImageOperations(Napi::Env env, Napi::Object exports) {
  exports.Set("imageFromPixels", Napi::Function::New<ImageFromPixels>(env, "imageFromPixels"));
  exports.Set("imagePixels", Napi::Function::New<ImagePixels>(env, "imagePixels"));
  exports.Set("imageRegion", Napi::Function::New<ImageRegion>(env, "imageRegion"));
  exports.Set("turnImage", Napi::Function::New<TurnImage>(env, "turnImage"));
  exports.Set("resizeImage", Napi::Function::New<ResizeImage>(env, "resizeImage"));
  exports.Set("warpImage", Napi::Function::New<WarpImage>(env, "warpImage"));
  exports.Set("mosaicImage", Napi::Function::New<MosaicImage>(env, "mosaicImage"));
  exports.Set("randomResizeImage", Napi::Function::New<RandomResizeImage>(env, "randomResizeImage"));
  exports.Set("rectifyImages", Napi::Function::New<RectifyImages>(env, "rectifyImages"));
  exports.Set("rectifyStrips", Napi::Function::New<RectifyStrips>(env, "rectifyStrips"));
  exports.Set("cellStrips", Napi::Function::New<CellStrips>(env, "cellStrips"));
}

}  // namespace placard

#ifndef PLACARD_DEVICE_TENSOR_H_
#define PLACARD_DEVICE_TENSOR_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "base/image_view.h"

namespace placard {

// Floats of a dense row-major shape; the memory belongs to `owner` and is shared by copies.
struct Tensor {
  std::vector<int64_t> shape;
  float* data = nullptr;
  std::shared_ptr<void> owner;

  int64_t size() const;
};

// Interleaved 8-bit pixels with shared ownership.
struct Image {
  MutableImageView view;
  std::shared_ptr<void> owner;
};

// Uninitialized; `data` is null if the memory could not be had.
Tensor AllocateTensor(std::vector<int64_t> shape);
Image AllocateImage(int width, int height, int channels);

}  // namespace placard

#endif  // PLACARD_DEVICE_TENSOR_H_

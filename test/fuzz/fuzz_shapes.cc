#include <cstddef>
#include <cstdint>

#include "shapes/shape_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  placard::CheckShapes(data, size);
  return 0;
}

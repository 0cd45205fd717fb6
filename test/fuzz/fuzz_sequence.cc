#include <cstddef>
#include <cstdint>

#include "sequence/sequence_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  placard::CheckSequence(data, size);
  return 0;
}

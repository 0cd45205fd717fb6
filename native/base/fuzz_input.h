#ifndef PLACARD_BASE_FUZZ_INPUT_H_
#define PLACARD_BASE_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

// Stops a fuzzer's run, or the test that repeats it, where a property does not hold.
#define PLACARD_REQUIRE(condition)          \
  do {                                      \
    if (!(condition)) __builtin_trap();     \
  } while (false)

namespace placard {

// Values out of a fuzzer's bytes; zeros once they are used up.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : data_(data), left_(size) {}

  bool empty() const { return left_ == 0; }

  template <typename T>
  T Take() {
    T value{};
    const size_t count = std::min(sizeof(T), left_);
    if (count > 0) std::memcpy(&value, data_, count);
    data_ += count;
    left_ -= count;
    return value;
  }

  uint8_t Byte() { return Take<uint8_t>(); }
  int Below(int limit) { return Take<uint16_t>() % limit; }

  // Mostly a number of [0, 1]; now and then one that is no probability, or any four bytes.
  float Probability() {
    const uint8_t byte = Byte();
    switch (byte) {
      case 255: return std::numeric_limits<float>::quiet_NaN();
      case 254: return std::numeric_limits<float>::infinity();
      case 253: return -std::numeric_limits<float>::infinity();
      case 252: return Take<float>();
      default: return static_cast<float>(byte) / 250;
    }
  }

 private:
  const uint8_t* data_;
  size_t left_;
};

// A seeded corpus for tests: `entry(bytes)` is called with byte strings of many lengths, some random throughout, some in
// long stretches of one value.
template <typename Entry>
void ForRandomInputs(uint32_t seed, int count, size_t most_bytes, Entry entry) {
  std::mt19937 random(seed);
  for (int i = 0; i < count; ++i) {
    std::vector<uint8_t> bytes(random() % most_bytes);
    const uint32_t longest_stretch = 1 + (random() % 4 == 0 ? random() % 64 : 0);
    for (size_t at = 0; at < bytes.size();) {
      const auto value = static_cast<uint8_t>(random());
      for (uint32_t left = 1 + random() % longest_stretch; left > 0 && at < bytes.size(); --left) bytes[at++] = value;
    }
    entry(bytes);
  }
}

}  // namespace placard

#endif  // PLACARD_BASE_FUZZ_INPUT_H_

#ifndef PLACARD_SHAPES_BIT_MAP_H_
#define PLACARD_SHAPES_BIT_MAP_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace placard {

// One bit a pixel. Column x of a row is bit x % 64 of its word x / 64; spare bits of a row's last word are 0.
class BitMap {
 public:
  // All bits 0. Keeps the memory that it has.
  void Reset(int width, int height) {
    width_ = std::max(0, width);
    height_ = std::max(0, height);
    words_.assign(static_cast<size_t>(words_in_row()) * static_cast<size_t>(height_), 0);
  }

  int width() const { return width_; }
  int height() const { return height_; }
  int words_in_row() const { return (width_ + 63) / 64; }
  uint64_t* row(int y) { return words_.data() + Place(y); }
  const uint64_t* row(int y) const { return words_.data() + Place(y); }
  bool at(int x, int y) const { return (row(y)[x >> 6] >> (x & 63) & 1) != 0; }

  // Sets the columns [begin, end) of a row, begin < end.
  void Fill(int y, int begin, int end) {
    uint64_t* words = row(y);
    const int first = begin >> 6, last = (end - 1) >> 6;
    const uint64_t head = ~uint64_t{0} << (begin & 63), tail = ~uint64_t{0} >> (63 - ((end - 1) & 63));
    if (first == last) {
      words[first] |= head & tail;
      return;
    }
    words[first] |= head;
    std::fill(words + first + 1, words + last, ~uint64_t{0});
    words[last] |= tail;
  }

 private:
  size_t Place(int y) const { return static_cast<size_t>(y) * static_cast<size_t>(words_in_row()); }

  int width_ = 0;
  int height_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace placard

#endif  // PLACARD_SHAPES_BIT_MAP_H_

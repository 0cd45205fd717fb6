#include "shapes/watershed.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <vector>

namespace placard {
namespace {

constexpr int32_t kWaiting = -2;

class Flood {
 public:
  Flood(std::span<const uint8_t> levels, int width, int height, std::span<int32_t> labels)
      : levels_(levels), labels_(labels), width_(width), height_(height), around_{-1, 1, -width, width} {}

  void Run() {
    DrawFrame();
    for (int y = 1; y + 1 < height_; ++y) {
      for (int x = 1; x + 1 < width_; ++x) StartAt(y * width_ + x);
    }
    for (int step = 0; step < 256;) {
      Queue& queue = queues_[static_cast<size_t>(step)];
      if (queue.next == queue.places.size()) {
        ++step;
        continue;
      }
      step = std::min(step, Take(queue.places[queue.next++]));
    }
  }

 private:
  // First in, first out.
  struct Queue {
    std::vector<int> places;
    size_t next = 0;
  };

  int32_t& LabelAt(int place) { return labels_[static_cast<size_t>(place)]; }

  int Difference(int a, int b) const {
    return std::abs(levels_[static_cast<size_t>(a)] - levels_[static_cast<size_t>(b)]);
  }

  void Append(int place, int step) {
    queues_[static_cast<size_t>(step)].places.push_back(place);
    LabelAt(place) = kWaiting;
  }

  // Every other pixel has four neighbors.
  void DrawFrame() {
    for (int x = 0; x < width_; ++x) LabelAt(x) = LabelAt((height_ - 1) * width_ + x) = kWatershed;
    for (int y = 0; y < height_; ++y) LabelAt(y * width_) = LabelAt(y * width_ + width_ - 1) = kWatershed;
  }

  // Lets a pixel beside markers wait.
  void StartAt(int place) {
    if (LabelAt(place) != 0) return;
    int least = 256;
    for (const int to : around_) {
      if (LabelAt(place + to) > 0) least = std::min(least, Difference(place, place + to));
    }
    if (least < 256) Append(place, least);
  }

  // Labels a pixel and lets its neighbors wait. Gives the least step among theirs, or 256.
  int Take(int place) {
    int32_t label = 0;
    for (const int to : around_) {
      const int32_t beside = LabelAt(place + to);
      if (beside > 0) label = label == 0 || label == beside ? beside : kWatershed;
    }
    LabelAt(place) = label;
    int least = 256;
    if (label == kWatershed) return least;
    for (const int to : around_) {
      if (LabelAt(place + to) != 0) continue;
      const int step = Difference(place, place + to);
      Append(place + to, step);
      least = std::min(least, step);
    }
    return least;
  }

  const std::span<const uint8_t> levels_;
  const std::span<int32_t> labels_;
  const int width_, height_;
  const std::array<int, 4> around_;
  std::array<Queue, 256> queues_;
};

}  // namespace

void Watershed(std::span<const uint8_t> levels, int width, int height, std::span<int32_t> labels) {
  if (width > 0 && height > 0) Flood(levels, width, height, labels).Run();
}

}  // namespace placard
